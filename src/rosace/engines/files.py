"""Sources' files, read the same way by every room: CSV, Parquet and JSON lines as typed DuckDB views.

Comes in: a description of a file as plain JSON (`describe`). Goes out: a view with exactly the declared columns in
their declared types, or an error that names file, row, column and value. Must not: know an engine, or change a
value silently: what does not fit its column without loss is refused.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from rosace.engines.files_sql import ROW, from_text, from_typed, identifier, literal
from rosace.model.columns import ColumnType, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from rosace.model.checked import CheckedSource

Format = Literal["csv", "parquet", "jsonl"]
DELIMITERS = ",;\t|"
CSV_BUFFER = 8 << 20
"""Bytes that DuckDB reads a CSV file in; four of its longest lines (2 MiB), where its default is sixteen."""

JSONL_LOOK = 100
"""How many lines of a JSON lines file tell its column names: a line may leave out what is null."""

_TYPES = {
    Kind.STRING: "VARCHAR",
    Kind.INT: "INTEGER",
    Kind.BIGINT: "BIGINT",
    Kind.DOUBLE: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
}


class SourceFileError(ValueError):
    """A source's file cannot be read as declared; the text says which, where and what to do."""


def duckdb_type(column: ColumnType) -> str:
    """The DuckDB 2.0 type that holds a column. Timestamps have microseconds and no zone, whatever their precision."""
    if column.kind is Kind.DECIMAL:
        return f"DECIMAL({column.precision},{column.scale})"
    return _TYPES[column.kind]


def describe(source: CheckedSource, path: Path) -> dict[str, Any]:
    """A source as plain JSON, for `open_source` in this or another process. `path` is the file itself."""
    return {
        "name": source.name,
        "path": str(path),
        "format": source.format,
        "nulls": source.spec.nulls,
        "order": list(source.spec.order),
        "columns": {name: str(column) for name, column in source.columns.items()},
    }


def columns_of(source: Mapping[str, Any]) -> dict[str, ColumnType]:
    """The declared columns of a description, in order."""
    return {name: ColumnType.parse(text) for name, text in source["columns"].items()}


def open_source(
    connection: DuckDBPyConnection,
    source: Mapping[str, Any],
    view_name: str,
    *,
    scratch: Path | None = None,
    row_column: str = "",
) -> None:
    """Makes the view `view_name` over the file that `source` (see `describe`) tells of.

    The view has exactly the declared columns in their order and types, plus `row_column` (BIGINT, the row's number
    in the file from 1, a CSV header not counted) where it is named. Times with an offset become UTC. In a CSV file
    the text `nulls` is no value, quoted or not. A zip's only member is extracted below `scratch` (a temporary folder
    of its own where None) and kept there.

    Raises SourceFileError where the file is missing or lacks a column. Values are checked when rows are read: the
    query then fails with a `duckdb.Error` whose text ends with file, row, column, value and reason.
    """
    path, columns = Path(source["path"]), columns_of(source)
    if not path.is_file():
        raise SourceFileError(f"source `{source['name']}`: there is no file {path}")
    real = _extracted(path, scratch)
    readers = {"csv": _csv, "parquet": _parquet, "jsonl": _jsonl}
    rows, checked = readers[source["format"]](connection, source, real, columns)
    tail = f", {ROW} AS {identifier(row_column)}" if row_column else ""
    selected = ", ".join(f"{value} AS {identifier(name)}" for name, value in zip(columns, checked, strict=True))
    connection.execute(f"CREATE OR REPLACE VIEW {identifier(view_name)} AS SELECT {selected}{tail} FROM ({rows})")


def header(path: Path, format: Format) -> list[str]:
    """The names of a file's columns, cheaply: its first line, its Parquet footer, or its first JSON objects.

    Raises SourceFileError where the file cannot be read as `format`.
    """
    if format == "csv":
        return _csv_header(path)[1]
    if format == "jsonl":
        return _jsonl_header(path)
    import duckdb

    with tempfile.TemporaryDirectory(prefix="rosace-") as folder, duckdb.connect() as connection:
        return list(_parquet_types(connection, _extracted(path, Path(folder))))


def _csv(
    connection: DuckDBPyConnection, source: Mapping[str, Any], path: Path, columns: Mapping[str, ColumnType]
) -> tuple[str, list[str]]:
    delimiter, names = _csv_header(path)
    at = _positions(source, path, names, columns)
    # Columns are read by position: names that differ only in case would clash in DuckDB.
    shape = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(names)))
    options = {
        "auto_detect": "false",
        "header": "true",
        "buffer_size": str(CSV_BUFFER),
        "delim": literal(delimiter),
        "quote": "'\"'",
        "escape": "'\"'",
        "nullstr": literal(source["nulls"]),
        "columns": f"{{{shape}}}",
    }
    told = ", ".join(f"{name}={value}" for name, value in options.items())
    rows = f"SELECT *, row_number() OVER () AS {ROW} FROM read_csv({literal(str(path))}, {told})"
    shown = _shown(source)
    return rows, [
        from_text(f"c{at[name]}", duckdb_type(column), column, name, shown) for name, column in columns.items()
    ]


