"""A source's file, read a second way: Python's csv and json, and Arrow's Parquet.

Comes in: a file and its declared columns. Goes out: batches of its values, as texts where the file has texts. Must not:
use DuckDB, which the replay reads files with (`kit.files`): a fault of one reader is to show against the other.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rosace.kit.files_text import only
from rosace.model.columns import ColumnType
from rosace.observe.verify.batches import Columns, MisreadError, Where, chunks, transposed
from rosace.observe.verify.singles import shortest
from rosace.observe.verify.writing import Writing

if TYPE_CHECKING:
    from rosace.model.sources import Source

DELIMITERS = ",;\t|"


def read(
    path: Path, format: str, columns: Mapping[str, ColumnType], words: Source | None = None
) -> Iterator[tuple[Columns, Where]]:
    """The declared columns of a file, batch by batch, each with what names a row's place.

    `words` say how the file is written, where it is not as files usually are. Raises MisreadError where the file is
    not what it is said to be, or OSError.
    """
    written = Writing.of(words, columns)
    match format:
        case "csv":
            rows = _csv(path, written)
        case "jsonl":
            rows = _json(path, written, skip=words is not None and words.on_bad_record == "skip")
        case _:
            yield from _parquet(path, written)
            return
    number = 1
    for chunk in chunks(rows):
        # Of rows behind others that were left out the number is too small; none of them is named then.
        yield transposed(chunk, len(columns)), _where(path, number)
        number += len(chunk)


def _where(path: Path, first: int) -> Where:
    return lambda index: f"{path.name}, row {first + index}"


def _csv(path: Path, written: Writing) -> Iterator[list[str | None]]:
    csv.field_size_limit(sys.maxsize)
    nulls = written.nulls
    with _opened(path, written.encoding) as stream:
        first = stream.readline()
        cuts = [(one, _cut(first, one, written)) for one in written.separator or DELIMITERS]
        delimiter, names = max(cuts, key=lambda found: len(found[1]))
        if not written.header:
            names = [str(number) for number in range(1, len(names) + 1)]
        if missing := [name for name in written.names if name not in names]:
            raise MisreadError(f"{path.name} has no column `{missing[0]}`")
        places = [names.index(name) for name in written.names]
        width = len(names)
        lines = stream if written.header else chain([first], stream)
        found = csv.reader(lines, **written.csv(delimiter))
        numbers = count(1)
        try:
            for row in _filled(found) if width == 1 and not nulls else found:
                if not row:
                    continue
                number = next(numbers)
                if len(row) != width:
                    raise MisreadError(f"{path.name}, row {number}: {len(row)} fields, but {width} names")
                yield written.usual([None if row[at] == nulls else row[at] for at in places])
        except csv.Error as error:
            raise MisreadError(f"{path.name}, row {next(numbers)}: not CSV: {error}") from None


def _cut(first: str, delimiter: str, written: Writing) -> list[str]:
    try:
        return next(csv.reader([first.rstrip("\r\n")], **written.csv(delimiter)))
    except csv.Error:
        return []


def _filled(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Of one column where nothing is null: an empty line between others is a row, at both ends it is none."""
    begun, empty = False, 0
    for row in rows:
        if not row:
            empty += begun
            continue
        yield from ([""] for _ in range(empty))
        begun, empty = True, 0
        yield row


def _json(path: Path, written: Writing, *, skip: bool) -> Iterator[list[Any]]:
    number = 0
    with _opened(path, written.encoding) as stream:
        for line in stream:
            if not line.strip():
                continue
            number += 1
            try:
                found = object_of(line)
            except ValueError as error:
                if skip:
                    continue
                raise MisreadError(f"{path.name}, row {number}: not JSON: {error}") from None
            yield written.usual([found.get(name) for name in written.names])


def object_of(text: str | bytes) -> dict[str, Any]:
    """One JSON object, its numbers and truths as they are written. Raises ValueError for anything else."""
    found = _DECODER.decode(text if isinstance(text, str) else text.decode())
    if not isinstance(found, dict):
        raise ValueError("an object was expected")
    return found  # pyright: ignore[reportUnknownVariableType]


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {name: _WORDS.get(value, value) if value.__class__ is bool else value for name, value in pairs}
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


_WORDS = {True: "true", False: "false"}
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_members)


def _parquet(path: Path, written: Writing) -> Iterator[tuple[Columns, Where]]:
    import pyarrow.parquet  # pyright: ignore[reportMissingTypeStubs]

    with _unzipped(path) as stream:
        file: Any = pyarrow.parquet.ParquetFile(stream)
        number = 1
        for batch in file.iter_batches(columns=[*dict.fromkeys(written.names)]):
            held: Any = batch
            try:
                values = [written.times(place, _values(held.column(name))) for place, name in enumerate(written.names)]
            except ValueError as error:
                # What Arrow says of nanoseconds that would be lost.
                raise MisreadError(f"{path.name}, among the {held.num_rows} rows from {number}: {error}") from None
            yield values, _where(path, number)
            number += held.num_rows


def _values(array: Any) -> Any:
    """An Arrow array or Python's values of it; times without zone, as they are in UTC."""
    import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]

    arrow: Any = pa
    if arrow.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if arrow.types.is_float32(array.type):
        # Written shortest, as DuckDB does where it makes a double or a decimal of it.
        return [None if one is None else _Single(one) for one in array.to_pylist()]
    if arrow.types.is_timestamp(array.type):
        # Raises where nanoseconds would be lost; what is in a zone is kept as UTC.
        array = array.cast(arrow.timestamp("us", tz=array.type.tz)).cast(arrow.int64()).cast(arrow.timestamp("us"))
    return array


class _Single(float):
    """A number of 32 bits: the same value in 64, but written with fewer digits."""

    def __repr__(self) -> str:
        return shortest(float(self))


@contextmanager
def _opened(path: Path, encoding: str) -> Generator[IO[str]]:
    known = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        with _unzipped(path) as raw, io.TextIOWrapper(raw, encoding=known, newline="") as stream:
            yield stream
    except (UnicodeError, EOFError) as error:
        raise MisreadError(f"{path.name}: cannot be read as {encoding.upper()} text: {error}") from None


@contextmanager
def _unzipped(path: Path) -> Generator[Any]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(only(archive, path)) as raw:
            yield raw
    elif path.suffix == ".gz":
        with gzip.open(path) as raw:
            yield raw
    else:
        with path.open("rb") as raw:
            yield raw
