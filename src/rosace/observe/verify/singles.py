"""Numbers of 32 bits (IEEE 754 binary32), which Python has not.

Comes in: texts and numbers. Goes out: a Python float that is one of them. Must not: round twice. By way of a double a
text can become a neighbour of the number that is nearest to it.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rosace.model.columns import ColumnType

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_INFINITY = 0x7F800000
_LARGEST = 3.4028234663852886e38
"""The largest number of 32 bits that is finite."""


def float_of_text(text: str, column: ColumnType) -> float:
    """The nearest one. Raises ValueError for what is no number, too large, or too small to differ from nothing."""
    del column
    bare = text.strip(" ")
    if _NOT_FINITE.fullmatch(bare):
        return float(bare)
    if not _NUMBER.fullmatch(bare):
        raise ValueError
    exact = Decimal(bare)
    value = _nearest(exact) if exact else float(bare)
    if math.isinf(value) or (not value and exact):
        raise ValueError
    return value


def float_of_value(value: Any, column: ColumnType) -> float:
    """The same number, or the one whose shortest text it is. Raises ValueError for any other."""
    del column
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError
    number = float(value)
    packed = _packed(number)
    if packed == value or math.isnan(number):
        return packed
    near = _nearest(Decimal(repr(number)))
    if math.isinf(near) or shortest(near) != repr(number):
        raise ValueError
    return near


def shortest(value: float) -> str:
    """The text with the fewest digits that is nearest to this number of 32 bits, as Python writes floats."""
    if not math.isfinite(value):
        return repr(value)
    texts = (f"{value:.{digits}g}" for digits in range(1, 10))
    return repr(float(next(text for text in texts if _nearest(Decimal(text)) == value)))


def _packed(value: float) -> float:
    """Rounded to 32 bits. Raises OverflowError."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def _nearest(exact: Decimal) -> float:
    near_by = float(exact)
    if abs(near_by) >= _LARGEST:
        # Just above it is still nearest; what is farther becomes infinity below.
        near_by = math.copysign(_LARGEST, near_by)
    (bits,) = struct.unpack("<I", struct.pack("<f", near_by))
    near = [(one, _of_bits(one)) for one in (bits - 1, bits, bits + 1) if 0 <= one & 0x7FFFFFFF <= _INFINITY]
    wanted = Fraction(exact)
    # Halfway between two the even one is meant.
    best, value = min(near, key=lambda found: (abs(Fraction(found[1]) - wanted), found[0] & 1))
    return math.copysign(math.inf, value) if best & _INFINITY == _INFINITY else value


def _of_bits(bits: int) -> float:
    """The number with these bits; for infinity what would come next if there were more room."""
    if bits & 0x7FFFFFFF == _INFINITY:
        return 2.0**128 if bits == _INFINITY else -(2.0**128)
    return struct.unpack("<f", struct.pack("<I", bits))[0]
