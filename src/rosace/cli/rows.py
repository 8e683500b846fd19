"""Rows of an answer, written as they come: for people, CSV, JSON, JSON lines, Parquet.

Comes in: columns and pages of rows. Goes out: text or bytes, page by page; memory holds one page, however many follow.
Must not: round or group a number (2013 is a year), or hold back a row that is there.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

import orjson

from rosace.cli.streams import unread
from rosace.cli.tables import nothing, seen, told
from rosace.source.diagnostic import refuse

if TYPE_CHECKING:
    from rosace.contract.parts import Typed

Row: TypeAlias = Sequence[Any]
Pages: TypeAlias = Iterable[list[tuple[Any, ...]]]


def first(pages: Pages, limit: int) -> Iterator[list[tuple[Any, ...]]]:
    """Pages up to `limit` rows in all (0: all of them), and no longer than somebody reads."""
    left = limit
    for page in pages:
        if limit and len(page) >= left:
            yield page[:left]
            return
        left -= len(page)
        yield page
        if unread():
            return


def csv(columns: Sequence[Typed], pages: Pages, out: BinaryIO) -> int:
    """RFC 4180 with a heading, UTF-8: nothing for NULL, `""` for an empty text. Returns the number of rows."""
    out.write((",".join(_quoted(column.name) for column in columns) + "\n").encode())
    count = 0
    for page in pages:
        lines = [",".join(map(_field, row)) for row in page]
        out.write(("\n".join(lines) + "\n").encode())
        out.flush()
        count += len(page)
    return count


def _field(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return plain(value) if isinstance(value, bool) else str(value)
    return _quoted(value if isinstance(value, str) else plain(value))


_SPECIAL = re.compile(r'[",\r\n]|^$')


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def plain(value: Any) -> str:
    """A value that is there, as text: every digit, no thousands separator, moments as in topics."""
    if isinstance(value, float):
        return repr(value)
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case list() | dict():
            return json.dumps(value, default=told, ensure_ascii=False)
        case _:
            return told(value)


def jsonl(columns: Sequence[Typed], pages: Pages, out: BinaryIO) -> int:
    """One object a line. Returns the number of rows."""
    names, count = [column.name for column in columns], 0
    for page in pages:
        out.write(b"".join(_object(names, row) + b"\n" for row in page))
        out.flush()
        count += len(page)
    return count


def array(columns: Sequence[Typed], pages: Pages, out: BinaryIO) -> int:
    """One JSON array. Returns the number of rows."""
    names, count = [column.name for column in columns], 0
    out.write(b"[")
    for page in pages:
        for row in page:
            text = _object(names, row, orjson.OPT_INDENT_2).replace(b"\n", b"\n  ")
            out.write((b",\n  " if count else b"\n  ") + text)
            count += 1
        out.flush()
    out.write(b"\n]\n" if count else b"]\n")
    return count


def _object(names: Sequence[str], row: Row, option: int = 0) -> bytes:
    # orjson writes NaN and infinity as null: JSON has no word for them.
    pairs = dict(zip(names, row, strict=True))
    return orjson.dumps(pairs, default=told, option=option | orjson.OPT_PASSTHROUGH_DATETIME)


GROUP = 20_000
"""Rows that a group of a Parquet file has at least: columns are read group by group."""


def parquet(columns: Sequence[Typed], pages: Pages, out: BinaryIO) -> int:
    """One Parquet file with the columns' types. Returns the number of rows.

    Raises Refused for what Parquet cannot hold: two columns of one name, a moment beyond Arrow's.
    """
    import pyarrow as pa
    from pyarrow import parquet as written

    names = [column.name for column in columns]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise refuse("column-twice", f"two columns are named `{twice}`", hints=("give one another name with AS",))
    kinds = [column.arrow() for column in columns]
    schema = pa.schema([pa.field(name, kind) for name, (kind, _) in zip(names, kinds, strict=True)])
    count = 0
    with written.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(pages):
            held = [_values(list(one), *kind) for one, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(held, schema=schema))
            count += len(rows)
    return count


def _groups(pages: Pages) -> Iterator[list[tuple[Any, ...]]]:
    held: list[tuple[Any, ...]] = []
    for page in pages:
        held += page
        if len(held) >= GROUP:
            yield held
            held = []
    if held:
        yield held


def _values(values: list[Any], kind: Any, turn: Callable[[Any], Any] | None) -> Any:
    import pyarrow as pa

    try:
        if turn:
            values = [None if value is None else turn(value) for value in values]
        return pa.array(values, type=kind)
    except (ValueError, TypeError, OverflowError) as error:
        hint = "CAST it to varchar, or take another format"
        raise refuse("parquet-unfit", f"a value has no place in Parquet: {error}", hints=(hint,)) from error


MEASURED = 1_000
"""Rows by which the widths of a table are set; where a later one needs more, its column grows from there on."""


class Table:
    """Rows for people: aligned where they fit a terminal of `room` columns (None: no terminal), else on their side."""

    def __init__(self, columns: Sequence[Typed], room: int | None, *, sideways: bool | None = None) -> None:
        self.names = [seen(column.name).replace("\n", "\\n") for column in columns]
        self.room, self.sideways, self.count = room, sideways, 0
        self._widths = [_wide(name) for name in self.names]
        self._right = [True] * len(self.names)

    @property
    def lines(self) -> int:
        """How many a row takes, once its widths are known."""
        return len(self.names) + 1 if self.sideways else 1

    def measure(self, rows: Sequence[Row]) -> None:
        """Takes the widths from these rows, and which way they are turned."""
        self._grow([[_cell(value) for value in row] for row in rows])
        for at in range(len(self.names)):
            held = [row[at] for row in rows if row[at] is not None]
            self._right[at] = bool(held) and all(map(_number, held))
        if self.sideways is None:
            self.sideways = self.room is not None and sum(self._widths) + 3 * len(self._widths) - 1 > self.room

    def draw(self, rows: Sequence[Row]) -> Iterator[str]:
        """The lines of some more rows; in front of the first ones the heading, which stands alone where there are none.

        `measure` comes first.
        """
        cells = [[_cell(value) for value in row] for row in rows]
        if self.sideways:
            for row in cells:
                self.count += 1
                yield from self._on_its_side(row)
            return
        self._grow(cells)
        if not self.count:
            yield self._line(self.names)
            rule = "─" if "utf" in (sys.stdout.encoding or "").lower() else "-"
            yield " " + rule * (sum(self._widths) + 3 * len(self._widths) - 3)
        self.count += len(rows)
        yield from map(self._line, cells)

    def _grow(self, cells: Sequence[Sequence[str]]) -> None:
        if cells:
            widest = (max(map(_wide, column)) for column in zip(*cells, strict=True))
            self._widths = [max(pair) for pair in zip(self._widths, widest, strict=True)]

    def _line(self, cells: Sequence[str]) -> str:
        parts = [
            _padded(cell, wide, right=right) for cell, wide, right in zip(cells, self._widths, self._right, strict=True)
        ]
        return (" " + "   ".join(parts)).rstrip()

    def _on_its_side(self, row: Sequence[str]) -> Iterator[str]:
        from rosace.cli.width import wrapped

        yield f"row {self.count}"
        most = max(map(_wide, self.names), default=0)
        for name, cell in zip(self.names, row, strict=True):
            yield wrapped(f"  {name}{' ' * (most - _wide(name))}  {cell}", most + 4, sys.stdout)


def _number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _padded(cell: str, wide: int, *, right: bool) -> str:
    if cell.isascii():
        return cell.rjust(wide) if right else cell.ljust(wide)
    blanks = " " * (wide - _wide(cell))
    return blanks + cell if right else cell + blanks


def _cell(value: Any) -> str:
    if value is None:
        return nothing()
    text = value if isinstance(value, str) else plain(value)
    # A million times most texts are fine as they are.
    return text if text.isprintable() else seen(text).replace("\n", "\\n")


def _wide(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
