"""Sources' files, read the same way by every room: CSV, Parquet and JSON lines as typed DuckDB views.

Comes in: a description of a file as plain JSON (`describe`). Goes out: a view with exactly the declared columns in
their declared types, or an error that names file, row, column and value. Must not: know an engine, or change a
value silently: what does not fit its column without loss is refused.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, assert_never

from rosace.kit import files_csv, files_json
from rosace.kit.files_layout import PLAIN, Layout, usual_number, usual_time
from rosace.kit.files_nested import nested_text, nested_typed
from rosace.kit.files_sql import (
    BAD,
    MACROS,
    ROW,
    Ask,
    from_text,
    from_typed,
    identifier,
    located,
    numeric,
    readable,
)
from rosace.kit.files_text import SourceFileError, extracted, refuse_bomb, refuse_missing
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from rosace.model.checked import CheckedSource

__all__ = ["SourceFileError", "columns_of", "describe", "duckdb_type", "header", "open_source", "said"]

Format = Literal["csv", "parquet", "jsonl"]

LOOK_MEMORY = "128MB"
"""What DuckDB may hold while it looks at the names of a Parquet file's columns."""


def duckdb_type(column: ColumnType) -> str:
    """The DuckDB 2.0 type that holds a column.

    Timestamps have microseconds and no zone, whatever their precision: instants are in UTC.
    """
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return "VARCHAR"
        case Kind.SMALLINT:
            return "SMALLINT"
        case Kind.INT:
            return "INTEGER"
        case Kind.BIGINT:
            return "BIGINT"
        case Kind.FLOAT:
            return "FLOAT"
        case Kind.DOUBLE:
            return "DOUBLE"
        case Kind.BOOLEAN:
            return "BOOLEAN"
        case Kind.BINARY:
            return "BLOB"
        case Kind.DATE:
            return "DATE"
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return "TIMESTAMP"
        case Kind.DECIMAL:
            return f"DECIMAL{column.arguments}"
        case Kind.ARRAY:
            return f"{duckdb_type(column.element)}[]"
        case Kind.MAP:
            return f"MAP(VARCHAR, {duckdb_type(column.element)})"
        case Kind.ROW:
            listed = ", ".join(f"{identifier(field.name)} {duckdb_type(field.type)}" for field in column.fields)
            return f"STRUCT({listed})"
        case _:
            assert_never(column.kind)


PLACES = 1 << 40
"""Numbers that the rows of one file may have, where there are several: more rows than any file holds."""


def describe(source: CheckedSource, paths: Sequence[Path]) -> dict[str, Any]:
    """A source as plain JSON, for `open_source` in this or another process. `paths` are the files themselves."""
    return {
        "name": source.name,
        "path": str(paths[0]),
        **({"paths": [str(path) for path in paths]} if len(paths) > 1 else {}),
        "format": source.format,
        "nulls": source.spec.nulls,
        "order": list(source.spec.order),
        "columns": {name: str(column) for name, column in source.columns.items()},
        **({"bad": "skip"} if source.spec.on_bad_record == "skip" else {}),
        **Layout.of(source.spec, source.columns).told(),
    }


def columns_of(source: Mapping[str, Any]) -> dict[str, ColumnType]:
    """The declared columns of a description, in order."""
    return {name: ColumnType.parse(text) for name, text in source["columns"].items()}


def paths_of(source: Mapping[str, Any]) -> list[Path]:
    """The files of a description, in the order in which they are read."""
    return [Path(path) for path in source.get("paths", (source["path"],))]


