"""Whether a column can hold every value of another type.

Comes in: two column types. Goes out: yes or no. Pure. What becomes the nearest double or float is not lost: that is
what these are.
"""

from __future__ import annotations

from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts

_WHOLE_DIGITS = {Kind.SMALLINT: 5, Kind.INT: 10, Kind.BIGINT: 19}
_FITS = {Kind.SMALLINT: 4, Kind.INT: 9, Kind.BIGINT: 18}
"""Digits that any number of a type has at most, and that every number of so many digits has room in."""

_MOMENTS = (Kind.TIMESTAMP, Kind.TIMESTAMPTZ)


def narrows(given: ColumnType, wanted: ColumnType, *, raises: bool = False) -> bool:
    """Whether a column of type `wanted` cannot hold all values of `given`: digits, fractions of a second or hours of a
    day would be lost without a word, or texts be there that are none of its.

    With `raises` nothing is lost by a number that is too large: the engine says so (Spark 4.1.1,
    CAST_OVERFLOW_IN_TABLE_INSERT, provoked in engines/spark/tests/test_spark_claims_live.py). Not so in a column
    of 16 bits, which Iceberg keeps in 32: nobody says anything.
    """
    if raises and wanted.kind in (Kind.DECIMAL, Kind.INT, Kind.BIGINT):
        if given.kind is Kind.DECIMAL:
            return given.scale > (wanted.scale if wanted.kind is Kind.DECIMAL else 0)
        if given.kind in _WHOLE_DIGITS:
            return False
    return _numbers(given, wanted) or _others(given, wanted, raises)


def _numbers(given: ColumnType, wanted: ColumnType) -> bool:
    if given.kind in (Kind.DOUBLE, Kind.FLOAT):
        return wanted.kind is Kind.DECIMAL or wanted.kind in _FITS or (given.kind, wanted.kind) == _CUT
    if given.kind is Kind.DECIMAL:
        if wanted.kind is Kind.DECIMAL:
            return given.scale > wanted.scale or given.precision - given.scale > wanted.precision - wanted.scale
        return wanted.kind in _FITS and (given.scale > 0 or given.precision > _FITS[wanted.kind])
    if given.kind not in _WHOLE_DIGITS:
        return False
    if wanted.kind is Kind.DECIMAL:
        return _WHOLE_DIGITS[given.kind] > wanted.precision - wanted.scale
    return wanted.kind in _FITS and facts(given.kind).bits > facts(wanted.kind).bits


_CUT = (Kind.DOUBLE, Kind.FLOAT)


def _others(given: ColumnType, wanted: ColumnType, raises: bool) -> bool:
    if given.kind in _MOMENTS:
        return wanted.kind is Kind.DATE or (wanted.kind in _MOMENTS and given.precision > wanted.precision)
    if given.kind is Kind.BINARY and facts(wanted.kind).family == "text":
        # Spark 4.1.1 takes bytes for UTF-8 without a look at them.
        return True
    if facts(given.kind).family == facts(wanted.kind).family == "text":
        # A time of day has as many digits as its column says.
        same = given.kind is wanted.kind and given.precision == wanted.precision
        return wanted.kind is not Kind.STRING and not same
    if facts(given.kind).family != "nested" or given.kind is not wanted.kind:
        return False
    if len(given.fields) != len(wanted.fields):
        return True
    pairs = [(one.type, other.type) for one, other in zip(given.fields, wanted.fields, strict=True)]
    return any((other.required and not one.required) or narrows(one, other, raises=raises) for one, other in pairs)


def swapped(given: ColumnType, wanted: ColumnType) -> tuple[str, str] | None:
    """A field of a row, and the one of another name that it would become, where both rows have the same names in
    another order: engines write fields by position, as they do columns. None where there is none such."""
    if given.kind is not wanted.kind or len(given.fields) != len(wanted.fields):
        return None
    pairs = [*zip(given.fields, wanted.fields, strict=True)]
    differ = [(one.name, other.name) for one, other in pairs if one.name.lower() != other.name.lower()]
    if differ and {one.lower() for one, _ in differ} == {other.lower() for _, other in differ}:
        return differ[0]
    return next((found for one, other in pairs if (found := swapped(one.type, other.type))), None)
