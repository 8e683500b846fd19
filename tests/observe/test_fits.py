"""What fits a topic's columns, by the proof's own judgement."""

from __future__ import annotations

import pytest
from unfit_values import COLUMNS, values

from rosace.model.columns import ColumnType
from rosace.observe.verify.fits import judge

JUDGE = judge({name: ColumnType.parse(kind) for name, kind in COLUMNS.items()})


@pytest.mark.parametrize(("value", "fits"), values("fits", 300))
def test_it_is_told_from_what_does_not(value: bytes, fits: bool) -> None:
    assert (JUDGE(value) == "") == fits, JUDGE(value)
