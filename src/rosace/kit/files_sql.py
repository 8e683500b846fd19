"""SQL that turns what a file holds into a declared column type, or fails with file, row, column and value.

Comes in: SQL for a value as the file has it. Goes out: SQL for the typed value. Pure. The rule everywhere: a value
that the type cannot hold without loss is an error, never rounded, cut or wrapped. DuckDB 2.0's casts from text round
(`12345e-3` becomes 12.35), cut (`2024-01-01T12:00` becomes a date) and take more than people mean (`1_000`), so each
kind of value has its own grammar here, and the casts see only what they keep. `observe.verify.values` holds the
same grammars for its own reader, and a test compares the two over generated texts.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, assert_never

from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts, with_article

FIRST, LAST = "TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59.999999'"
"""Years that ISO 8601 writes with four digits, which is all that every engine here reads back."""

ROW = '"file row"'
"""The row's number in its file, from 1; no declared column can have this name."""

BAD = '"file bad"'
"""Why a row does not fit, in rows of which those that do not are set aside; no declared column can have this name."""

Ask = Literal["value", "lenient", "reason"]
"""What SQL is wanted of a field: its value or an error, its value or NULL, why it is none (NULL where it is one)."""


def numbered(source: Mapping[str, Any]) -> str:
    """SQL for a row's number, in a description's one file, from which the rows before it may have been left out."""
    skipped = next(iter(source.get("skipped", ())), 0)
    return f"row_number() OVER () + {skipped}" if skipped else "row_number() OVER ()"


SHOWN = 80
"""Characters of a refused value that a message shows."""

TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
"""What a truth is written as, in any case of letters."""

_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_PARTS = r"^[+-]?([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$"
_UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_NOT_FINITE = r"(?i)[+-]?(nan|inf|infinity)"
_DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"
_MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?)?"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?"
_OFFSET = r"[+-](0[0-9]|1[0-8])(:?[0-5][0-9])?"
"""As java.time's ZoneOffset: 18 hours and no seconds."""

MACROS = (
    # The parts of a number: digits before and after the point, and the exponent.
    "CREATE OR REPLACE TEMP MACRO rosace_whole(t) AS regexp_extract(t, '" + _PARTS + "', 1)",
    "CREATE OR REPLACE TEMP MACRO rosace_broken(t) AS regexp_extract(t, '" + _PARTS + "', 2)",
    "CREATE OR REPLACE TEMP MACRO rosace_exponent(t) AS"
    " coalesce(try_cast(regexp_extract(t, '" + _PARTS + "', 3) AS INTEGER), 0)",
    # Digits behind the point that the value needs: negative where it ends in zeros before the point.
    "CREATE OR REPLACE TEMP MACRO rosace_scale(t) AS CASE WHEN regexp_matches(rosace_whole(t) || rosace_broken(t),"
    " '[1-9]') THEN length(rtrim(rosace_whole(t) || rosace_broken(t), '0')) - length(rosace_whole(t))"
    " - rosace_exponent(t) ELSE 0 END",
    # The digits `d` with a point behind the first `p` of them.
    "CREATE OR REPLACE TEMP MACRO rosace_pointed(d, p) AS CASE WHEN p <= 0 THEN '0.' || repeat('0', -p) || d"
    " WHEN p >= length(d) THEN d || repeat('0', p - length(d)) ELSE left(d, p) || '.' || substr(d, p + 1) END",
    # The same number without an exponent, and without zeros that decide nothing.
    "CREATE OR REPLACE TEMP MACRO rosace_plain(t) AS CASE WHEN starts_with(t, '-') THEN '-' ELSE '' END ||"
    " rosace_pointed(rtrim(rosace_whole(t) || rosace_broken(t), '0'), length(rosace_whole(t)) + rosace_exponent(t))",
)
"""What `from_text` needs in the connection."""


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"


def located(path: Path) -> str:
    """A file as SQL for DuckDB's readers, which take a name for a pattern: `d*.csv` shall read no other file."""
    return literal(glob.escape(str(path)))


def from_text(
    text: str,
    target: str,
    column: ColumnType,
    name: str,
    file: str,
    *,
    raw: str = "",
    form: str = "",
    ask: Ask = "value",
) -> str:
    """The typed value of a text (`text` is SQL of type VARCHAR; `ROW` is in scope, `MACROS` are in the connection).

    Where `text` is what became of the file's own, a message shows that, `raw`, and says in which `form` it is not.
    """
    shown = (raw or text, form)
    return _checked(text, _readings(text, target, column), column, name, file, shown, ask)


