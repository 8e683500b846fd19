"""What a text or a value of another type means as a value of a column, computed by Python alone.

Comes in: a declared column and a value, as a file, a topic or a query has it. Goes out: `str, int, float, bool,
Decimal, bytes, date, datetime` or None, and lists and dicts of them. Must not: round, cut or wrap; nor use DuckDB,
whose casts the replay of files rests on (`kit.files_sql`): this is the other opinion. The grammars are the same, and a
test holds one against the other.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, assert_never
from uuid import UUID

from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts, with_article
from rosace.observe.verify.singles import float_of_text, float_of_value

Meaning = Callable[[Any], Any]


class Unfit(ValueError):
    """A value is none of its column's type; the text says why, without place."""


_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})([T ]00:00(:00(\.0+)?)?)?")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:Z|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?"
)
_CLOCK = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]+))?)?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TRUE, _FALSE = frozenset(("true", "t", "yes", "y", "1")), frozenset(("false", "f", "no", "n", "0"))

_WIDE = Context(prec=4000, traps=[Inexact, InvalidOperation])
"""Digits enough for any number that the grammar takes, so that whatever is not exact is an error."""


def meaning(column: ColumnType) -> Meaning:
    """A function from any value to the column's value; it raises Unfit, for None too where the column is never null.

    Of an array it makes a list, of a row a dict with all fields, of a map a list of pairs in the order of the keys.
    """
    if facts(column.kind).family == "nested":
        from rosace.observe.verify.nested import nested

        return nested(column)
    of_text, of_value = _readers(column.kind)

    def read(value: Any) -> Any:
        if value is None:
            if column.required:
                raise Unfit(f"no value, but the column is `{column}`: never null")
            return None
        try:
            return of_text(value, column) if isinstance(value, str) else of_value(value, column)
        except (Inexact, InvalidOperation, OverflowError, ValueError):
            raise Unfit(f"`{str(value)[:80]}` is not {with_article(column.kind.value)}") from None

    return read


def _text(text: str, column: ColumnType) -> str:
    del column
    # Half of a surrogate pair has no UTF-8.
    text.encode()
    return text


def _number(text: str) -> Decimal:
    bare = text.strip(" ")
    if not _NUMBER.fullmatch(bare):
        raise ValueError
    return Decimal(bare)


def _whole(number: Decimal | int, column: ColumnType) -> int:
    whole = number if isinstance(number, int) else int(_WIDE.to_integral_exact(number))
    bits = facts(column.kind).bits
    if not -(1 << bits) <= whole < 1 << bits:
        raise ValueError
    return whole


def _int_of_text(text: str, column: ColumnType) -> int:
    return _whole(int(text) if text.isdecimal() and text.isascii() else _number(text), column)


def _int(value: Any, column: ColumnType) -> int:
    match value:
        case bool():
            raise ValueError
        case int() | Decimal():
            return _whole(value, column)
        case float():
            return _whole(Decimal(value), column)
        case _:
            raise ValueError


def _decimal_of_text(text: str, column: ColumnType) -> Decimal:
    return _decimal(_number(text), column)


def _decimal(value: Any, column: ColumnType) -> Decimal:
    if isinstance(value, float):
        # As it is written, not as its bits are.
        value = Decimal(repr(value))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError
    unscaled = int(_WIDE.to_integral_exact(_WIDE.scaleb(Decimal(value), column.scale)))
    if abs(unscaled) >= 10**column.precision:
        raise ValueError
    return _WIDE.scaleb(Decimal(unscaled), -column.scale)


def _bytes_of_text(text: str, column: ColumnType) -> bytes:
    del column
    bare = text.strip(" ")
    found = base64.b64decode(bare, validate=True)
    # Bits behind the last byte are to be none.
    if base64.b64encode(found).decode() != bare:
        raise ValueError
    return found


def _bytes(value: Any, column: ColumnType) -> bytes:
    del column
    if not isinstance(value, bytes):
        raise ValueError
    return value


def _uuid_of_text(text: str, column: ColumnType) -> str:
    del column
    bare = text.strip(" ")
    if not _UUID.fullmatch(bare):
        raise ValueError
    return bare.lower()


def _uuid(value: Any, column: ColumnType) -> str:
    del column
    match value:
        case UUID():
            return str(value)
        case bytes() if len(value) == 16:
            return str(UUID(bytes=value))
        case _:
            raise ValueError


