"""Values of every type at its ends, through every way that data takes here, come out as they went in.

File -> topic (replay) -> Flink -> topic and lake; topic of Flink -> Spark -> lake; file -> Spark -> lake; and Trino's
reading of the topics. What is compared is what Python wrote into the file.
"""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from live_platform import Live, teardown
from values_of_types import made, spelled

from rosace.engines.trino.columns import stored_type
from rosace.engines.trino.live import query
from rosace.model.columns import ColumnType

pytestmark = pytest.mark.live

COLUMNS = {
    "id": "int!", "s": "string", "i": "int", "n": "bigint", "f": "double", "b": "boolean", "y": "date",
    "t3": "timestamp(3)", "t6": "timestamp(6)", "d": "decimal(10,2)", "w": "decimal(38,0)", "e": "decimal(38,10)",
    "z": "decimal(38,38)", "sm": "smallint", "fl": "float", "bin": "binary", "ti": "time(3)", "z3": "timestamptz(3)",
    "z6": "timestamptz(6)", "u": "uuid",
}  # fmt: skip

NESTED = {
    "ints": "array<int>", "lines": "array<row<skuName string!, qty smallint, price decimal(38,10), at timestamp(6)>>",
    "seen": "map<string, timestamptz(3)>", "flags": "array<map<string, boolean>>",
    "deep": "row<a bigint, b row<c array<float>, d binary, e date>, f map<string, array<decimal(10,2)>>>",
    "far": "array<array<row<m map<string, row<x array<decimal(38,38)>, u uuid, t time(6), r row<b boolean>>>, n int>>>",
    "ids": "array<uuid>", "when": "row<t time(6), y date, z timestamptz(6), day array<date>, x double>",
}  # fmt: skip
ALL = {**COLUMNS, **NESTED}

ROWS: list[dict[str, Any]] = [
    {},
    {"s": "é漢\U0001f600 \"'\\ \t", "i": 2147483647, "n": 9223372036854775807, "f": 1.7976931348623157e308, "b": True,
     "y": date(9999, 12, 31), "t3": datetime(9999, 12, 31, 23, 59, 59, 999000),
     "t6": datetime(9999, 12, 31, 23, 59, 59, 999999), "d": Decimal("99999999.99"), "w": Decimal(10**38 - 1),
     "e": Decimal("9999999999999999999999999999.9999999999"), "z": Decimal("0." + "9" * 38)},
    {"s": "", "i": -2147483648, "n": -9223372036854775808, "f": 5e-324, "b": False, "y": date(1900, 1, 1),
     "t3": datetime(1900, 1, 1, 0, 0, 0, 1000), "t6": datetime(1969, 12, 31, 23, 59, 59, 999999),
     "d": Decimal("-0.01"), "w": Decimal(1 - 10**38), "e": Decimal("-0.0000000001"),
     "z": Decimal("-0." + "0" * 37 + "1")},
    {"s": "null", "i": 0, "n": 9007199254740993, "f": 0.1, "y": date(2024, 2, 29), "t3": datetime(2024, 3, 31, 2, 30),
     "t6": datetime(2024, 10, 27, 2, 30, 0, 1), "d": Decimal("0.00"), "w": Decimal(10**37),
     "e": Decimal("1234567890123456789012345678.0123456789"), "z": Decimal(0)},
]  # fmt: skip
# The double nearest to its shortest text, 7.038531e-26, lies halfway to the next float: read by way of it one errs.
ROWS += [{"fl": struct.unpack("<f", struct.pack("<I", 363742205))[0]}]
ROWS += [
    {"n": 10**18 + 7 * n, "f": 1 / (n + 3), "d": Decimal(n * 37).scaleb(-2), "w": Decimal("123456789" * 4) + n,
     "e": Decimal(f"{n}234567.8901234567"), "t6": datetime(2024, 1, 1, 0, 0, n, n), "s": f"{n}.10"}
    for n in range(20)
]  # fmt: skip

DICE = random.Random("types")
ROWS += [{name: made(ColumnType.parse(kind), DICE) for name, kind in ALL.items() if name != "id"} for _ in range(150)]

