"""SQL that turns JSON, or a nested value of Parquet, into a list, map or row of a declared type.

Comes in: SQL for a value as the file has it. Goes out: SQL for the typed value, which fails with file, row, column and
value where a part does not fit (`files_sql` for each). Pure. A list, map or row is bound to a parameter `x` with its
depth, so that no part is written more than once.
"""

from __future__ import annotations

from collections.abc import Callable

from rosace.kit.files_sql import ROW, SHOWN, from_text, from_typed, identifier, literal
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts, with_article

Typed = Callable[[ColumnType], str]
"""The DuckDB type of a column."""


class Nested:
    """Reads one column. `typed` says DuckDB's types; `name` and `file` are for what is said of a wrong value."""

    def __init__(self, name: str, file: str, typed: Typed) -> None:
        self._name, self._file, self._typed = name, file, typed

    def of_text(self, text: str, column: ColumnType) -> str:
        """The value of a text, which is JSON with numbers as texts."""
        return self._of_json(f"CAST({text} AS JSON)", column, 0)

    def _of_json(self, found: str, column: ColumnType, depth: int) -> str:
        within, below = f"x{depth}", depth + 1
        if facts(column.kind).family != "nested":
            return self._scalar(found, column)
        absent = f"{found} IS NULL OR json_type({found}) = 'NULL'"
        if column.kind is Kind.ARRAY:
            made = f"list_transform(CAST({found} AS JSON[]), lambda {within}: "
            return self._told(found, absent, "ARRAY", f"{made}{self._of_json(within, column.element, below)})", column)
        once = f"list_unique(json_keys({found})) = len(json_keys({found}))"
        if column.kind is Kind.MAP:
            path = f"'/' || replace(replace(k{depth}, '~', '~0'), '/', '~1')"
            part = self._of_json(f"json_extract({within}, {path})", column.element, below)
            entries = f"list_transform(json_keys({within}), lambda k{depth}: {{'k': k{depth}, 'v': {part}}})"
            made = f"map_from_entries({entries})"
        else:
            found_of = ((one, f"json_extract({within}, {literal('/' + one.name)})") for one in column.fields)
            parts = (f"{identifier(one.name)} := {self._of_json(part, one.type, below)}" for one, part in found_of)
            made = f"struct_pack({', '.join(parts)})"
        bound = f"list_transform([{found}], lambda {within}: {made})[1]"
        return self._told(found, absent, "OBJECT", bound, column, once)

    def _scalar(self, found: str, column: ColumnType) -> str:
        value = from_text(f"({found} ->> '$')", self._typed(column), column, self._name, self._file)
        if facts(column.kind).family != "text":
            return value
        # No list or object is a text; of what is no text its own grammar says so.
        wrong = self._wrong(f"CAST({found} AS VARCHAR)", column)
        return f"CASE WHEN json_type({found}) IN ('ARRAY', 'OBJECT') THEN {wrong} ELSE {value} END"

    def _told(self, found: str, absent: str, kind: str, made: str, column: ColumnType, also: str = "true") -> str:
        fits = f"json_type({found}) = '{kind}' AND {also}"
        wrong = self._wrong(f"CAST({found} AS VARCHAR)", column)
        value = f"CAST({made} AS {self._typed(column)})"
        return f"CASE WHEN {absent} THEN {self._absent(column)} WHEN {fits} THEN {value} ELSE {wrong} END"

    def of_typed(self, value: str, column: ColumnType, depth: int = 0) -> str:
        """The value of one that has the column's own DuckDB type: its parts are looked at one by one."""
        within, below = f"x{depth}", depth + 1
        if facts(column.kind).family != "nested":
            held = self._typed(column)
            return from_typed(value, held, held, column, self._name, self._file)
        if column.kind is Kind.ARRAY:
            made = f"list_transform({value}, lambda {within}: {self.of_typed(within, column.element, below)})"
        elif column.kind is Kind.MAP:
            part = self.of_typed(f"{within}.value", column.element, below)
            entry = f"{{'k': {within}.key, 'v': {part}}}"
            made = f"map_from_entries(list_transform(map_entries({value}), lambda {within}: {entry}))"
        else:
            parts = (
                f"{identifier(one.name)} := {self.of_typed(f'{within}.{identifier(one.name)}', one.type, below)}"
                for one in column.fields
            )
            made = f"list_transform([{value}], lambda {within}: struct_pack({', '.join(parts)}))[1]"
        return f"CASE WHEN {value} IS NULL THEN {self._absent(column)} ELSE CAST({made} AS {self._typed(column)}) END"

    def _absent(self, column: ColumnType) -> str:
        said = literal(f"no value, but the column is `{column}`: never null")
        return f"error({self._where()} || {said})" if column.required else "NULL"

    def _wrong(self, text: str, column: ColumnType) -> str:
        return (
            f"error({self._where()} || '`' || left({text}, {SHOWN}) || {literal(f'` is not {with_article(column)}')})"
        )

    def _where(self) -> str:
        return f"{literal(self._file + ', row ')} || {ROW} || {literal(f', column `{self._name}`: ')}"