def _clock_of_text(text: str, column: ColumnType) -> str:
    found = _CLOCK.fullmatch(text.strip(" "))
    digits = (found[3] or "").rstrip("0") if found else ""
    if not found or len(digits) > column.precision:
        raise ValueError
    return f"{found[1]}:{found[2] or '00'}.{digits.ljust(column.precision, '0')}"


def _clock(value: Any, column: ColumnType) -> str:
    if not isinstance(value, time) or value.tzinfo:
        raise ValueError
    return _clock_of_text(value.isoformat("microseconds"), column)


def _double_of_text(text: str, column: ColumnType) -> float:
    del column
    bare = text.strip(" ")
    if _NOT_FINITE.fullmatch(bare):
        return float(bare)
    exact = _number(text)
    value = float(exact) if exact else float(bare)
    # Too large, or too small to differ from nothing.
    if value in (float("inf"), float("-inf")) or (not value and exact):
        raise ValueError
    return value


def _double(value: Any, column: ColumnType) -> float:
    del column
    if isinstance(value, float):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError
    near = float(value)
    # A fraction such as 0.1 has no double of its own and becomes the nearest; digits before the point must stay.
    if Decimal(repr(near)) != value:
        raise ValueError
    return near


def _boolean_of_text(text: str, column: ColumnType) -> bool:
    del column
    word = text.strip(" ").lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _boolean(value: Any, column: ColumnType) -> bool:
    del column
    if not isinstance(value, bool):
        raise ValueError
    return value


def _date_of_text(text: str, column: ColumnType) -> date:
    del column
    found = _DAY.fullmatch(text.strip(" "))
    if not found:
        raise ValueError
    return date(int(found[1]), int(found[3]), int(found[4]))


def _date(value: Any, column: ColumnType) -> date:
    del column
    if isinstance(value, datetime):
        if value != datetime(value.year, value.month, value.day):
            raise ValueError
        return value.date()
    if not isinstance(value, date):
        raise ValueError
    return value


def _time_of_text(text: str, column: ColumnType) -> datetime:
    found = _TIME.fullmatch(text.strip(" "))
    if not found:
        raise ValueError
    day, clock, second, fraction, sign, hours, minutes = found.groups()
    digits = (fraction or "").rstrip("0")
    if len(digits) > column.precision:
        raise ValueError
    local = datetime.fromisoformat(f"{day}T{clock or '00:00'}:{second or '00'}")
    local += timedelta(microseconds=int(digits.ljust(6, "0")))
    if not sign:
        return local
    if int(hours) > 18 or int(minutes or 0) > 59:
        raise ValueError
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return local - offset if sign == "+" else local + offset


def _time(value: Any, column: ColumnType) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime) or value.microsecond % 10 ** (6 - column.precision):
        raise ValueError
    if value.tzinfo and column.kind is not Kind.TIMESTAMPTZ:
        raise ValueError
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


def _string(value: Any, column: ColumnType) -> str:
    del column
    match value:
        case bool():
            return str(value).lower()
        case int() | date() | UUID() if not isinstance(value, datetime):
            return str(value)
        case Decimal():
            return format(value, "f")
        case _:
            raise ValueError


Typed = Callable[[Any, ColumnType], Any]


def _readers(kind: Kind) -> tuple[Typed, Typed]:
    """What reads a text, and what takes a value of another type."""
    match kind:
        case Kind.STRING:
            return _text, _string
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT:
            return _int_of_text, _int
        case Kind.FLOAT:
            return float_of_text, float_of_value
        case Kind.DOUBLE:
            return _double_of_text, _double
        case Kind.BOOLEAN:
            return _boolean_of_text, _boolean
        case Kind.BINARY:
            return _bytes_of_text, _bytes
        case Kind.UUID:
            return _uuid_of_text, _uuid
        case Kind.TIME:
            return _clock_of_text, _clock
        case Kind.DATE:
            return _date_of_text, _date
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return _time_of_text, _time
        case Kind.DECIMAL:
            return _decimal_of_text, _decimal
        case Kind.ARRAY | Kind.MAP | Kind.ROW:
            raise TypeError("read by `nested`")
        case _:
            assert_never(kind)
