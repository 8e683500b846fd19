"""A house of small rooms for each test."""

from __future__ import annotations

import pytest
from plan_rooms import House


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    return House(monkeypatch)
