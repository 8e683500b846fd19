"""SQL that turns what a file holds into a declared column type, or fails with file, row, column and value.

Comes in: SQL for a value as the file has it. Goes out: SQL for the typed value. Pure. The rule everywhere: a value
that the type cannot hold without loss is an error, never rounded, cut or wrapped.
"""

from __future__ import annotations

from rosace.model.columns import ColumnType, Kind

FIRST, LAST = "TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59.999999'"
"""Years that ISO 8601 writes with four digits, which is all that every engine here reads back."""

ROW = '"file row"'
"""The row's number in its file, from 1; no declared column can have this name."""

SHOWN = 80
"""Characters of a refused value that a message shows."""


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"


def from_text(text: str, target: str, column: ColumnType, name: str, file: str) -> str:
    """The typed value of a text (`text` is SQL of type VARCHAR; `ROW` is in scope)."""
    value = f"({_timestamp(text)})" if column.kind is Kind.TIMESTAMP else f"try_cast({text} AS {target})"
    return _checked(text, value, _fits_text(text, value, column), column, name, file)


def from_typed(value: str, held: str, target: str, column: ColumnType, name: str, file: str) -> str:
    """The typed value of a value that has the DuckDB type `held` in its file."""
    if held == "VARCHAR":
        return from_text(value, target, column, name, file)
    if held == "TIMESTAMP WITH TIME ZONE":
        # Its microseconds since the epoch are UTC; a cast would use the session's time zone.
        value, held = f"make_timestamp(epoch_us({value}))", "TIMESTAMP"
    cast = f"try_cast({value} AS {target})"
    # There and back again: whatever the two types are, a loss shows.
    fits = f"try_cast({cast} AS {held}) = {value}{_in_range(cast, column)}"
    return _checked(f"CAST({value} AS VARCHAR)", cast, fits, column, name, file)


def _timestamp(text: str) -> str:
    """Text with an offset becomes UTC; without one, or with `Z`, it is UTC already; anything else is no timestamp.

    The two are told apart here because DuckDB 2.0 ignores an offset when it casts text to TIMESTAMP.
    """
    plain = f"regexp_full_match(substr({text}, 11), '([T ][0-9:.]*Z?)?')"
    offset = f"regexp_matches({text}, ':[0-9.]+ ?[+-][0-9]{{2}}(:?[0-9]{{2}})?$')"
    in_utc = f"make_timestamp(epoch_us(try_cast({text} AS TIMESTAMPTZ)))"
    return f"CASE WHEN {plain} THEN try_cast({text} AS TIMESTAMP) WHEN {offset} THEN {in_utc} END"


def _fits_text(text: str, value: str, column: ColumnType) -> str:
    match column.kind:
        case Kind.STRING:
            return "true"
        case Kind.INT:
            # `517.0`, as tools write whole numbers beside missing ones, is 517; DuckDB would also round 517.4.
            return f"try_cast({text} AS DOUBLE) = {value}"
        case Kind.BIGINT:
            return f"try_cast({text} AS DECIMAL(38,9)) = {value}"
        case Kind.DECIMAL:
            fraction = f"length(rtrim(split_part({text}, '.', 2), '0')) <= {column.scale}"
            return f"{value} IS NOT NULL AND {fraction}"
        case Kind.TIMESTAMP:
            # Only a text longer than date, time and six digits can hold more digits than DuckDB keeps.
            digits = rf"regexp_extract({text}, '\.\d{{6}}(\d*[1-9])', 1) = ''"
            return f"{value} IS NOT NULL{_in_range(value, column)} AND (length({text}) <= 26 OR {digits})"
        case _:
            return f"{value} IS NOT NULL{_in_range(value, column)}"


def _in_range(value: str, column: ColumnType) -> str:
    if column.kind is Kind.TIMESTAMP:
        whole = f" AND epoch_us({value}) % 1000 = 0" if column.precision == 3 else ""
        return f" AND {value} BETWEEN {FIRST} AND {LAST}{whole}"
    if column.kind is Kind.DATE:
        return f" AND {value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    return ""


def _checked(text: str, value: str, fits: str, column: ColumnType, name: str, file: str) -> str:
    where = f"{literal(file + ', row ')} || {ROW} || {literal(f', column `{name}`: ')}"
    wrong = f"error({where} || '`' || left({text}, {SHOWN}) || {literal(f'` is not a {_words(column)}')})"
    absent = f"error({where} || {literal(f'no value, but the column is `{column}`: never null')})"
    nothing = absent if column.required else "NULL"
    return f"CASE WHEN {text} IS NULL THEN {nothing} WHEN {fits} THEN {value} ELSE {wrong} END"


def _words(column: ColumnType) -> str:
    if column.kind is Kind.TIMESTAMP:
        return f"time of the years 1 to 9999 with at most {column.precision} fractional digits of a second"
    return f"{column.kind.value}{f'({column.precision},{column.scale})' if column.kind is Kind.DECIMAL else ''}"
