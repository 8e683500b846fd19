"""CSV files as rows of text in DuckDB.

Comes in: a source's description, its file, the declared columns. Goes out: SQL that gives a row's fields as VARCHAR.
Must not: say what a field means.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from rosace.kit.files_layout import PLAIN, Layout
from rosace.kit.files_sql import ROW, literal, located, numbered
from rosace.kit.files_text import SourceFileError, in_utf8, line_of, text_of
from rosace.model.columns import ColumnType

DELIMITERS = ",;\t|"
BUFFER = 8 << 20
"""Bytes that DuckDB reads a CSV file in; four of its longest lines (2 MiB), where its default is sixteen."""


def rows(
    source: Mapping[str, Any], path: Path, columns: Mapping[str, ColumnType], scratch: Path | None
) -> tuple[str, dict[str, str]]:
    """SQL for the file's rows with `ROW`, and for the text of each declared column."""
    layout = Layout.read(source)
    delimiter, names = header(path, layout)
    refuse_missing(source, path, names, columns, layout)
    path = in_utf8(path, layout.encoding, scratch)
    if _mixed(path):
        path = _rewritten(path, _dialect(layout, delimiter), scratch)
    quote = "" if layout.quote == "none" else layout.quote
    # Columns are read by position: names that differ only in case would clash in DuckDB.
    shape = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(names)))
    options = {
        "auto_detect": "false",
        "header": str(layout.header).lower(),
        "buffer_size": str(BUFFER),
        "delim": literal(delimiter),
        "quote": literal(quote),
        "escape": literal(quote),
        "nullstr": literal(source["nulls"]),
        "columns": f"{{{shape}}}",
    }
    told = ", ".join(f"{name}={value}" for name, value in options.items())
    found = f"SELECT *, {numbered(source)} AS {ROW} FROM read_csv({located(path)}, {told})"
    return found, {name: f"c{names.index(layout.named(name))}" for name in columns}


def header(path: Path, layout: Layout = PLAIN) -> tuple[str, list[str]]:
    """The separator (as said, or the one of `DELIMITERS` that cuts the first line into most fields) and the names.

    Without a line of names they are the numbers of the first line's fields, from 1.
    """
    with text_of(path, layout.encoding) as stream:
        first = line_of(stream, path, 1).rstrip("\r\n")
    if not first and layout.header:
        raise SourceFileError(
            f"{path}: a CSV file starts with a line of column names; this one starts empty (`header: false` is for "
            "files without names)"
        )
    delimiter, names = max(_cut(first, path, layout), key=lambda found: len(found[1]))
    if not layout.header:
        return delimiter, [str(number) for number, _ in enumerate(names, 1)]
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise SourceFileError(f"{path}: its first line names `{twice[0]}` more than once")
    return delimiter, names


def _dialect(layout: Layout, separator: str) -> dict[str, Any]:
    """The layout as Python's csv takes it."""
    if layout.quote == "none":
        return {"delimiter": separator, "quoting": csv.QUOTE_NONE, "strict": True}
    return {"delimiter": separator, "quotechar": layout.quote, "strict": True}


def _cut(first: str, path: Path, layout: Layout) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for delimiter in layout.separator or DELIMITERS:
        with contextlib.suppress(csv.Error):
            found.append((delimiter, next(csv.reader([first], **_dialect(layout, delimiter)))))
    if not found:
        raise SourceFileError(f"{path}: a quote of its first line, which names the columns, has no end in that line")
    return found


def refuse_missing(
    source: Mapping[str, Any], path: Path, names: Sequence[str], columns: Mapping[str, ColumnType], layout: Layout
) -> None:
    """Raises SourceFileError where a declared column is not among a file's names, which `layout` tells."""
    missing = [layout.named(name) for name in columns if layout.named(name) not in names]
    if missing and layout.header:
        raise SourceFileError(
            f"source `{source['name']}`: {path.name} has no column `{missing[0]}`; it has {', '.join(names)}"
        )
    if missing:
        width = len(names)
        raise SourceFileError(
            f"source `{source['name']}`: the first line of {path.name} has {width} fields, none is number {missing[0]}"
        )


def _mixed(path: Path) -> bool:
    """Whether not all lines end alike. Line ends within quotes count too: then a copy is made for nothing."""
    windows = unix = old = 0
    last = b""
    with _bytes(path) as stream:
        while chunk := stream.read(1 << 20):
            pairs = chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            windows += pairs
            unix += chunk.count(b"\n") - pairs
            old += chunk.count(b"\r")
            last = chunk[-1:]
    return sum(map(bool, (windows, unix, old - windows))) > 1


def _bytes(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _rewritten(path: Path, dialect: Mapping[str, Any], scratch: Path | None) -> Path:
    """The same rows with all lines ended alike: DuckDB 2.0 refuses others, or, when told not to, ragged rows pass."""
    folder = scratch or Path(tempfile.mkdtemp(prefix="rosace-"))
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.name}.even.csv"
    with text_of(path) as stream, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, **dialect, lineterminator="\n")
        writer.writerows(_counted(csv.reader(stream, **dialect), path))
    return target


def _counted(found: Iterable[list[str]], path: Path) -> Iterable[list[str]]:
    """The rows, as long as all have as many fields as the first."""
    width = 0
    try:
        for number, row in enumerate((row for row in found if row), 0):
            width = width or len(row)
            if len(row) != width:
                raise SourceFileError(
                    f"{path.name}, row {number}: {len(row)} fields, but {width} names in the first line"
                )
            yield row
    except csv.Error as error:
        raise SourceFileError(f"{path.name}: not CSV: {error}") from None
