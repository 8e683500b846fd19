"""Whether a record's value is a JSON object of the declared columns, judged by Python alone: the proof's own opinion.

What fits is what every engine reads as the same value, whatever else one or the other would take: UTF-8; one object as
RFC 8259 has it, no name in it twice; a text for a string, a number without point or exponent for a whole column, times
in ISO 8601 with the declared digits at most, a value where the column is never null. A member that no column has is
skipped. Engines on a JVM set aside what `kit/Fit.java` does not take, which this shares no code with; a test holds one
against the other.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts, with_article
from rosace.observe.verify.singles import float_of_text
from rosace.observe.verify.strict import Number, Wrong, strict_object

Judge = Callable[[bytes], str]
"""Why a record's value does not fit; empty where it does."""

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SECOND = r":[0-5][0-9](?:\.([0-9]{1,9}))?"
_TIME = re.compile(rf"{_CLOCK}(?:{_SECOND})?")
_MOMENT = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_CLOCK}{_SECOND}(Z?)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EXPONENT = re.compile(r"[^eE]*(?:[eE][+-]?[0-9]{1,3})?")
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")


def judge(columns: Mapping[str, ColumnType]) -> Judge:
    """Whether values fit, as JSON objects of these columns."""

    def judged(value: bytes) -> str:
        try:
            found = strict_object(value)
        except (ValueError, RecursionError) as error:
            return f"not JSON: {error}"
        for name, column in columns.items():
            try:
                _one(found.get(name), column)
            except Wrong as error:
                return f"column `{name}`: {error}"
        return ""

    return judged


def _one(value: Any, column: ColumnType) -> None:
    if value is None:
        if column.required:
            raise Wrong(f"no value, but it is `{column}`: never null")
    elif not _fits(value, column):
        shown = "what is there" if isinstance(value, dict | list) else f"`{str(value)[:80]}`"
        kind = "text " if isinstance(value, str) and not isinstance(value, Number) else ""
        raise Wrong(f"{'the ' if kind else ''}{kind}{shown} is not {with_article(column.kind.value)}")


def _fits(value: Any, column: ColumnType) -> bool:
    match column.kind:
        case Kind.ARRAY:
            return isinstance(value, list) and _all(value, column.element)  # pyright: ignore[reportUnknownArgumentType]
        case Kind.MAP:
            held: Any = value
            return isinstance(value, dict) and _all(list(held.values()), column.element)
        case Kind.ROW:
            return isinstance(value, dict) and _row(value, column)  # pyright: ignore[reportUnknownArgumentType]
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case (
            Kind.SMALLINT
            | Kind.INT
            | Kind.BIGINT
            | Kind.FLOAT
            | Kind.DOUBLE
            | Kind.DECIMAL
            | Kind.STRING
            | Kind.BINARY
            | Kind.DATE
            | Kind.TIME
            | Kind.TIMESTAMP
            | Kind.TIMESTAMPTZ
            | Kind.UUID
        ):
            if isinstance(value, Number):
                return _EXPONENT.fullmatch(value) is not None and _numeric(value, column)
            return isinstance(value, str) and _textual(value, column)
        case _:
            assert_never(column.kind)


def _all(values: list[Any], column: ColumnType) -> bool:
    for value in values:
        _one(value, column)
    return True


def _row(value: dict[str, Any], column: ColumnType) -> bool:
    for field in column.fields:
        _one(value.get(field.name), field.type)
    return True


def _numeric(text: str, column: ColumnType) -> bool:
    match column.kind:
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT:
            bits = facts(column.kind).bits
            return text.lstrip("-").isdecimal() and -(1 << bits) <= int(text) < 1 << bits
        case Kind.DOUBLE:
            near = float(text)
            return math.isfinite(near) and (near != 0 or not Decimal(text))
        case Kind.FLOAT:
            try:
                return math.isfinite(float_of_text(text, column))
            except (ValueError, OverflowError):
                return False
        case Kind.DECIMAL:
            sign, digits, exponent = Decimal(text).as_tuple()
            del sign
            assert isinstance(exponent, int)
            bare = "".join(map(str, digits)).lstrip("0")
            tail = len(bare) - len(bare.rstrip("0"))
            whole, behind = len(bare) + exponent, -(exponent + tail)
            return not bare or (behind <= column.scale and whole <= column.precision - column.scale)
        case _:
            return False


def _textual(text: str, column: ColumnType) -> bool:
    match column.kind:
        case Kind.STRING:
            return True
        case Kind.FLOAT | Kind.DOUBLE:
            return text in _NOT_FINITE
        case Kind.BINARY:
            return _base64(text)
        case Kind.UUID:
            return _UUID.fullmatch(text) is not None
        case Kind.DATE:
            return _day(text)
        case Kind.TIME:
            clock = _TIME.fullmatch(text)
            return clock is not None and _fine(clock[1], column)
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            moment = _MOMENT.fullmatch(text)
            zoned = column.kind is Kind.TIMESTAMPTZ
            return moment is not None and _day(moment[1]) and _fine(moment[2], column) and bool(moment[3]) == zoned
        case _:
            return False


def _base64(text: str) -> bool:
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except (binascii.Error, ValueError):
        return False


def _day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _fine(digits: str | None, column: ColumnType) -> bool:
    return len((digits or "").rstrip("0")) <= column.precision
