"""Types of columns as a table's metadata says them, and back.

Comes in: a declared type, and the metadata that numbers what is new. Goes out: Iceberg's JSON of it (table
specification, "Primitive Types" and "Nested Types"). Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, assert_never

from rosace.model.columns import ColumnType, Field, Kind

Metadata: TypeAlias = dict[str, Any]


def numbered(after: Metadata) -> int:
    """The number of a column that is new."""
    after["last-column-id"] = int(after["last-column-id"]) + 1
    return after["last-column-id"]


def plain(column: ColumnType) -> ColumnType:
    """As a table holds it: times without their digits, texts of one form as texts."""
    fields = tuple(Field(field.name, plain(field.type)) for field in column.fields)
    match column.kind:
        case Kind.UUID | Kind.TIME:
            return ColumnType(Kind.STRING)
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return ColumnType(column.kind)
        case _:
            return ColumnType(column.kind, False, column.precision, column.scale, fields)


_WORDS = {
    Kind.STRING: "string", Kind.INT: "int", Kind.BIGINT: "long", Kind.FLOAT: "float", Kind.DOUBLE: "double",
    Kind.BOOLEAN: "boolean", Kind.BINARY: "binary", Kind.DATE: "date", Kind.TIMESTAMP: "timestamp",
    Kind.TIMESTAMPTZ: "timestamptz",
}  # fmt: skip
"""Iceberg's table specification, "Primitive Types". What is not here has arguments, or is stored as another kind."""
_KINDS = {word: kind for kind, word in _WORDS.items()}


def type_of(column: ColumnType, after: Metadata) -> Any:
    """A type as the table says it; what is in it gets numbers."""
    match column.kind:
        case Kind.UUID | Kind.TIME:
            return "string"
        case Kind.SMALLINT:
            return "int"
        case Kind.DECIMAL:
            return f"decimal({column.precision}, {column.scale})"
        case Kind.ARRAY:
            number = numbered(after)
            held = type_of(column.element, after)
            return {"type": "list", "element-id": number, "element-required": False, "element": held}
        case Kind.MAP:
            key, value = numbered(after), numbered(after)
            held = type_of(column.element, after)
            return {
                "type": "map", "key-id": key, "key": "string",
                "value-id": value, "value-required": False, "value": held,
            }  # fmt: skip
        case Kind.ROW:
            parts = [(numbered(after), field) for field in column.fields]
            fields = [
                {"id": number, "name": field.name, "required": False, "type": type_of(field.type, after)}
                for number, field in parts
            ]
            return {"type": "struct", "fields": fields}
        case (
            Kind.STRING | Kind.INT | Kind.BIGINT | Kind.FLOAT | Kind.DOUBLE | Kind.BOOLEAN | Kind.BINARY | Kind.DATE
            | Kind.TIMESTAMP | Kind.TIMESTAMPTZ
        ):  # fmt: skip
            return _WORDS[column.kind]
        case _:
            assert_never(column.kind)


def column_of(found: Any) -> ColumnType | None:
    """What a type of the table holds, as far as a declaration can say it; None for any other."""
    if isinstance(found, str):
        if found.startswith("decimal("):
            digits, scale = (int(number) for number in found[8:-1].split(","))
            return ColumnType(Kind.DECIMAL, False, digits, scale)
        kind = _KINDS.get(found)
        return ColumnType(kind) if kind else None
    inner: Sequence[tuple[str, Any]]
    match found["type"]:
        case "list":
            kind, inner = Kind.ARRAY, [("element", found["element"])]
        case "map":
            kind, inner = Kind.MAP, [("key", found["key"]), ("value", found["value"])]
        case _:
            kind, inner = Kind.ROW, [(field["name"], field["type"]) for field in found["fields"]]
    held = [(name, column_of(part)) for name, part in inner]
    fields = tuple(Field(name, part) for name, part in held if part is not None)
    return ColumnType(kind, fields=fields) if len(fields) == len(held) else None
