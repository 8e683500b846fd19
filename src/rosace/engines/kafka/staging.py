"""A source's records, ready to be sent: read, checked, sorted and encoded once, then streamed in chunks.

Comes in: a description of what is to be sent, the topic's key columns, a folder. Goes out: keys and values as JSON text
by row number, from a Parquet file named by the mark of what is sent together. Memory stays small whatever the file's
size is: DuckDB sorts within the first of `MEMORY` that is enough, and spills into the folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

import duckdb

from rosace.kit import files_aside
from rosace.kit.files import PLACES, columns_of, open_source, paths_of, skips
from rosace.kit.files_sql import identifier, literal
from rosace.model.columns import ColumnType, Kind

MEMORY = ("96MB", "256MB", "1GB")
"""What DuckDB may hold while it sorts: the first that is enough. 96 MB was enough for 3.4 million flights (DuckDB 2.0);
rows of many kilobytes need more."""

CHUNK = 20_480
"""Rows of a Parquet row group, and rows in memory at a time: ten of DuckDB's vectors of 2,048."""

_ROW = "file_row"
_FRACTION = {3: "%g", 6: "%f"}

Record = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Staged:
    """Records in sending order. `read` gives those from one row on. `aside` has the rows that were set aside."""

    path: Path
    total: int

    @property
    def aside(self) -> Path:
        """What `kit.files_aside` wrote; there is no such file where no row may be set aside."""
        return self.path.with_suffix(".aside")

    def read(self, first: int) -> list[Record]:
        """The records from row `first` (from 0) to the end of its chunk."""
        end = (first // CHUNK + 1) * CHUNK
        with _engine(self.path.parent) as connection:
            return connection.execute(
                "SELECT key, value FROM read_parquet(?, file_row_number = true)"
                " WHERE file_row_number >= ? AND file_row_number < ? ORDER BY file_row_number",
                [str(self.path), first, end],
            ).fetchall()


def fingerprint(source: Mapping[str, Any], key: Sequence[str]) -> str:
    """SHA-256 over the file's bytes and everything else that decides which record is the n-th: the mark of a Rosace
    that kept no ledger, which is still in the topics it sent to."""
    digest = hashlib.sha256()
    paths = paths_of(source)
    for path in paths:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        if len(paths) > 1:
            # Where one ends and the next begins.
            digest.update(str(path.stat().st_size).encode())
    always = ("format", "nulls", "order", "columns")
    shape = {name: source[name] for name in always} | {"key": list(key)}
    shape |= {name: source[name] for name in sorted(source) if name not in {"name", "path", "paths", *always}}
    digest.update(json.dumps(shape).encode())
    return digest.hexdigest()


def stage(source: Mapping[str, Any], key: Sequence[str], mark: str, folder: Path) -> Staged:
    """The records of what has the mark `mark`, staged in `folder` unless they are there already.

    Rows are sorted by `order`, nulls last, and by their place in the file where that leaves a choice. Raises
    `files.SourceFileError` or `duckdb.Error` where the file does not fit its declaration.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mark}.parquet"
    if not path.exists():
        for stale in [found for kind in ("*.parquet", "*.part", "*.aside") for found in folder.glob(kind)]:
            stale.unlink()
        _write_within(MEMORY, source, key, path)
    with _engine(folder) as connection:
        row = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    assert row is not None
    return Staged(path, row[0])


def _write_within(limits: Sequence[str], source: Mapping[str, Any], key: Sequence[str], path: Path) -> None:
    try:
        _write(source, key, path, limits[0])
    except duckdb.OutOfMemoryException:
        if not limits[1:]:
            raise
        _write_within(limits[1:], source, key, path)


def _write(source: Mapping[str, Any], key: Sequence[str], path: Path, memory: str) -> None:
    columns = columns_of(source)
    part = path.with_suffix(".part")
    keyed = _object({name: columns[name] for name in key}) if key else "CAST(NULL AS VARCHAR)"
    order = ", ".join([*(f"{identifier(name)} ASC NULLS LAST" for name in source["order"]), _ROW])
    with _engine(path.parent, memory) as connection:
        open_source(connection, source, "source", scratch=path.parent / "unpacked", row_column=_ROW)
        connection.execute(
            f"COPY (SELECT {keyed} AS key, {_object(columns)} AS value FROM source ORDER BY {order})"
            f" TO {literal(str(part))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {CHUNK})"
        )
        if skips(source):
            files_aside.keep(connection, "source", path.with_suffix(".aside"))
    # Complete or absent, so that a killed replay finds no half of a file; always beside under the same name, so that
    # what it left there, which may be large, is written over (`whole.beside` takes a new one each time).
    part.replace(path)


def _engine(folder: Path, memory: str = MEMORY[-1]) -> duckdb.DuckDBPyConnection:
    # One thread: rows keep the file's order, memory stays small, and the engines beside it have the cores.
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": 1,
        "temp_directory": str(folder / "spill"),
    }
    return duckdb.connect(config=settings)


def _object(columns: Mapping[str, ColumnType]) -> str:
    """SQL for the JSON text of an object with these columns, in this order, without spaces."""
    return _joined([(name, _value(name, identifier(name), column)) for name, column in columns.items()])


def _joined(members: Iterable[tuple[str, str]]) -> str:
    """SQL for the JSON text of an object with members of these names and texts."""
    parts: list[str] = []
    for name, text in members:
        comma = "," if parts else "{"
        parts += [literal(f'{comma}"{name}":'), f"coalesce({text}, 'null')"]
    return f"concat({', '.join(parts)}, '}}')"


def _value(name: str, value: str, column: ColumnType, depth: int = 0) -> str:
    """SQL for the JSON text of one value: every digit as it is, times in ISO 8601 (they are UTC), bytes in Base64.

    `name` is the column's. What is in a list or a map is a parameter `x` with its depth.
    """
    plain = f"CAST({value} AS VARCHAR)"
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return f"CAST(to_json({value}) AS VARCHAR)"
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT | Kind.BOOLEAN:
            return plain
        case Kind.BINARY:
            return f"'\"' || to_base64({value}) || '\"'"
        case Kind.DATE:
            return f"'\"' || strftime({value}, '%Y-%m-%d') || '\"'"
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            zone = "Z" if column.kind is Kind.TIMESTAMPTZ else ""
            return f"'\"' || strftime({value}, '%Y-%m-%dT%H:%M:%S.{_FRACTION[column.precision]}{zone}') || '\"'"
        case Kind.FLOAT:
            # As the double that it is: every reader makes the same number of it, also one that reads doubles first.
            return _finite(name, value, f"CAST(CAST({value} AS DOUBLE) AS VARCHAR)")
        case Kind.DOUBLE:
            return _finite(name, value, plain)
        case Kind.DECIMAL:
            # DuckDB 2.0 writes `.5` where there is no room for a digit before the point, which is no JSON.
            return rf"regexp_replace({plain}, '^(-?)[.]', '\10.')" if column.scale == column.precision else plain
        case Kind.ARRAY:
            one = f"coalesce({_value(name, f'x{depth}', column.element, depth + 1)}, 'null')"
            return f"'[' || array_to_string(list_transform({value}, lambda x{depth}: {one}), ',') || ']'"
        case Kind.MAP:
            one = f"coalesce({_value(name, f'x{depth}.value', column.element, depth + 1)}, 'null')"
            entry = f"CAST(to_json(x{depth}.key) AS VARCHAR) || ':' || {one}"
            entries = f"list_transform(map_entries({value}), lambda x{depth}: {entry})"
            return f"'{{' || array_to_string({entries}, ',') || '}}'"
        case Kind.ROW:
            held = ((field, f"x{depth}.{identifier(field.name)}") for field in column.fields)
            parts = _joined((field.name, _value(name, part, field.type, depth + 1)) for field, part in held)
            # The list binds the value to a name, so that it is written once.
            return f"CASE WHEN {value} IS NOT NULL THEN list_transform([{value}], lambda x{depth}: {parts})[1] END"
        case _:
            assert_never(column.kind)


def _finite(name: str, value: str, text: str) -> str:
    wrong = literal(f", column `{name}`: JSON has no number for `")
    what = literal("`; leave the value out or declare the column a string")
    refusal = f"error('row ' || {_ROW} % {PLACES} || {wrong} || {value} || {what})"
    return f"CASE WHEN NOT isfinite({value}) THEN {refusal} ELSE {text} END"
