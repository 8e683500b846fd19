"""A platform's column types in Trino's words, and how a value is read from a record's JSON. Pure.

Comes in: column types. Goes out: types and SQL of Trino 476.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from rosace.model.columns import ColumnType, Kind

DECODED_DIGITS = 3
"""Fractional digits of a timestamp that the connector's JSON decoder reads."""


def quote(name: str) -> str:
    """An identifier that is taken as it is written (but for case, which Trino ignores even so)."""
    return '"' + name.replace('"', '""') + '"'


def column_type(column: ColumnType) -> str:
    """The type that holds a column without loss, without `NOT NULL`."""
    return _type(column, column_type)


def stored_type(column: ColumnType) -> str:
    """The type of a column of the lake's tables: Iceberg keeps six digits of every time, and no 16 bits (TypeConverter,
    Trino 476)."""
    match column.kind:
        case Kind.SMALLINT:
            return "integer"
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return column_type(replace(column, precision=6))
        case _:
            return _type(column, stored_type)


def _type(column: ColumnType, inner: Callable[[ColumnType], str]) -> str:
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return "varchar"
        case Kind.SMALLINT:
            return "smallint"
        case Kind.INT:
            return "integer"
        case Kind.BIGINT:
            return "bigint"
        case Kind.FLOAT:
            return "real"
        case Kind.DOUBLE:
            return "double"
        case Kind.BOOLEAN:
            return "boolean"
        case Kind.BINARY:
            return "varbinary"
        case Kind.DATE:
            return "date"
        case Kind.TIMESTAMP:
            return f"timestamp({column.precision})"
        case Kind.TIMESTAMPTZ:
            return f"timestamp({column.precision}) with time zone"
        case Kind.DECIMAL:
            return f"decimal{column.arguments}"
        case Kind.ARRAY:
            return f"array({inner(column.element)})"
        case Kind.MAP:
            return f"map(varchar, {inner(column.element)})"
        case Kind.ROW:
            return f"row({', '.join(f'{quote(field.name)} {inner(field.type)}' for field in column.fields)})"
        case _:
            assert_never(column.kind)


def record_type(column: ColumnType) -> str:
    """The type as which the connector decodes a column from JSON: text where it knows nothing better."""
    return "VARCHAR" if as_text(column) else column_type(column).upper()


def as_text(column: ColumnType) -> bool:
    """Whether the connector's decoder of JSON lacks the type, or would change a value of it."""
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME | Kind.SMALLINT | Kind.INT | Kind.BIGINT | Kind.DOUBLE:
            return False
        case Kind.BOOLEAN | Kind.DATE:
            return False
        case Kind.TIMESTAMP:
            return column.precision != DECODED_DIGITS
        case Kind.FLOAT | Kind.BINARY | Kind.TIMESTAMPTZ | Kind.DECIMAL | Kind.ARRAY | Kind.MAP | Kind.ROW:
            return True
        case _:
            assert_never(column.kind)


def from_text(text: str, column: ColumnType) -> str:
    """SQL for the value that a text of a record's JSON stands for."""
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return text
        case Kind.BINARY:
            return f"from_base64({text})"
        case Kind.TIMESTAMPTZ:
            moment = f"CAST(replace(replace({text}, 'T', ' '), 'Z') AS timestamp({column.precision}))"
            return f"with_timezone({moment}, 'UTC')"
        case Kind.TIMESTAMP:
            return f"CAST(replace({text}, 'T', ' ') AS {column_type(column)})"
        case _:
            return f"CAST({text} AS {column_type(column)})"


_NUMBERS = r'("(?:[^"\\]|\\.)*")|(-?[0-9][-+.eE0-9]*)'
"""A text of JSON, or a number outside of any."""

WORDED = f"""json_parse(regexp_replace("_message", '{_NUMBERS}', g -> coalesce(g[1], '"' || g[2] || '"')))"""
"""SQL for a record with its numbers as texts: Trino's own type for JSON would make binary fractions of them."""


def from_json(found: str, column: ColumnType, depth: int = 0) -> str:
    """SQL for the value that a part of a record (see `WORDED`) stands for. What is within is a parameter `x`."""
    within = f"x{depth}"
    match column.kind:
        case Kind.ARRAY:
            inner = from_json(within, column.element, depth + 1)
            return f"transform(CAST({found} AS array(json)), {within} -> {inner})"
        case Kind.MAP:
            inner = from_json(within, column.element, depth + 1)
            return f"transform_values(CAST({found} AS map(varchar, json)), (k{depth}, {within}) -> {inner})"
        case Kind.ROW:
            members = f"CAST({found} AS map(varchar, json))"
            parts = (from_json(f"element_at({within}, '{one.name}')", one.type, depth + 1) for one in column.fields)
            made = f"CAST(ROW({', '.join(parts)}) AS {column_type(column)})"
            # A list binds the members to a name, so that they are read once.
            return f"element_at(transform(filter(ARRAY[{members}], m -> m IS NOT NULL), {within} -> {made}), 1)"
        case _:
            return from_text(f"CAST({found} AS varchar)", column)
