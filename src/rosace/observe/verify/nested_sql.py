"""Nested columns in DuckDB, so that what is the same compares as the same.

Comes in: relations and their declared columns. Goes out: SQL. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from rosace.kit.files_sql import identifier
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts


def as_texts(relation: str, columns: Mapping[str, ColumnType]) -> str:
    """A relation with what is nested as DuckDB writes it, texts quoted, so that rows can be counted and shown."""
    if not any(facts(kind.kind).family == "nested" for kind in columns.values()):
        return relation
    listed = (
        f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}"
        if facts(kind.kind).family == "nested"
        else identifier(name)
        for name, kind in columns.items()
    )
    return f"(SELECT {', '.join(listed)} FROM {relation})"


def in_order(value: str, column: ColumnType, depth: int = 0) -> str:
    """SQL for a value whose maps have their entries in the order of the keys: to DuckDB 2.0 others are not equal."""
    within, below = f"x{depth}", depth + 1
    match column.kind:
        case Kind.ARRAY:
            inner = in_order(within, column.element, below)
            return value if inner == within else f"list_transform({value}, lambda {within}: {inner})"
        case Kind.MAP:
            entry = f"{{'k': {within}.key, 'v': {in_order(f'{within}.value', column.element, below)}}}"
            entries = f"list_transform(map_entries({value}), lambda {within}: {entry})"
            return f"map_from_entries(list_sort({entries}))"
        case Kind.ROW:
            parts = {field.name: f"{within}.{identifier(field.name)}" for field in column.fields}
            inner = {field.name: in_order(parts[field.name], field.type, below) for field in column.fields}
            if inner == parts:
                return value
            packed = ", ".join(f"{identifier(name)} := {text}" for name, text in inner.items())
            bound = f"list_transform([{value}], lambda {within}: struct_pack({packed}))[1]"
            return f"CASE WHEN {value} IS NOT NULL THEN {bound} END"
        case _:
            return value