PLATFORM = """\
platform: types
topics:
  fed: {{columns: {columns}, partitions: 2}}
  copied: {{columns: {columns}}}
tables:
  by_flink: {{like: fed}}
  by_spark: {{like: fed}}
  loaded: {{like: fed}}
  parts: {{columns: {{id: int!, sku: string!, qty: smallint, price: "decimal(38,10)", day: timestamp(6)}}}}
  seen: {{columns: {{id: int!, place: string!, at: timestamptz(3)}}}}
sources:
  rows: {{file: rows.jsonl, to: fed}}
  same: {{file: rows.jsonl, to: lake.loaded}}
jobs:
  copy: {{engine: flink, sql: copy.sql, checkpoint: 1s}}
  land: {{engine: spark, sql: land.sql, checkpoint: 1s}}
verify: {{lake.parts: parts.sql, lake.seen: seen.sql}}
queries:
  count: {{sql: count.sql}}
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    tmp = tmp_path_factory.mktemp("types")
    folder = tmp / "types"
    folder.mkdir()
    write(folder)
    live = Live(folder, tmp / "state")
    try:
        live.up_verified()
        yield live
    finally:
        teardown(live)


PARTS = """
INSERT INTO lake.parts SELECT f.id, l.sku, l.qty, l.price, l.`day`
FROM fed f CROSS JOIN UNNEST(f.lines) AS l (sku, qty, price, `day`) WHERE l.sku IS NOT NULL;
"""
SEEN = "INSERT INTO lake.seen SELECT id, place, at FROM copied LATERAL VIEW explode(seen) s AS place, at;\n"
ORACLES = {
    "parts": """SELECT id, l.skuName AS sku, l.qty AS qty, l.price AS price, l.at AS day
FROM (SELECT id, unnest(lines) AS l FROM "rows") WHERE l.skuName IS NOT NULL""",
    "seen": """SELECT id, e.key AS place, e.value AS at FROM (SELECT id, unnest(map_entries(seen)) AS e FROM "rows")""",
}
"""What Flink and Spark take apart, and what DuckDB makes of the same files."""


def write(folder: Path) -> None:
    lines = [{"id": number, **row} for number, row in enumerate(ROWS)]
    written = ["{" + ", ".join(f'"{name}": {spelled(value)}' for name, value in line.items()) + "}" for line in lines]
    (folder / "rows.jsonl").write_text("\n".join(written), encoding="utf-8")
    columns = "{" + ", ".join(f'{name}: "{kind}"' for name, kind in ALL.items()) + "}"
    (folder / "platform.yaml").write_text(PLATFORM.format(columns=columns), encoding="utf-8")
    names = ", ".join(f"`{name}`" for name in ALL)
    copy = f"INSERT INTO copied SELECT {names} FROM fed;\nINSERT INTO lake.by_flink SELECT {names} FROM fed;\n"
    land = f"INSERT INTO lake.by_spark SELECT {names} FROM copied;\n"
    for name, text in {"copy": copy + PARTS, "land": land + SEEN, **ORACLES}.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    (folder / "count.sql").write_text("SELECT count(*) AS n FROM lake.by_spark\n", encoding="utf-8")


def test_the_proof_finds_every_flow_exact(live: Live) -> None:
    results = {flow["name"] + " " + flow["target"]: flow["result"] for flow in live.proof["flows"]}
    assert set(results.values()) == {"exact"}, live.proof
    assert len(results) == 7


@pytest.mark.parametrize("place", ["fed", "copied", "lake.by_flink", "lake.by_spark", "lake.loaded"])
def test_trino_reads_what_was_written(live: Live, place: str) -> None:
    """As text that Trino itself makes of each value, so that nothing on the way to the test can alter it."""
    shown = ", ".join(f'{shown_as(name)} AS "{name}"' for name in COLUMNS)
    found = live.sql(f'SELECT {shown} FROM {place} ORDER BY "id"')
    found.sort(key=lambda row: int(row["id"]))
    assert len(found) == len(ROWS)
    for number, (row, told) in enumerate(zip(ROWS, found, strict=True)):
        for name, kind in COLUMNS.items():
            wanted = {"id": number, **row}.get(name)
            assert same(told[name], wanted, kind), f"row {number}, {name}: {told[name]!r} for {wanted!r}"


@pytest.mark.parametrize("place", ["lake.by_flink", "lake.by_spark", "lake.loaded"])
def test_a_table_has_the_same_types_whoever_made_it(live: Live, place: str) -> None:
    """An instant is one to every reader of the table's files, also to those that take a time without zone as local."""
    shown = ", ".join(f'typeof("{name}") AS "{name}"' for name in ALL)
    (told,) = live.sql(f"SELECT {shown} FROM {place} LIMIT 1")
    assert told == {name: stored_type(ColumnType.parse(kind)).replace('"', "") for name, kind in ALL.items()}


