"""A file that is written in its own way means what one in the usual way means, to both readers of files."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.kit.files import describe, open_source
from rosace.kit.files_layout import usual_time
from rosace.model.checked import CheckedSource, Ref
from rosace.model.columns import ColumnType
from rosace.model.sources import Source
from rosace.observe.verify.batches import Loader
from rosace.observe.verify.files import read
from rosace.observe.verify.writing import Writing

FORMATS = (
    *(
        "%d.%m.%Y",
        "%m/%d/%Y %I:%M %p",
        "%Y%m%d",
        "%Y-%j",
        "%d/%b/%Y:%H:%M:%S %z",
        "%d %B %Y %H:%M:%S.%f",
        "100%% %Y/%m/%d",
    ),
    *("epoch-s", "epoch-ms", "epoch-us"),
)


@pytest.fixture(scope="module")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def both(path: Path | list[Path], words: dict[str, Any], columns: dict[str, str], format: str) -> list[tuple[Any, ...]]:
    """The rows of a file, on which the reader of the replay and that of the proof have to agree."""
    paths = path if isinstance(path, list) else [path]
    source = Source.model_validate({"file": "any", "to": "t", **words})
    typed = {name: ColumnType.parse(kind) for name, kind in columns.items()}
    checked = CheckedSource("s", source, Ref("topic", "t"), typed, format, tuple(paths))  # pyright: ignore[reportArgumentType]
    with duckdb.connect() as connection:
        # By way of the description, which goes to another process as JSON.
        described = json.loads(json.dumps(describe(checked, paths)))
        open_source(connection, described, "theirs", scratch=paths[0].parent / "scratch", row_column="row")
        theirs = connection.execute("SELECT * EXCLUDE (row) FROM theirs ORDER BY row").fetchall()
        loader = Loader(connection, "ours", typed)
        for values, where in chain.from_iterable(read(one, format, typed, source) for one in paths):
            loader.add(values, where)
        assert connection.execute("FROM ours").fetchall() == theirs
    return theirs


COLUMNS = {"name": "string", "price": "decimal(10,2)", "count": "bigint", "share": "double", "day": "date"}
WORDS: dict[str, Any] = {
    "columns": {"name": {"from": "Nom réel"}, "day": {"from": "Jour", "format": "%d.%m.%Y"}},
    "decimal": ",",
    "nulls": "-",
}
ROWS = [["Tür; 'groß'", "1234,5", "7", "0,25", "31.12.2024"], ['a"b', "-0,01", "-9", "-1,5e3", "1.2.0999"], ["-"] * 5]
MEANT = [
    ("Tür; 'groß'", Decimal("1234.50"), 7, 0.25, date(2024, 12, 31)),
    ('a"b', Decimal("-0.01"), -9, -1500.0, date(999, 2, 1)),
    (None,) * 5,
]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("separator", [";", "\t", "|", "~", "§"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-15", "utf-16"])
def test_a_csv_file_of_ones_own_kind(
    tmp_path: Path, encoding: str, separator: str, quote: str, *, header: bool, packed: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quotechar=quote, lineterminator="\r\n")
    rows = [["Nom réel", "price", "count", "share", "Jour"], *ROWS]
    writer.writerows(rows[not header :])
    path = tmp_path / ("f.csv.gz" if packed else "f.csv")
    raw = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(raw) if packed else raw)
    words = {**WORDS, "encoding": encoding, "separator": separator, "quote": quote, "header": header}
    if not header:
        words["columns"] = {"day": {"format": "%d.%m.%Y"}}
    assert both(path, words, COLUMNS, "csv") == MEANT


def test_fields_by_number_and_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text("1|5\"|x\n2|6'|y\n", encoding="utf-8")
    words = {"header": False, "quote": "none", "columns": {"size": {"from": 2}, "id": {"from": 1}}}
    assert both(path, words, {"size": "string", "id": "int"}, "csv") == [('5"', 1), ("6'", 2)]


def test_keys_of_json_and_their_encoding(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    lines = [{"User/ID~": 1, "né": "é", "ts": 1700000000123}, {"User/ID~": 2, "ts": "1700000000000"}, {"né": None}]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="latin-1")
    words = {
        "encoding": "latin-1",
        "columns": {"id": {"from": "User/ID~"}, "born": {"from": "né"}, "at": {"from": "ts", "format": "epoch-ms"}},
    }
    found = both(path, words, {"id": "int", "born": "string", "at": "timestamp(3)"}, "jsonl")
    at = datetime(2023, 11, 14, 22, 13, 20)
    assert found == [(1, "é", at.replace(microsecond=123000)), (2, None, at), (None, None, None)]


def test_columns_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    duckdb.sql(
        "SELECT 1 AS \"Ünit\", 1700000000::BIGINT AS s, '31.12.2024' AS d, TIMESTAMP '2024-01-01' AS t"
    ).write_parquet(str(path))
    words = {
        "columns": {
            "unit": {"from": "Ünit"},
            "at": {"from": "s", "format": "epoch-s"},
            "day": {"from": "d", "format": "%d.%m.%Y"},
            "t": {"format": "%Y-%m-%d"},
        }
    }
    columns = {"unit": "int", "at": "timestamp(6)", "day": "date", "t": "timestamp(3)"}
    wanted = (1, datetime(2023, 11, 14, 22, 13, 20), date(2024, 12, 31), datetime(2024, 1, 1))
    assert both(path, words, columns, "parquet") == [wanted]


def test_instants_and_numbers_of_every_width(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a;b;c;d\n02.01.2024 03:04 +0200;02.01.2024;0,5;-7\n", encoding="utf-8")
    words = {
        "decimal": ",",
        "columns": {"a": {"format": "%d.%m.%Y %H:%M %z"}, "b": {"format": "%d.%m.%Y"}},
    }
    columns = {"a": "timestamptz(3)", "b": "timestamptz(6)", "c": "float", "d": "smallint"}
    (found,) = both(path, words, columns, "csv")
    assert [str(one)[:16] for one in found[:2]] == ["2024-01-02 01:04", "2024-01-02 00:00"]
    assert found[2:] == (0.5, -7)


def test_several_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    texts = {"b.csv": "x,id\nb,3\n", "a.csv": "id;x\n1;a\n2;a\n", "c.csv.gz": "id\tx\n4\tc\n"}
    for name, text in texts.items():
        raw = text.encode()
        (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    paths = [tmp_path / name for name in sorted(texts)]
    wanted = [(1, "a"), (2, "a"), (3, "b"), (4, "c")]
    assert both(paths, {}, {"id": "int", "x": "string"}, "csv") == wanted
    assert sorted(path.name for path in (tmp_path / "scratch").iterdir()) == []


def test_a_bad_value_is_told_with_the_file_that_has_it(tmp_path: Path) -> None:
    for name, text in {"a.csv": "id\n1\n", "b.csv": "id\n2\nx\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(duckdb.Error, match=r"b\.csv, row 2, column `id`: `x` is not an int"):
        both([tmp_path / "a.csv", tmp_path / "b.csv"], {}, {"id": "int"}, "csv")


@pytest.mark.parametrize(
    ("kind", "text", "words", "said"),
    [
        ("decimal(10,2)", "1.234,50", {"decimal": ","}, "`1.234,50` is not a decimal(10,2) with a decimal comma"),
        ("int", "1.5", {"decimal": ","}, "`1.5` is not an int with a decimal comma"),
        ("date", "31.02.2024", {"columns": {"a": {"format": "%d.%m.%Y"}}}, "`31.02.2024` is not a date written as %d"),
        (
            "date",
            "1700000001",
            {"columns": {"a": {"format": "epoch-s"}}},
            "`1700000001` is not a date written as",
        ),
        ("timestamp", "x", {"columns": {"a": {"format": "epoch-ms"}}}, "`x` is not a time of the years 1 to 9999"),
    ],
)
def test_a_message_shows_what_the_file_says(
    tmp_path: Path, kind: str, text: str, words: dict[str, Any], said: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"a;b\n{text};\n", encoding="utf-8")
    with pytest.raises(duckdb.Error) as caught:
        both(path, words, {"a": kind}, "csv")
    assert f"f.csv, row 1, column `a`: {said}" in str(caught.value)


def test_an_encoding_that_the_bytes_are_not(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("id\né\n".encode("latin-1"))
    for encoding in ("utf-8", "ascii", "utf-16"):
        with pytest.raises(ValueError, match=r"not (UTF-8|ASCII|UTF-16) text"):
            both(path, {"encoding": encoding}, {"id": "string"}, "csv")
    path.write_bytes(codecs.BOM_UTF8 + b"id\n1\n")
    assert both(path, {}, {"id": "int"}, "csv") == [(1,)]


MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.none())


def written(moment: datetime, format: str, offset: int) -> str:
    """A time as strftime writes it; `%Y` has four digits, which the C library does not see to."""
    if format.startswith("epoch-"):
        amount = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        return f"{Decimal(amount).scaleb({'s': -6, 'ms': -3, 'us': 0}[format.partition('-')[2]]):f}"
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    return zoned.strftime(format.replace("%Y", f"{moment.year:04}"))


def opinions(db: duckdb.DuckDBPyConnection, text: str, format: str) -> tuple[str, str]:
    """What each reader makes of a text."""
    source = Source.model_validate({"file": "f", "to": "t", "columns": {"a": {"format": format}}})
    row = db.execute(f"SELECT {usual_time('x', format)} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchone()
    assert row is not None
    return row[0], Writing.of(source, {"a": ColumnType.parse("timestamp(6)")}).usual([text])[0]


@given(MOMENTS, st.sampled_from(FORMATS), st.integers(-18 * 60, 18 * 60))
def test_times_come_out_as_they_were_written(
    db: duckdb.DuckDBPyConnection, moment: datetime, format: str, offset: int
) -> None:
    text = written(moment, format, offset)
    theirs, ours = opinions(db, text, format)
    assert theirs == ours
    assert "not written" not in ours, text
    found = datetime.fromisoformat(ours).replace(tzinfo=None)
    if format.startswith("epoch-"):
        assert found == moment
    elif "%z" in format:
        assert found == (moment.replace(microsecond=0) - timedelta(minutes=offset))
    else:
        assert found.date() == moment.date()


@given(MOMENTS, st.sampled_from(FORMATS), st.integers(0, 40), st.sampled_from([*" 0129-+:/.%ZAPazé\t", "٣", ""]))
def test_of_texts_that_are_nearly_times_both_say_the_same(
    db: duckdb.DuckDBPyConnection, moment: datetime, format: str, at: int, sign: str
) -> None:
    text = written(moment, format, 90)
    place = at % (len(text) + 1)
    for damaged in (text[:place] + sign + text[place:], text[:place] + sign + text[place + 1 :]):
        theirs, ours = opinions(db, damaged, format)
        assert theirs == ours, damaged


def test_utc_is_what_offsets_lead_to(db: duckdb.DuckDBPyConnection) -> None:
    moment = datetime(2024, 2, 29, 23, 30, tzinfo=timezone(-timedelta(hours=5)))
    theirs, ours = opinions(db, moment.strftime("%Y-%m-%d %H:%M %z"), "%Y-%m-%d %H:%M %z")
    assert theirs == ours == moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
