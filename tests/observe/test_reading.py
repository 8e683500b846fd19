"""The proof's own reader: it agrees with the replay's where both are right, and finds each where one is wrong."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.engines.kafka.staging import stage
from rosace.kit import files, files_sql
from rosace.model.columns import ColumnType
from rosace.model.sources import Source
from rosace.observe.verify.batches import Loader, MisreadError
from rosace.observe.verify.compare import Difference, compare
from rosace.observe.verify.files import object_of, read
from rosace.observe.verify.nested_sql import as_texts
from rosace.observe.verify.values import Unfit, meaning

NULLS = Source(file="any", to="any", nulls="NULL")

KINDS = (
    *("string", "int", "bigint", "double", "boolean", "date", "timestamp(3)", "timestamp(6)"),
    *("decimal(10,2)", "decimal(38,0)", "decimal(38,10)", "decimal(38,38)"),
    *("smallint", "float", "binary", "time(3)", "time(6)", "timestamptz(3)", "timestamptz(6)", "uuid"),
)
NESTED = ("array<decimal(38,10)>", "map<string, timestamptz(6)>", "row<a bigint, b row<c array<float>, d binary>>")

FILES = [
    *((kind, format) for kind in KINDS for format in ("csv", "jsonl", "parquet")),
    *((kind, format) for kind in NESTED for format in ("jsonl", "parquet")),
]

ENDS: dict[str, list[Any]] = {
    "string": ["a\0b", "é漢\U0001f600", "", "1.10", "\"'\\"],
    "int": [2147483647, -2147483648, 0],
    "bigint": [9223372036854775807, -9223372036854775808, 9007199254740993],
    "double": [0.1, 1.7976931348623157e308, 5e-324, -12.5],
    "boolean": [True, False],
    "date": [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29)],
    "timestamp(3)": [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999000)],
    "timestamp(6)": [datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(9999, 12, 31, 23, 59, 59, 999999)],
    "smallint": [32767, -32768, 0],
    "float": [0.10000000149011612, 3.4028234663852886e38, 1.401298464324817e-45, -12.5],
    "binary": [b"", b"\0\xff\x80", bytes(range(256))],
    "time(3)": ["00:00:00.000", "23:59:59.999", "12:00:00.100"],
    "time(6)": ["00:00:00.000001", "23:59:59.999999"],
    "timestamptz(3)": [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999000)],
    "timestamptz(6)": [datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(9999, 12, 31, 23, 59, 59, 999999)],
    "uuid": ["00000000-0000-0000-0000-000000000000", "f47ac10b-58cc-4372-a567-0e02b2c3d479"],
    "array<decimal(38,10)>": [
        [],
        [None],
        [Decimal("1234567890123456789012345678.0123456789"), Decimal("-0.0000000001")],
    ],
    "map<string, timestamptz(6)>": [
        {},
        {"": None},
        {"a/b~c": datetime(1969, 12, 31, 23, 59, 59, 999999), "é=\"'": datetime(1, 1, 1)},
    ],
    "row<a bigint, b row<c array<float>, d binary>>": [
        {"a": 9007199254740993, "b": None},
        {"a": None, "b": {"c": [0.10000000149011612, None], "d": b"\0\xff"}},
        {"a": -1, "b": {"c": None, "d": None}},
        {"a": None, "b": {"c": [], "d": b""}},
    ],
    "decimal(10,2)": [Decimal("99999999.99"), Decimal("-0.01")],
    "decimal(38,0)": [Decimal(10**38 - 1), Decimal(1 - 10**38)],
    "decimal(38,10)": [Decimal("1234567890123456789012345678.0123456789"), Decimal("-0.0000000001")],
    "decimal(38,38)": [Decimal("0." + "9" * 38), Decimal("-0." + "0" * 37 + "1")],
}
"""Values at the ends of each type."""

ALTERED = {
    "string": "x || '+'", "boolean": "NOT x", "date": "x + CASE WHEN x > DATE '5000-01-01' THEN -1 ELSE 1 END",
    "double": "x * 0.5 + 1", "float": "x * 0.5 + 1", "uuid": "translate(x, '0f', '1e')",
    "time(3)": "translate(x, '09', '18')", "time(6)": "translate(x, '09', '18')",
    "binary": "x || '\\x00'::BLOB",
    "array<decimal(38,10)>": "list_append(x, NULL)",
    "map<string, timestamptz(6)>": "map_concat(x, MAP {'+': NULL::TIMESTAMP})",
    "row<a bigint, b row<c array<float>, d binary>>": "struct_pack(a := coalesce(x.a, 0) + 1, b := x.b)",
    "timestamptz(3)": "x + CASE WHEN year(x) > 5000 THEN -1 ELSE 1 END * INTERVAL 1 MILLISECOND",
    "timestamptz(6)": "x + CASE WHEN year(x) > 5000 THEN -1 ELSE 1 END * INTERVAL 1 MICROSECOND",
    "timestamp(3)": "x + CASE WHEN year(x) > 5000 THEN -1 ELSE 1 END * INTERVAL 1 MILLISECOND",
    "timestamp(6)": "x + CASE WHEN year(x) > 5000 THEN -1 ELSE 1 END * INTERVAL 1 MICROSECOND",
}  # fmt: skip
"""SQL that alters a value as little as its type can; numbers get one unit of their last digit."""


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for macro in files_sql.MACROS:
            connection.execute(macro)
        yield connection


def spelled(kind: str) -> list[str]:
    """Texts of every sort, half of them hardly values of the kind."""
    dice = random.Random(kind)
    numbers = [f"{dice.choice(['', '-', '+'])}{dice.randrange(10 ** dice.randrange(1, 42))}" for _ in range(300)]
    pointed = [f"{text[:at]}.{text[at:]}" for text in numbers for at in [dice.randrange(len(text) + 1)]]
    powers = [f"{text}{dice.choice('eE')}{dice.choice(['', '-', '+'])}{dice.randrange(45)}" for text in pointed]
    days = [f"{dice.randrange(12000):04}-{dice.randrange(14):02}-{dice.randrange(33):02}" for _ in range(300)]
    clocks = [f"{dice.randrange(26):02}:{dice.randrange(62):02}:{dice.randrange(62):02}" for _ in range(300)]
    fractions = [f"{clock}.{dice.randrange(10 ** dice.randrange(1, 9))}{'0' * dice.randrange(3)}" for clock in clocks]
    zones = ["", "Z", "+02:00", "-0330", "+18", "+19:00", " +01:00", "+0:30", "+01:60", "UTC", "z"]
    times = [f"{day}{dice.choice('T T_')}{dice.choice([*clocks, *fractions])}{dice.choice(zones)}" for day in days]
    words = [
        "",
        " ",
        "true",
        "FALSE",
        "t",
        "no",
        "on",
        "nan",
        "-Inf",
        "infinity",
        "1e400",
        "-1e-400",
        "0e999",
        "1_0",
        "0x1",
    ]
    words += ["f47ac10b-58cc-4372-a567-0e02b2c3d479", "F47AC10B-58CC-4372-A567-0E02B2C3D479", "{f47ac10b-58cc}"]
    words += [f"{dice.getrandbits(32):08x}-{dice.getrandbits(16):04x}-0000-0000-{dice.getrandbits(48):012X}"]
    words += ["QQ==", "QR==", "YWJj", "YWJ", "YW Jj", "16777217", "16777219.0000000001", "3.4028235677973366e38"]
    words += [
        "1.00000017881393432617187499",
        "1.00000017881393432617187501",
        "7e-46",
        "8e-46",
        "3.5e38",
        *clocks,
        *fractions,
    ]
    words += [
        "epoch",
        "24:00",
        "2024/1/2",
        "2024-1-2",
        "2024-01-02 00:00",
        "2024-01-02T00:00:00.0",
        "٣",
        "1 2",
        ".",
        "-",
        "e5",
    ]
    padded = [f" {text} " for text in (*numbers[:40], *pointed[:40], *days[:40], *times[:40])]
    return [*numbers, *pointed, *powers, *days, *times, *words, *padded]


@pytest.mark.parametrize("kind", KINDS)
def test_two_readers_are_of_one_opinion(db: duckdb.DuckDBPyConnection, kind: str) -> None:
    column = ColumnType.parse(kind)
    texts = spelled(kind)
    db.execute(f"CREATE TABLE t AS SELECT unnest(?) AS text, 1 AS {files_sql.ROW}", [texts])
    value = files_sql.from_text("text", files.duckdb_type(column), column, "a", "f")
    quiet = value.rpartition(" ELSE error(")[0] + " END"
    theirs = [row[0] for row in db.execute(f"SELECT CAST({quiet} AS VARCHAR) FROM t").fetchall()]
    loader = Loader(db, "ours", {"a": ColumnType.parse(kind.rstrip("!"))})
    means = meaning(column)
    read: list[Any] = []
    for text in texts:
        try:
            read.append(means(text))
        except Unfit:
            read.append(None)
    loader.add([read], str)
    ours = [row[0] for row in db.execute("SELECT CAST(a AS VARCHAR) FROM ours").fetchall()]
    odd = [(text, their, our) for text, their, our in zip(texts, theirs, ours, strict=True) if their != our]
    assert not odd, odd[:10]
    assert sum(one is not None for one in ours) > 2
    assert kind == "string" or any(one is None for one in ours)


def described(path: Path, columns: dict[str, str], format: str) -> dict[str, Any]:
    return {"name": "mine", "path": str(path), "format": format, "nulls": "NULL", "order": ["id"], "columns": columns}


def written(folder: Path, kind: str, format: str) -> dict[str, Any]:
    """A file with the values at a type's ends, and one that is nothing."""
    values = [*ENDS[kind], None]
    columns = {"id": "int!", "a": kind}
    path = folder / f"ends.{format}"
    if format == "parquet":
        with duckdb.connect() as connection:
            Loader(connection, "t", {name: ColumnType.parse(text) for name, text in columns.items()}).add(
                [list(range(len(values))), values], str
            )
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    elif format == "csv":
        plain = [base64.b64encode(value).decode() if isinstance(value, bytes) else value for value in values]
        texts = ["NULL" if value is None else '"' + str(value).replace('"', '""') + '"' for value in plain]
        path.write_text("id,a\n" + "".join(f"{n},{text}\n" for n, text in enumerate(texts)), encoding="utf-8")
    else:
        lines = [f'{{"id": {n}, "a": {_json(value)}}}' for n, value in enumerate(values)]
        path.write_text("\n".join(lines), encoding="utf-8")
    return described(path, columns, format)