def shown_as(name: str) -> str:
    if COLUMNS[name] == "float":
        # Trino's own text of a real has seven digits, which do not tell every two apart.
        return f'CAST(CAST("{name}" AS double) AS varchar)'
    return f'to_base64("{name}")' if COLUMNS[name] == "binary" else f'CAST("{name}" AS varchar)'


@pytest.mark.parametrize("place", ["fed", "copied", "lake.by_flink", "lake.by_spark"])
def test_trino_finds_what_is_nested_the_same_everywhere(live: Live, place: str) -> None:
    """Trino compares each nested column with that of the loaded table, which the proof compared with the file."""
    differs = ", ".join(f'count_if(a."{name}" IS DISTINCT FROM b."{name}") AS "{name}"' for name in NESTED)
    (found,) = live.sql(f'SELECT {differs}, count(*) AS "n" FROM {place} a JOIN lake.loaded b ON a."id" = b."id"')
    assert found == {**dict.fromkeys(NESTED, 0), "n": len(ROWS)}


def test_query_shows_what_is_nested(live: Live) -> None:
    number, row = next((n, row) for n, row in enumerate(ROWS) if row.get("lines"))
    for place in ("copied", "lake.by_spark"):
        (found,) = live.sql(f'SELECT "lines", "seen" FROM {place} WHERE "id" = {number}')
        assert [line["skuName"] for line in found["lines"]] == [line["skuName"] for line in row["lines"]]


LINE = "row(skuName varchar, qty integer, price decimal(38,10), at timestamp(6))"
DEEP = "row(a bigint, b row(c array(real), d varbinary, e date), f map(varchar, array(decimal(10,2))))"
ALTERED = {
    "sm": '"sm" + 1', "fl": '"fl" / REAL \'3\'', "bin": '"bin" || X\'00\'',
    "ti": "'23:59:58.987'", "u": "'00000000-0000-0000-0000-000011111111'", "z3": '"z3" + INTERVAL \'0.001\' SECOND',
    "z6": '"z6" + INTERVAL \'0.001\' SECOND', "ints": '"ints" || 1',
    "flags": 'ARRAY[CAST(NULL AS map(varchar, boolean))] || "flags"',
    "seen": 'map_filter("seen", (k, v) -> false)', "ids": 'slice("ids", 2, 99)', "when": "NULL",
    "lines": f'transform("lines", x -> CAST(ROW(x.skuName || \' \', x.qty, x.price, x.at) AS {LINE}))',
    "deep": f'CAST(ROW("deep".a + 1, "deep".b, "deep".f) AS {DEEP})',
}  # fmt: skip
"""SQL of Trino's that alters a value of each type that is not null, by little."""


def test_an_alteration_of_each_type_is_found(live: Live) -> None:
    """Behind the platform's back, in a row of its own for each column."""
    rows = iter(range(len(ROWS) - 150, len(ROWS)))
    port = live.status()["processes"]["trino"]["ports"]["http"]
    for name, value in ALTERED.items():
        number = next(row for row in rows if alterable(ROWS[row].get(name)))
        change = f'UPDATE lake.types.by_flink SET "{name}" = {value} WHERE "id" = {number}'
        query(f"http://127.0.0.1:{port}", "somebody", change)
    report = live.verify(code=1)
    (found,) = (flow for flow in report["flows"] if flow["target"] == "lake.by_flink")
    assert (found["altered"] + found["unexpected"], found["duplicated"]) == (len(ALTERED), 0), found
    others = [flow["result"] for flow in report["flows"] if flow["target"] != "lake.by_flink"]
    assert set(others) == {"exact"}


def alterable(value: Any) -> bool:
    """Whether there is something to alter: no null, nothing empty, room for one more."""
    if isinstance(value, list):
        return bool(value) and None not in value
    return value not in (None, {}, 32767) and not (isinstance(value, dict) and value.get("a", 0) is None)


def same(told: str | None, wanted: Any, kind: str) -> bool:
    if told is None or wanted is None:
        return told is None and wanted is None
    if kind.startswith("decimal"):
        return Decimal(told) == wanted
    if kind == "double":
        return float(told) == wanted
    if kind == "float":
        return struct.pack("f", float(told)) == struct.pack("f", wanted)
    if kind == "binary":
        return base64.b64decode(told) == wanted
    if kind.startswith("timestamptz"):
        return datetime.fromisoformat(told.removesuffix(" UTC")) == wanted
    if kind.startswith("timestamp"):
        return datetime.fromisoformat(told) == wanted
    return told == (str(wanted).lower() if isinstance(wanted, bool) else str(wanted))