def _jsonl(
    connection: DuckDBPyConnection, source: Mapping[str, Any], path: Path, columns: Mapping[str, ColumnType]
) -> tuple[str, list[str]]:
    shape = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    rows = (
        f"SELECT *, row_number() OVER () AS {ROW} FROM read_json({literal(str(path))},"
        f" format='newline_delimited', columns={{{shape}}})"
    )
    shown = _shown(source)
    return rows, [
        from_text(identifier(name), duckdb_type(column), column, name, shown) for name, column in columns.items()
    ]


def _parquet(
    connection: DuckDBPyConnection, source: Mapping[str, Any], path: Path, columns: Mapping[str, ColumnType]
) -> tuple[str, list[str]]:
    types = _parquet_types(connection, path)
    _positions(source, path, list(types), columns)
    # A column of the file that nobody declared is not even read.
    held = ", ".join(map(identifier, columns))
    rows = f"SELECT {held}, file_row_number + 1 AS {ROW} FROM read_parquet({literal(str(path))}, file_row_number=true)"
    shown = _shown(source)
    return rows, [
        from_typed(identifier(name), types[name], duckdb_type(column), column, name, shown)
        for name, column in columns.items()
    ]


def _parquet_types(connection: DuckDBPyConnection, path: Path) -> dict[str, str]:
    import duckdb

    try:
        found = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()
    except duckdb.Error as error:
        raise SourceFileError(f"{path}: not a Parquet file that can be read ({error})") from None
    return {row[0]: row[1] for row in found}


def _csv_header(path: Path) -> tuple[str, list[str]]:
    """The delimiter (the one of `DELIMITERS` that cuts the first line into most fields) and the names."""
    with _text(path) as stream:
        first = stream.readline().rstrip("\r\n")
    if not first:
        raise SourceFileError(f"{path}: a CSV file starts with a line of column names; this one starts empty")
    cut = [(delimiter, next(csv.reader([first], delimiter=delimiter))) for delimiter in DELIMITERS]
    delimiter, names = max(cut, key=lambda found: len(found[1]))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceFileError(f"{path}: its first line names `{twice[0]}` more than once")
    return delimiter, names


def _jsonl_header(path: Path) -> list[str]:
    names: dict[str, None] = {}
    with _text(path) as stream:
        for number, line in enumerate(islice(stream, JSONL_LOOK), 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                raise SourceFileError(f"{path}, line {number}: not JSON: {error}") from None
            if not isinstance(value, dict):
                raise SourceFileError(f"{path}, line {number}: a JSON object was expected")
            names.update(dict.fromkeys(str(key) for key in value))
    return list(names)


def _positions(
    source: Mapping[str, Any], path: Path, names: Sequence[str], columns: Mapping[str, ColumnType]
) -> dict[str, int]:
    missing = [name for name in columns if name not in names]
    if missing:
        raise SourceFileError(
            f"source `{source['name']}`: {path.name} has no column `{missing[0]}`; it has {', '.join(names)}"
        )
    return {name: names.index(name) for name in columns}


def _shown(source: Mapping[str, Any]) -> str:
    return Path(source["path"]).name


@contextmanager
def _text(path: Path) -> Generator[IO[str]]:
    """The file's text, decompressed; UTF-8, whatever the machine's locale says."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, archive.open(_only(archive, path)) as raw:
                yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        elif path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
                yield stream
        else:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                yield stream
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise SourceFileError(f"{path}: cannot be read as UTF-8 text: {error}") from None


def _extracted(path: Path, scratch: Path | None) -> Path:
    """The file itself: a zip's only member is extracted once below `scratch`, named by its checksum."""
    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as archive:
        member = _only(archive, path)
        folder = scratch or Path(tempfile.mkdtemp(prefix="rosace-"))
        target = folder / f"{member.CRC:08x}-{member.file_size}-{Path(member.filename).name}"
        if target.exists():
            return target
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkstemp(dir=folder, suffix=".part")[1])
        with archive.open(member) as source, part.open("wb") as sink:
            while chunk := source.read(1 << 20):
                sink.write(chunk)
        # Complete or absent: a process that is killed here leaves no half of a file under the final name.
        part.replace(target)
    return target


def _only(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise SourceFileError(f"{path}: a zip must hold one file; this one holds {len(members)}")
    return members[0]