def open_source(
    connection: DuckDBPyConnection,
    source: Mapping[str, Any],
    view_name: str,
    *,
    scratch: Path | None = None,
    row_column: str = "",
) -> None:
    """Makes the view `view_name` over the file, or the files, that `source` (see `describe`) tells of.

    The view has exactly the declared columns in their order and types, plus `row_column` (BIGINT, the row's number
    in the file from 1, a CSV header not counted) where it is named. Times with an offset become UTC. In a CSV file
    the text `nulls` is no value, quoted or not. A zip's only member is extracted below `scratch` (a temporary folder
    of its own where None) and kept there.

    Where the source says so, rows that do not fit are not among them: they are rows of the view that `aside_of` names,
    with their number (`row`) and why they do not fit (`reason`). A CSV row with more or fewer fields than the first
    line is still an error.

    Where a file begins with a later row, `skipped` of the description says for each how many are before it.

    Several files are read here and now, one after the other, into a temporary table; to the number of a row is then
    added `PLACES` times that of its file, from 0.

    Raises SourceFileError where the file is missing or lacks a column. Values are checked when rows are read: the
    query then fails with a `duckdb.Error` whose text ends with file, row, column, value and reason.
    """
    paths = paths_of(source)
    if len(paths) == 1:
        _open_file(connection, source, view_name, scratch, row_column)
        return
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rosace-", dir=scratch) as folder:
        for number, path in enumerate(paths):
            unpacked = Path(folder, str(number))
            skipped = source.get("skipped", ())[number : number + 1]
            one = {**source, "path": str(path), "skipped": skipped}
            _open_file(connection, one, "rosace file", unpacked, row_column)
            row = f" REPLACE ({identifier(row_column)} + {number * PLACES} AS {identifier(row_column)})"
            rows = f'SELECT *{row if row_column else ""} FROM "rosace file"'
            into = f"INSERT INTO {_KEPT} {rows}" if number else f"CREATE OR REPLACE TEMP TABLE {_KEPT} AS {rows}"
            connection.execute(into)
            if skips(source):
                rows = f'SELECT "row" + {number * PLACES} AS "row", reason FROM {identifier(aside_of("rosace file"))}'
                begin = f"INSERT INTO {_ASIDE}" if number else f"CREATE OR REPLACE TEMP TABLE {_ASIDE} AS"
                connection.execute(f"{begin} {rows}")
            shutil.rmtree(unpacked, ignore_errors=True)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(view_name)} AS FROM {_KEPT}")
    if skips(source):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(aside_of(view_name))} AS FROM {_ASIDE}")


_KEPT, _ASIDE = '"rosace files"', '"rosace files aside"'


def skips(source: Mapping[str, Any]) -> bool:
    """Whether rows that do not fit are set aside, where else the first one is an error."""
    return source.get("bad") == "skip"


def aside_of(view_name: str) -> str:
    """The view of the rows that were set aside of those in `view_name`."""
    return f"{view_name} set aside"


def _open_file(
    connection: DuckDBPyConnection, source: Mapping[str, Any], view_name: str, scratch: Path | None, row_column: str
) -> None:
    path, columns = Path(source["path"]), columns_of(source)
    refuse_missing(source, path)
    for macro in MACROS:
        connection.execute(macro)
    real = extracted(path, scratch)
    ask: Ask = "lenient" if skips(source) else "value"
    reasons: list[str] = []
    if source["format"] == "parquet":
        rows, checked = _parquet(connection, source, real, columns, ask)
        if skips(source):
            reasons = _parquet(connection, source, real, columns, "reason")[1]
    else:
        of = files_csv if source["format"] == "csv" else files_json
        rows, texts = of.rows(source, real, columns, scratch)
        shown = str(source.get("shown", path.name))
        layout = Layout.read(source)
        checked = [of_text(texts[name], column, name, shown, layout, ask) for name, column in columns.items()]
        if skips(source):
            reasons = [of_text(texts[name], column, name, shown, layout, "reason") for name, column in columns.items()]
            reasons = [BAD, *reasons] if of is files_json else reasons
    if before := int(source.get("before", 0)):
        # A piece of a file: its rows have the numbers that they have there.
        rows = f"SELECT * REPLACE ({ROW} + {before} AS {ROW}) FROM ({rows})"
    tail = f", {ROW} AS {identifier(row_column)}" if row_column else ""
    selected = ", ".join(f"{value} AS {identifier(name)}" for name, value in zip(columns, checked, strict=True))
    if not reasons:
        connection.execute(f"CREATE OR REPLACE VIEW {identifier(view_name)} AS SELECT {selected}{tail} FROM ({rows})")
        return
    why = f"coalesce({', '.join(reasons)})"
    fit = f"SELECT {selected}{tail} FROM ({rows}) WHERE {why} IS NULL"
    connection.execute(f"CREATE OR REPLACE VIEW {identifier(view_name)} AS {fit}")
    aside = f'SELECT {ROW} AS "row", {why} AS reason FROM ({rows}) WHERE {why} IS NOT NULL'
    connection.execute(f"CREATE OR REPLACE VIEW {identifier(aside_of(view_name))} AS {aside}")


def of_text(text: str, column: ColumnType, name: str, file: str, layout: Layout, ask: Ask = "value") -> str:
    """SQL for the value of a text, which is written as the layout says; JSON where the column is nested."""
    family, format = facts(column.kind).family, layout.format(name)
    if family == "nested":
        return nested_text(text, column, name, file, duckdb_type, ask)
    usual, form = text, ""
    if format:
        usual, form = usual_time(text, format), f" written as {format}"
    elif layout.decimal == "," and family == "number":
        usual, form = usual_number(text), " with a decimal comma"
    return from_text(usual, duckdb_type(column), column, name, file, raw=text, form=form, ask=ask)


