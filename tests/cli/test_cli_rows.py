"""Rows of an answer in each form: every digit, every letter, page by page."""

from __future__ import annotations

import csv as standard
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet as read

from rosace.cli import rows
from rosace.source.diagnostic import Refused


@dataclass
class Column:
    name: str
    type: str = "varchar"
    kind: Any = None

    def arrow(self) -> tuple[Any, Callable[[Any], Any] | None]:
        return self.kind or pa.string(), None


COLUMNS = [
    Column("year", kind=pa.int64()),
    Column("what"),
    Column("sum", kind=pa.float64()),
    Column("paid", kind=pa.decimal128(20, 2)),
    Column("day", kind=pa.date32()),
    Column("at", kind=pa.timestamp("us", "UTC")),
]
ROWS: list[tuple[Any, ...]] = [
    (
        2013,
        'a "b", c',
        1234567.891,
        Decimal("12345678901234.50"),
        date(2013, 1, 1),
        datetime(2013, 1, 1, 5, tzinfo=UTC),
    ),
    (None, "", 3.0, None, None, None),
    (-1, "two\nlines ☃", 1e300, Decimal("0.00"), date(1, 1, 1), datetime(2013, 1, 1, 5, 0, 0, 7, tzinfo=UTC)),
]


def pages(size: int = 1) -> Iterator[list[tuple[Any, ...]]]:
    for at in range(0, len(ROWS), size):
        yield ROWS[at : at + size]


def text_of(write: Callable[..., int]) -> str:
    out = io.BytesIO()
    assert write(COLUMNS, pages(), out) == len(ROWS)
    return out.getvalue().decode()


def test_csv_is_read_back_by_another_reader() -> None:
    text = text_of(rows.csv)
    back = list(standard.reader(io.StringIO(text)))
    assert back[0] == [column.name for column in COLUMNS]
    assert back[1] == ["2013", 'a "b", c', "1234567.891", "12345678901234.50", "2013-01-01", "2013-01-01T05:00:00Z"]
    assert back[3][1] == "two\nlines ☃"
    assert text.splitlines()[2] == ',"",3.0,,,', "NULL is nothing, an empty text is two quotes"


def test_json_and_lines_say_the_same() -> None:
    array = json.loads(text_of(rows.array))
    assert [json.loads(line) for line in text_of(rows.jsonl).splitlines()] == array
    assert array[0]["year"] == 2013 and array[0]["paid"] == "12345678901234.50"
    assert array[1] == {"year": None, "what": "", "sum": 3.0, "paid": None, "day": None, "at": None}
    out = io.BytesIO()
    assert rows.array(COLUMNS, iter(()), out) == 0
    assert json.loads(out.getvalue()) == []


def test_what_json_has_no_word_for_is_null() -> None:
    out = io.BytesIO()
    rows.jsonl([Column("x")], [[(float("nan"),), (float("inf"),)]], out)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [{"x": None}] * 2


def test_parquet_has_the_types() -> None:
    out = io.BytesIO()
    assert rows.parquet(COLUMNS, pages(2), out) == len(ROWS)
    table = read.read_table(io.BytesIO(out.getvalue()))
    assert table.schema.field("paid").type == pa.decimal128(20, 2)
    assert [tuple(row.values()) for row in table.to_pylist()] == ROWS


def test_parquet_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(Refused, match="two columns are named `a`"):
        rows.parquet([Column("a"), Column("a")], [], io.BytesIO())
    with pytest.raises(Refused, match="no place in Parquet"):
        rows.parquet([Column("a", kind=pa.int8())], [[(1000,)]], io.BytesIO())


def drawn(room: int | None, more: list[tuple[Any, ...]] | None = None) -> list[str]:
    table = rows.Table(COLUMNS, room)
    table.measure(ROWS)
    return [*table.draw(ROWS), *table.draw(more or [])]


def test_a_table_rounds_and_groups_nothing() -> None:
    lines = drawn(None)
    assert "2013" in lines[2] and "1234567.891" in lines[2] and "12345678901234.50" in lines[2]
    assert "two\\nlines ☃" in lines[4]
    assert len({line.find("2013-01-01T05") for line in (lines[2], lines[4])}) == 1, "aligned"


def test_wide_rows_turn_on_their_side() -> None:
    narrow = drawn(40)
    assert narrow[:2] == ["row 1", "  year  2013"]
    assert narrow.count("row 3") == 1
    assert drawn(200)[0].startswith(" year")


def test_no_more_pages_than_wanted() -> None:
    taken: list[int] = []

    def counted() -> Iterator[list[tuple[Any, ...]]]:
        for number in range(100):
            taken.append(number)
            yield [(number,)] * 10

    assert sum(map(len, rows.first(counted(), 25))) == 25
    assert taken == [0, 1, 2]


WRITER = """
import sys
from rosace.cli import rows, streams
streams.ready()
class Column:
    name, type = "n", "bigint"
    def arrow(self):
        import pyarrow
        return pyarrow.int64(), None
pages = ([(n,) for n in range(at, at + 1000)] for at in range(0, 200_000, 1000))
count = getattr(rows, sys.argv[1])([Column()], rows.first(pages, 0), streams.Bytes())
print(count, file=sys.stderr)
sys.exit(streams.finished(0))
"""


def written(form: str, to: str) -> tuple[int, str]:
    """How it ends, and how many rows were asked for, where stdout leads to the words `to` of a shell."""
    command = [sys.executable, "-c", WRITER, form]
    done = subprocess.run(
        ["bash", "-c", f'"$@" {to}; exit ${{PIPESTATUS[0]}}', "_", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_parquet_goes_to_stdout(tmp_path: Path) -> None:
    assert written("parquet", f"> '{tmp_path}/x.parquet'") == (0, "200000\n")
    assert read.read_table(tmp_path / "x.parquet")["n"].to_pylist() == list(range(200_000))


@pytest.mark.parametrize("form", ["csv", "jsonl", "array"])
def test_nobody_reads_on_and_no_more_is_fetched(form: str) -> None:
    """`rosace query ... | head -1`: the answer stands, and the rest of it is not asked for."""
    code, said = written(form, "| head -1")
    assert code == 0
    assert int(said) < 200_000


def test_a_full_disk_is_told() -> None:
    code, said = written("csv", "> /dev/full")
    assert code == 2
    assert "No space left on device" in said
