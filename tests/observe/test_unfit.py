"""A record that no reader of a topic can take is found, with why."""

from __future__ import annotations

import pytest

from rosace.model.columns import ColumnType
from rosace.observe.unfit import judged

COLUMNS = {
    name: ColumnType.parse(kind) for name, kind in {"id": "bigint!", "at": "timestamp(3)", "s": "string"}.items()
}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b'{"id": 1, "at": "2024-01-01T00:00:00.000", "s": "x"}', ""),
        (b'{"id": 1}', ""),
        (b'{"id": 1, "more": 2}', ""),
        (b'{"id": x', "not JSON"),
        (b"[1]", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"id": 1, "id": 2}', "not JSON"),
        (b"{}", "column `id`"),
        (b'{"id": "many"}', "column `id`"),
        (b'{"id": 1, "at": "2024-13-01T00:00:00"}', "column `at`"),
    ],
)
def test_what_does_not_fit_is_told(value: bytes, why: str) -> None:
    said = judged(COLUMNS)(value)
    assert said.startswith(why)
    assert bool(said) == bool(why)
