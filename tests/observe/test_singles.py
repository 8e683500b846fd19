"""Numbers of 32 bits are told apart, whatever text or double says them."""

from __future__ import annotations

import struct
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.model.columns import ColumnType
from rosace.observe.verify.singles import float_of_text, float_of_value, shortest

FLOAT = ColumnType.parse("float")
HALFWAY = struct.unpack("<f", struct.pack("<I", 363742205))[0]
"""Its shortest text is 7.038531e-26, and the double nearest to that lies halfway to the next number of 32 bits. Of
all 2,139,095,039 positive ones it is the only one (each was tried)."""


@given(st.floats(width=32, allow_nan=False))
def test_its_shortest_text_means_the_number_itself(number: float) -> None:
    text = shortest(number)
    assert float_of_text(text, FLOAT) == float_of_value(float(text), FLOAT) == float_of_value(number, FLOAT) == number


def test_nothing_is_rounded_twice() -> None:
    assert shortest(HALFWAY) == "7.038531e-26"
    assert struct.unpack("<f", struct.pack("<f", 7.038531e-26))[0] != HALFWAY, "what rounding twice would give"
    assert float_of_value(7.038531e-26, FLOAT) == float_of_text("7.038531e-26", FLOAT) == HALFWAY


@given(st.decimals(allow_nan=False, allow_infinity=False, places=40, min_value="-1e30", max_value="1e30"))
def test_a_text_means_the_nearest_number(number: Decimal) -> None:
    try:
        found = float_of_text(f"{number:f}", FLOAT)
    except ValueError:
        assert 0 < abs(number) < Decimal("1e-45")
        return
    (bits,) = struct.unpack("<I", struct.pack("<f", found))
    others = [struct.unpack("<f", struct.pack("<I", one))[0] for one in (bits - 1, bits + 1) if one >= 0]
    distance = abs(Fraction(found) - Fraction(number))
    assert all(distance <= abs(Fraction(one) - Fraction(number)) for one in others if one == one)  # noqa: PLR0124


@pytest.mark.parametrize("value", [0.1 + 1e-12, 16777217, 1e39, True, "1"])
def test_any_other_number_is_none(value: object) -> None:
    with pytest.raises((ValueError, OverflowError)):
        float_of_value(value, FLOAT)
