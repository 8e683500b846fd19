"""SQL that turns JSON, or a nested value of Parquet, into a list, map or row of a declared type.

Comes in: SQL for a value as the file has it. Goes out: SQL for the typed value, which fails with file, row, column and
value where a part does not fit (`files_sql` for each); or SQL for what is said of the first part that does not. Pure. A
list, map or row is bound to a parameter `x` with its depth, so that no part is written more than once.
"""

from __future__ import annotations

from collections.abc import Callable

from rosace.kit.files_sql import ROW, SHOWN, Ask, failed, from_text, from_typed, identifier, literal
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts, with_article

Typed = Callable[[ColumnType], str]
"""The DuckDB type of a column."""


def nested_text(text: str, column: ColumnType, name: str, file: str, typed: Typed, ask: Ask) -> str:
    """What is asked of the value of a text, which is JSON with numbers as texts."""

    def of(ask: Ask) -> str:
        return Nested(name, file, typed, ask).of_text(text, column)

    return _asked(of, ask)


def nested_typed(value: str, column: ColumnType, name: str, file: str, typed: Typed, ask: Ask) -> str:
    """The same of a value that has the column's own DuckDB type: its parts are looked at one by one."""

    def of(ask: Ask) -> str:
        return Nested(name, file, typed, ask).of_typed(value, column, 0)

    return _asked(of, ask)


def _asked(made: Callable[[Ask], str], ask: Ask) -> str:
    # A value with a wrong part is none at all: not one with a part left out.
    return f"CASE WHEN {made('reason')} IS NULL THEN {made('value')} END" if ask == "lenient" else made(ask)


class Nested:
    """Reads one column. `typed` says DuckDB's types; `name` and `file` are for what is said of a wrong value.

    Asked for the value, each part is its value or an error. Asked for the reason, each part is why it does not fit or
    NULL, and a list, map or row is the first of these.
    """

    def __init__(self, name: str, file: str, typed: Typed, ask: Ask) -> None:
        self._name, self._file, self._typed = name, file, typed
        self._ask: Ask = ask

    def of_text(self, text: str, column: ColumnType) -> str:
        """What is asked of a text."""
        found = self._of_json(f"CAST({text} AS JSON)", column, 0)
        return f"CASE WHEN NOT json_valid({text}) THEN {self._wrong(text, column)} ELSE {found} END"

    def _of_json(self, found: str, column: ColumnType, depth: int) -> str:
        within, below = f"x{depth}", depth + 1
        if facts(column.kind).family != "nested":
            return self._scalar(found, column)
        absent = f"{found} IS NULL OR json_type({found}) = 'NULL'"
        if column.kind is Kind.ARRAY:
            part = self._of_json(within, column.element, below)
            return self._told(
                found, absent, "ARRAY", self._each(f"CAST({found} AS JSON[])", within, part, depth), column
            )
        once = f"list_unique(json_keys({found})) = len(json_keys({found}))"
        if column.kind is Kind.MAP:
            path = f"'/' || replace(replace(k{depth}, '~', '~0'), '/', '~1')"
            part = self._of_json(f"json_extract({within}, {path})", column.element, below)
            entry = part if self._ask == "reason" else f"{{'k': k{depth}, 'v': {part}}}"
            entries = self._each(f"json_keys({within})", f"k{depth}", entry, depth)
            made = entries if self._ask == "reason" else f"map_from_entries({entries})"
        else:
            found_of = ((one, f"json_extract({within}, {literal('/' + one.name)})") for one in column.fields)
            made = self._packed([(one.name, self._of_json(part, one.type, below)) for one, part in found_of])
        bound = f"list_transform([{found}], lambda {within}: {made})[1]"
        return self._told(found, absent, "OBJECT", bound, column, once)

    def _each(self, several: str, parameter: str, part: str, depth: int) -> str:
        """A list of what `part` is of each, or the first reason among them."""
        made = f"list_transform({several}, lambda {parameter}: {part})"
        return f"list_filter({made}, lambda w{depth}: w{depth} IS NOT NULL)[1]" if self._ask == "reason" else made

    def _packed(self, parts: list[tuple[str, str]]) -> str:
        """A row of these parts, or the first reason among them."""
        if self._ask == "reason":
            return f"coalesce({', '.join(part for _, part in parts)})"
        return f"struct_pack({', '.join(f'{identifier(name)} := {part}' for name, part in parts)})"

    def _scalar(self, found: str, column: ColumnType) -> str:
        value = from_text(f"({found} ->> '$')", self._typed(column), column, self._name, self._file, ask=self._ask)
        if facts(column.kind).family != "text":
            return value
        # No list or object is a text; of what is no text its own grammar says so.
        wrong = self._wrong(f"CAST({found} AS VARCHAR)", column)
        return f"CASE WHEN json_type({found}) IN ('ARRAY', 'OBJECT') THEN {wrong} ELSE {value} END"

    def _told(self, found: str, absent: str, kind: str, made: str, column: ColumnType, also: str = "true") -> str:
        fits = f"json_type({found}) = '{kind}' AND {also}"
        wrong = self._wrong(f"CAST({found} AS VARCHAR)", column)
        value = self._cast(made, column)
        return f"CASE WHEN {absent} THEN {self._absent(column)} WHEN {fits} THEN {value} ELSE {wrong} END"

    def of_typed(self, value: str, column: ColumnType, depth: int) -> str:
        """What is asked of a value that has the column's own DuckDB type."""
        within, below = f"x{depth}", depth + 1
        if facts(column.kind).family != "nested":
            held = self._typed(column)
            return from_typed(value, held, held, column, self._name, self._file, self._ask)
        if column.kind is Kind.ARRAY:
            made = self._each(value, within, self.of_typed(within, column.element, below), depth)
        elif column.kind is Kind.MAP:
            part = self.of_typed(f"{within}.value", column.element, below)
            entry = part if self._ask == "reason" else f"{{'k': {within}.key, 'v': {part}}}"
            entries = self._each(f"map_entries({value})", within, entry, depth)
            made = entries if self._ask == "reason" else f"map_from_entries({entries})"
        else:
            found_of = ((one, f"{within}.{identifier(one.name)}") for one in column.fields)
            parts = [(one.name, self.of_typed(part, one.type, below)) for one, part in found_of]
            made = f"list_transform([{value}], lambda {within}: {self._packed(parts)})[1]"
        return f"CASE WHEN {value} IS NULL THEN {self._absent(column)} ELSE {self._cast(made, column)} END"

    def _cast(self, made: str, column: ColumnType) -> str:
        return made if self._ask == "reason" else f"CAST({made} AS {self._typed(column)})"

    def _absent(self, column: ColumnType) -> str:
        said = literal(f"no value, but the column is `{column}`: never null")
        return failed(f"{self._where()} || {said}", self._ask) if column.required else "NULL"

    def _wrong(self, text: str, column: ColumnType) -> str:
        said = literal(f"` is not {with_article(column)}")
        return failed(f"{self._where()} || '`' || left({text}, {SHOWN}) || {said}", self._ask)

    def _where(self) -> str:
        return f"{literal(self._file + ', row ')} || {ROW} || {literal(f', column `{self._name}`: ')}"
