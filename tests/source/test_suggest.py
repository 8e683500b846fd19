"""Did you mean."""

from __future__ import annotations

import pytest

from rosace.source.suggest import closest

KEYS = ["partitions", "retention", "columns", "key", "compact", "long-term", "policies", "min", "max"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("partitons", "partitions"),
        ("partiitons", "partitions"),
        ("partition", "partitions"),
        ("Partitions", "partitions"),
        ("long_term", "long-term"),
        ("longterm", "long-term"),
        ("policy", "policies"),
        ("keys", "key"),
        ("part", "partitions"),
        ("kye", "key"),
    ],
)
def test_a_slip_is_understood(word: str, meant: str) -> None:
    assert closest(word, KEYS) == meant


@pytest.mark.parametrize("word", ["zebra", "", "x", "m", "replication-factor", "c", "ke"])
def test_nothing_is_guessed_from_afar(word: str) -> None:
    assert closest(word, KEYS) is None


def test_nothing_to_choose_from() -> None:
    assert closest("key", []) is None