def from_typed(value: str, held: str, target: str, column: ColumnType, name: str, file: str, ask: Ask = "value") -> str:
    """The typed value of a value that has the DuckDB type `held` in its file; `unreadable` was asked before."""
    shown = f"CAST({value} AS VARCHAR)"
    as_text = facts(column.kind).family == "text" or (held in _BINARY and column.kind is Kind.DECIMAL)
    if held.startswith("ENUM") or as_text:
        # A double becomes the decimal that it is written as, not the one that its bits are.
        value, held = shown, "VARCHAR"
    if held == "VARCHAR":
        return from_text(value, target, column, name, file, ask=ask)
    if held == "TIMESTAMP WITH TIME ZONE":
        # Its microseconds since the epoch are UTC; a cast would use the session's time zone.
        value, held = f"make_timestamp(epoch_us({value}))", "TIMESTAMP"
    cast = f"try_cast({value} AS {target})"
    # There and back again: whatever the two types are, a loss shows.
    fits = f"try_cast({cast} AS {held}) = {value}{_in_range(cast, column)}"
    return _checked(shown, [(fits, cast)], column, name, file, (shown, ""), ask)


_BINARY = ("FLOAT", "DOUBLE")
_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")


def numeric(held: str) -> bool:
    """Whether a DuckDB type is of exact numbers."""
    return held in _NUMERIC or held.startswith("DECIMAL")


def readable(held: str, column: ColumnType) -> bool:
    """Whether values of the DuckDB type `held` can be exactly values of a column at all.

    Text can be anything. What has no text of its own that all readers agree on (lists, bytes, intervals, and for
    a string doubles and times too) is nothing.
    """
    if facts(column.kind).family != "nested" and (held == "VARCHAR" or held.startswith("ENUM")):
        return True
    whole = numeric(held)
    match column.kind:
        case Kind.STRING:
            return whole or held in ("BOOLEAN", "DATE", "UUID")
        case Kind.UUID | Kind.TIME:
            return held == column.kind.name
        case Kind.BINARY:
            return held == "BLOB"
        case Kind.BOOLEAN:
            return held == "BOOLEAN"
        case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return held in _TIMES
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT | Kind.FLOAT | Kind.DOUBLE | Kind.DECIMAL:
            return whole or held in _BINARY
        case Kind.ARRAY | Kind.MAP | Kind.ROW:
            # Whether it is the very same DuckDB can be asked (`files.fits`).
            return held.endswith("]") or held.startswith(("MAP(", "STRUCT("))
        case _:
            assert_never(column.kind)


def read_as_text(held: str, column: ColumnType) -> bool:
    """Whether values of the DuckDB type `held` are texts that are read as something else, one by one."""
    return column.kind is not Kind.STRING and (held == "VARCHAR" or held.startswith("ENUM"))


def _readings(text: str, target: str, column: ColumnType) -> list[tuple[str, str]]:
    """Conditions with the value that each vouches for, in order: the usual spelling first, since it costs less."""
    bare = f"trim({text})"
    cast = f"try_cast({text} AS {target})"
    match column.kind:
        case Kind.STRING:
            return [("true", text)]
        case Kind.UUID:
            return [(f"regexp_full_match({bare}, '{_UUID}')", f"lower({bare})")]
        case Kind.TIME:
            return [_time_of_day(bare, column)]
        case Kind.BINARY:
            # Bits behind the last byte are to be none: else two texts would be the same bytes.
            value = f"TRY(from_base64({bare}))"
            return [(f"regexp_full_match({bare}, '{_BASE64}') AND to_base64({value}) = {bare}", value)]
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT:
            # `517.0`, as tools write whole numbers beside missing ones, is 517.
            value = f"try_cast(rosace_plain({bare}) AS {target})"
            return [(f"CAST({cast} AS VARCHAR) = {text}", cast), (_number(bare, 0, value), value)]
        case Kind.DECIMAL:
            value = f"try_cast(rosace_plain({bare}) AS {target})"
            digits = rf"(\.[0-9]{{1,{column.scale}}})?" if column.scale else ""
            usual = f"{cast} IS NOT NULL AND regexp_full_match({text}, '[+-]?[0-9]+{digits}')"
            return [(usual, cast), (_number(bare, column.scale, value), value)]
        case Kind.FLOAT | Kind.DOUBLE:
            power = 30 if column.kind is Kind.FLOAT else 300
            usual = f"abs({cast}) BETWEEN 1e-{power} AND 1e{power} AND NOT contains({text}, '_')"
            return [(usual, cast), _binary(bare, target)]
        case Kind.BOOLEAN:
            return [(_word(bare, TRUE), "true"), (_word(bare, FALSE), "false")]
        case Kind.DATE:
            day = f"try_cast(regexp_extract({bare}, '^[0-9]+[-/][0-9]+[-/][0-9]+') AS DATE)"
            form = f"regexp_full_match({bare}, '({_DAY}){_MIDNIGHT}'){_in_range(day, column)}"
            return [(f"CAST({cast} AS VARCHAR) = {text}{_in_range(cast, column)}", cast), (form, day)]
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            usual = f"CAST({cast} AS VARCHAR) = rtrim(replace({text}, 'T', ' '), 'Z')"
            return [(f"{usual}{_in_range(cast, column)}", cast), *_times(bare, column)]
        case Kind.ARRAY | Kind.MAP | Kind.ROW:
            raise ValueError(f"{column}: read by files_nested")
        case _:
            assert_never(column.kind)


