"""The first and the last rows of a source's file, held against the declared types; or all of them.

Comes in: a description of a source (`files.describe`). Goes out: what its reader says of the first row that does not
fit, with file, row, column and value. Of a large file only its beginning and its end are read. Must not: judge a value
itself: the reader that replays and loads does.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rosace.kit.files import SourceFileError, columns_of, open_source, paths_of, said
from rosace.kit.files_layout import Layout
from rosace.kit.files_sql import identifier
from rosace.kit.files_text import LONGEST_LINE, line_of, text_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = 1_000
"""So many rows at the beginning and at the end are looked at."""
WHOLE = 256 << 10
"""Bytes of a file up to which it is looked at whole."""
TAIL = 1 << 20
"""Bytes at the end of a file among which its last rows are looked for."""
COUNTED = 32 << 20
"""Bytes of a file up to which its lines are counted, so that rows at its end have their number."""
MEMORY = "256MB"
"""What DuckDB may hold meanwhile."""
FILES = 20
"""Of several files so many are looked into, the first ones and the last."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first row of a source that does not fit; the text says file, row, column, value and what is wrong."""

    text: str


def misfit(source: Mapping[str, Any], *, whole: bool = False) -> Misfit | None:
    """The first misfit among the rows looked at (all of them where `whole`); None where there is none.

    A file that cannot be read at all is no misfit: who looks at headers says so.
    """
    import duckdb

    paths = paths_of(source)
    if not whole and len(paths) > FILES:
        paths = [*paths[: FILES // 2], *paths[-FILES // 2 :]]
    with duckdb.connect() as connection, tempfile.TemporaryDirectory(prefix="rosace-") as folder:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET threads = 1")
        for number, path in enumerate(paths):
            one = {**{name: value for name, value in source.items() if name != "paths"}, "path": str(path)}
            scratch = Path(folder, str(number))
            scratch.mkdir()
            try:
                for part in [one] if whole else _parts(one, path, scratch):
                    _read(connection, part, scratch, None if part is one and whole else ROWS)
            except (SourceFileError, duckdb.Error) as error:
                return Misfit(said(error))
            except OSError:
                return None
    return None


def _read(connection: DuckDBPyConnection, source: Mapping[str, Any], scratch: Path, rows: int | None) -> None:
    open_source(connection, source, "rosace sample", scratch=scratch)
    named = ", ".join(map(identifier, columns_of(source)))
    limit = f" LIMIT {rows}" if rows and source["format"] == "parquet" else ""
    # Every value is made: an aggregate over all of them needs each.
    connection.execute(f'SELECT max(hash({named})) FROM (SELECT * FROM "rosace sample"{limit})').fetchall()


def _parts(source: dict[str, Any], path: Path, scratch: Path) -> list[dict[str, Any]]:
    """Descriptions of small files that hold what is looked at."""
    packed = path.suffix in (".gz", ".zip")
    if source["format"] == "parquet" or (not packed and path.stat().st_size <= WHOLE):
        return [source]
    layout = Layout.read(source)
    headed = source["format"] == "csv" and layout.header
    quote = layout.quote if source["format"] == "csv" and layout.quote != "none" else ""
    first, head = _head(path, layout.encoding, quote, headed=headed)
    plain = path.with_suffix("") if packed else path
    parts = [_part(source, scratch / "first" / plain.name, path.name, first + head, 0)]
    if not packed and (found := _tail(path, layout.encoding, quote, headed=headed)):
        lines, before = found
        shown = path.name if before is not None else f"{path.name} (its last {len(lines):,} rows)"
        parts.append(_part(source, scratch / "last" / path.name, shown, first + "".join(lines), before or 0))
    return parts


def _part(source: dict[str, Any], target: Path, shown: str, text: str, before: int) -> dict[str, Any]:
    target.parent.mkdir()
    target.write_text(text, encoding="utf-8", newline="")
    plain = {name: value for name, value in source.items() if name != "encoding"}
    return {**plain, "path": str(target), "shown": shown, "before": before}


def _head(path: Path, encoding: str, quote: str, *, headed: bool) -> tuple[str, str]:
    """The line of names, where there is one, and the first rows: their lines, and those on which the last one ends."""
    with text_of(path, encoding) as stream:
        first = line_of(stream, path, 1) if headed else ""
        lines: list[str] = []
        for number in itertools.count(2):
            line = line_of(stream, path, number)
            lines.append(line)
            if not line or (len(lines) >= ROWS and _closed(lines, quote)) or len(lines) > 2 * ROWS:
                return first, "".join(lines)
    raise AssertionError


def _closed(lines: Sequence[str], quote: str) -> bool:
    return not quote or sum(line.count(quote) for line in lines) % 2 == 0


def _tail(path: Path, encoding: str, quote: str, *, headed: bool) -> tuple[list[str], int | None] | None:
    """The last rows' lines, and how many rows are before them (None: nobody counted). None where no line is sure to
    begin a row, or one byte is not sure to end a line."""
    if encoding.replace("_", "-").startswith(("utf-16", "utf-32")):
        return None
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        start = max(0, size - TAIL)
        stream.seek(start)
        data = stream.read()
    at = data.find(b"\n") + 1
    try:
        lines = data[at:].decode(encoding).splitlines(keepends=True) if at else []
    except UnicodeError:
        return None
    lines = [line for line in lines if line.strip()]
    if not lines or max(map(len, lines)) > LONGEST_LINE:
        return None
    # What begins within quotes is the end of a row that began before.
    most = range(max(0, len(lines) - ROWS), len(lines))
    begin = next((at for at in most if _closed(lines[at:], quote)), None)
    if begin is None:
        return None
    kept = lines[begin:]
    return kept, _before(path, size, len(kept), quote, headed=headed)


def _before(path: Path, size: int, kept: int, quote: str, *, headed: bool) -> int | None:
    if size > COUNTED:
        return None
    data = path.read_bytes()
    if quote and quote.encode() in data:
        # A row may have several lines.
        return None
    total = data.count(b"\n") + (not data.endswith(b"\n"))
    return total - kept - headed