def _json(value: Any) -> str:
    """As text, every digit of a decimal."""
    match value:
        case Decimal():
            return str(value)
        case bytes():
            return json.dumps(base64.b64encode(value).decode())
        case list():
            return f"[{', '.join(_json(one) for one in value)}]"
        case dict():
            members = (f"{json.dumps(key)}: {_json(one)}" for key, one in value.items())
            return f"{{{', '.join(members)}}}"
        case _:
            return json.dumps(value, default=str)


def judged(db: duckdb.DuckDBPyConnection, source: dict[str, Any], records: Sequence[dict[str, Any]]) -> Difference:
    """What the proof says of records, as they were read back, that are to be a file's."""
    columns = files.columns_of(source)
    expected = Loader(db, "expected", columns)
    for values, where in read(Path(source["path"]), source["format"], columns, NULLS):
        expected.add(values, where)
    Loader(db, "actual", columns).add([[record.get(name) for record in records] for name in columns], str)
    told = [as_texts(relation, columns) for relation in ("expected", "actual")]
    return compare(db, told[0], told[1], list(columns), identity=("id",), key=(), doubles=set())


def replayed(source: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """The records that the replay would send, as a consumer reads them back."""
    return [object_of(value) for _, value in stage(source, [], "mark", folder / "staged").read(0)]


@pytest.mark.parametrize(("kind", "format"), FILES)
def test_what_the_replay_sends_is_what_the_file_holds(
    db: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, format: str
) -> None:
    source = written(tmp_path, kind, format)
    monkeypatch.setattr("rosace.engines.kafka.staging.fingerprint", lambda *_: "mark")
    found = judged(db, source, replayed(source, tmp_path))
    assert (found.lost, found.duplicated, found.altered, found.unexpected) == (0, 0, 0, 0), found.examples
    assert found.expected == found.actual == len(ENDS[kind]) + 1


@pytest.mark.parametrize(("kind", "format"), FILES)
def test_a_replay_that_reads_wrongly_is_found(
    db: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, format: str
) -> None:
    """The replay's reader alters every value of the column by the least that there is."""
    source = written(tmp_path, kind, format)
    column = ColumnType.parse(kind)
    unit = f"CAST('{Decimal(1).scaleb(-column.scale):f}' AS {files.duckdb_type(column)})"
    alter = ALTERED.get(kind) or (f"CASE WHEN starts_with(CAST(x AS VARCHAR), '-') THEN x + {unit} ELSE x - {unit} END")
    true_text, true_typed = files.of_text, files.of_typed

    def wrong(value: str, name: str, column: ColumnType) -> str:
        altered = re.sub(r"\bx\b", lambda _: f"({value})", alter)
        made = f"CASE WHEN ({value}) IS NULL THEN NULL ELSE {altered} END"
        return f"CAST({made} AS {files.duckdb_type(column)})" if name == "a" else value

    monkeypatch.setattr(files, "of_text", lambda t, c, n, f, w, ask: wrong(true_text(t, c, n, f, w, ask), n, c))
    monkeypatch.setattr(files, "of_typed", lambda v, h, c, n, f, ask: wrong(true_typed(v, h, c, n, f, ask), n, c))
    monkeypatch.setattr("rosace.engines.kafka.staging.fingerprint", lambda *_: "mark")
    found = judged(db, source, replayed(source, tmp_path))
    assert found.altered == len(ENDS[kind]), (found.examples, found)


@pytest.mark.parametrize("kind", [*KINDS, *NESTED])
def test_one_altered_value_of_a_table_is_found(db: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str) -> None:
    """Values come as Trino's client gives them, of Python's types."""
    source = written(tmp_path, kind, "jsonl")
    records: list[dict[str, Any]] = [{"id": n, "a": value} for n, value in enumerate([*ENDS[kind], None])]
    assert judged(db, source, records).altered == 0
    records[0]["a"], records[1]["a"] = records[1]["a"], records[0]["a"]
    assert judged(db, source, records).altered == 2
    records[0]["a"] = None
    assert judged(db, source, records).altered == 2


def test_the_former_reader_would_have_hidden_it(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One unit of the last of 18 digits: DuckDB's reader makes the same double of both."""
    source = described(tmp_path / "money.jsonl", {"id": "int!", "a": "decimal(18,2)"}, "jsonl")
    Path(source["path"]).write_text('{"id": 1, "a": 1234567890123456.78}\n', encoding="utf-8")
    altered = '{"id": 1, "a": 1234567890123456.79}'
    (tmp_path / "topic.jsonl").write_text(altered, encoding="utf-8")
    former = "SELECT * FROM read_json(?, format='newline_delimited', columns={id: 'INTEGER', a: 'DECIMAL(18,2)'})"
    seen = [db.execute(former, [str(path)]).fetchall() for path in sorted(tmp_path.glob("*.jsonl"))]
    assert seen[0] == seen[1]
    assert judged(db, source, [object_of(altered)]).altered == 1


def test_a_value_that_is_none_of_its_type_is_told_with_its_place(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    source = described(tmp_path / "bad.jsonl", {"id": "int!"}, "jsonl")
    Path(source["path"]).write_text('{"id": 1}\n\n{"id": 1.5}\n', encoding="utf-8")
    with pytest.raises(MisreadError, match=r"bad.jsonl, row 2, column `id`: `1.5` is not an int"):
        judged(db, source, [])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\r\n\n3,4\r5,6", [("1", "2"), ("3", "4"), ("5", "6")]),
        ('a,b\n"x\r\ny","q""q"\n', [("x\r\ny", 'q"q')]),
        ("a;b\n1;NULL\n", [("1", None)]),
        ("a\n1\n\n2\n\n", [("1",), ("2",)]),
    ],
)
def test_both_readers_cut_a_csv_file_alike(
    db: duckdb.DuckDBPyConnection, tmp_path: Path, text: str, rows: object
) -> None:
    names = text.partition("\n")[0].replace(";", ",").split(",")
    path = tmp_path / "cut.csv"
    path.write_bytes(text.encode())
    source = described(path, dict.fromkeys(names, "string"), "csv")
    columns = files.columns_of(source)
    loader = Loader(db, "ours", columns)
    for values, where in read(path, "csv", columns, NULLS):
        loader.add(values, where)
    files.open_source(db, source, "theirs")
    assert db.execute("FROM ours").fetchall() == rows
    assert db.execute("FROM theirs").fetchall() == rows