def of_typed(value: str, held: str, column: ColumnType, name: str, file: str, ask: Ask = "value") -> str:
    """SQL for a value of the column `name` of a Parquet file, which has the DuckDB type `held`."""
    if facts(column.kind).family == "nested":
        return nested_typed(value, column, name, file, duckdb_type, ask)
    return from_typed(value, held, duckdb_type(column), column, name, file, ask)


def header(path: Path, format: Format, layout: Layout = PLAIN) -> list[str]:
    """The names of a file's columns, cheaply: its first line, its Parquet footer, or its first JSON objects.

    Raises SourceFileError where the file cannot be read as `format`.
    """
    if format == "csv":
        return files_csv.header(path, layout)[1]
    if format == "jsonl":
        return files_json.header(path, layout.encoding)
    return list(parquet_types(path))


def parquet_types(path: Path) -> dict[str, str]:
    """The DuckDB types of a Parquet file's columns, by its footer."""
    import duckdb

    refuse_bomb(path)
    with tempfile.TemporaryDirectory(prefix="rosace-") as folder, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{LOOK_MEMORY}'")
        connection.execute("SET threads = 1")
        return _parquet_types(connection, extracted(path, Path(folder)))


def said(error: Exception) -> str:
    """What an error says of a file, on one line, without DuckDB's advice on options that nobody can set here."""
    text = str(error)
    for advice in ("\nPossible fixes:", "\nPossible Solution:", "\n\nLINE ", "\nTry "):
        text = text.partition(advice)[0]
    return " ".join(text.split()).removeprefix("Invalid Input Error: ")


def _parquet(
    connection: DuckDBPyConnection,
    source: Mapping[str, Any],
    path: Path,
    columns: Mapping[str, ColumnType],
    ask: Ask,
) -> tuple[str, list[str]]:
    layout, types = Layout.read(source), _parquet_types(connection, path)
    files_csv.refuse_missing(source, path, list(types), columns, layout)
    kinds = {name: types[layout.named(name)] for name in columns}
    for name, column in columns.items():
        if not (spelled(layout, name, kinds[name]) or fits(kinds[name], column, connection)):
            raise SourceFileError(
                f"source `{source['name']}`: column `{name}` of {path.name} holds {kinds[name]}, which is no {column}"
            )
    # A column of the file that nobody declared is not even read.
    held = ", ".join(f"{identifier(layout.named(name))} AS {identifier(name)}" for name in columns)
    rows = f"SELECT {held}, file_row_number + 1 AS {ROW} FROM read_parquet({located(path)}, file_row_number=true)"
    shown = Path(source["path"]).name
    typed: list[str] = []
    for name, column in columns.items():
        value, kind = identifier(name), kinds[name]
        if spelled(layout, name, kind):
            typed.append(of_text(f"CAST({value} AS VARCHAR)", column, name, shown, layout, ask))
        else:
            typed.append(of_typed(value, kind, column, name, shown, ask))
    return rows, typed


def spelled(layout: Layout, name: str, held: str) -> bool:
    """Whether a column of a Parquet file is read in the format that its source says: one of numbers or of texts is."""
    return layout.format(name) is not None and (numeric(held) or held == "VARCHAR")


def fits(held: str, column: ColumnType, connection: DuckDBPyConnection | None = None) -> bool:
    """Whether a column of a Parquet file of DuckDB's type `held` may hold a declared column: of nested ones only the
    very same type does. Pass a `connection` where there is one."""
    if facts(column.kind).family != "nested" or not readable(held, column):
        return readable(held, column)
    import duckdb

    with contextlib.ExitStack() as stack:
        asked = connection or stack.enter_context(duckdb.connect())
        row = asked.execute(f"SELECT typeof(CAST(NULL AS {duckdb_type(column)}))").fetchone()
    return row is not None and row[0] == held


def _parquet_types(connection: DuckDBPyConnection, path: Path) -> dict[str, str]:
    import duckdb

    try:
        found = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({located(path)})").fetchall()
    except duckdb.Error as error:
        # The lines behind the first show the query, which is ours.
        why = str(error).splitlines()[0].replace(str(path), path.name)
        raise SourceFileError(f"{path}: not a Parquet file that can be read ({why})") from None
    return {row[0]: row[1] for row in found}