def _time_of_day(bare: str, column: ColumnType) -> tuple[str, str]:
    """A time of day has one form: as many digits as the column says, zeros too."""
    digits = f"rtrim(regexp_extract({bare}, '[.]([0-9]+)$', 1), '0')"
    clock = f"rpad(split_part({bare}, '.', 1), 8, ':00')"
    fits = f"regexp_full_match({bare}, '{_CLOCK}') AND length({digits}) <= {column.precision}"
    return fits, f"{clock} || '.' || rpad({digits}, {column.precision}, '0')"


def _number(bare: str, scale: int, value: str) -> str:
    fits = f"rosace_scale({bare}) <= {scale} AND {value} IS NOT NULL"
    return f"regexp_full_match({bare}, '{_NUMBER}') AND {fits}"


def _binary(bare: str, target: str) -> tuple[str, str]:
    """What is too large for a double or a float, or too small to differ from nothing, is refused; the rest is the
    nearest one."""
    value = f"try_cast({bare} AS {target})"
    small = f"{value} = 0 AND regexp_full_match({bare}, '[-+.0]+([eE].*)?')"
    number = f"regexp_full_match({bare}, '{_NUMBER}') AND (isfinite({value}) AND {value} <> 0 OR {small})"
    return f"{number} OR regexp_full_match({bare}, '{_NOT_FINITE}')", value


def _word(bare: str, words: tuple[str, ...]) -> str:
    return f"lower({bare}) IN ({', '.join(map(literal, words))})"


def _times(bare: str, column: ColumnType) -> list[tuple[str, str]]:
    """Text with an offset becomes UTC; without one, or with `Z`, it is UTC already; anything else is no timestamp.

    The two are told apart here because DuckDB 2.0 ignores an offset when it casts text to TIMESTAMP.
    """
    # Only a text longer than date, time and six digits can hold more digits than DuckDB keeps.
    digits = rf"(length({bare}) <= 26 OR regexp_extract({bare}, '\.\d{{6}}(\d*[1-9])', 1) = '')"
    day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    plain, in_utc = f"try_cast({bare} AS TIMESTAMP)", f"make_timestamp(epoch_us(try_cast({bare} AS TIMESTAMPTZ)))"
    return [
        (f"regexp_full_match({bare}, '{form}') AND {value} IS NOT NULL{_in_range(value, column)} AND {digits}", value)
        for form, value in ((f"{day}([T ]{_CLOCK}Z?)?", plain), (f"{day}[T ]{_CLOCK}{_OFFSET}", in_utc))
    ]


def _in_range(value: str, column: ColumnType) -> str:
    if column.kind in (Kind.TIMESTAMP, Kind.TIMESTAMPTZ):
        whole = f" AND epoch_us({value}) % 1000 = 0" if column.precision == 3 else ""
        return f" AND {value} BETWEEN {FIRST} AND {LAST}{whole}"
    if column.kind is Kind.DATE:
        return f" AND {value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    return ""


def _checked(
    text: str,
    readings: list[tuple[str, str]],
    column: ColumnType,
    name: str,
    file: str,
    shown: tuple[str, str],
    ask: Ask,
) -> str:
    raw, form = shown
    where = f"{literal(file + ', row ')} || {ROW} || {literal(f', column `{name}`: ')}"
    wrong = failed(f"{where} || '`' || left({raw}, {SHOWN}) || {literal(f'` is not {_words(column)}{form}')}", ask)
    absent = failed(f"{where} || {literal(f'no value, but the column is `{column}`: never null')}", ask)
    nothing = absent if column.required else "NULL"
    told = " ".join(f"WHEN {fits} THEN {'NULL' if ask == 'reason' else value}" for fits, value in readings)
    return f"CASE WHEN {text} IS NULL THEN {nothing} {told} ELSE {wrong} END"


def failed(message: str, ask: Ask) -> str:
    """SQL of what stands where a value is none; `message` is SQL for why."""
    return {"value": f"error({message})", "lenient": "NULL", "reason": message}[ask]


def _words(column: ColumnType) -> str:
    if column.kind in (Kind.TIMESTAMP, Kind.TIMESTAMPTZ):
        return f"a time of the years 1 to 9999 with at most {column.precision} fractional digits of a second"
    return with_article(f"{column.kind.value}{column.arguments}")
