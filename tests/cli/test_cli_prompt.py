"""The prompt of `rosace query`: what Tab knows, and names with their kind in front."""

from __future__ import annotations

from pathlib import Path

from rosace.cli.prompt import completing, words
from rosace.cli.reading import bare
from rosace.local.declared import Declared

EXAMPLE = Path(__file__).parents[2] / "examples" / "flights" / "platform.yaml"


def all_of(text: str) -> list[str]:
    complete = completing(words(Declared(EXAMPLE).examined().proven()))
    found: list[str] = []
    while (word := complete(text, len(found))) is not None:
        found.append(word)
    return found


def test_tab_knows_names_columns_and_words() -> None:
    assert all_of("lake.de") == ["lake.delays", "lake.departures"]
    assert {"dep_delay", "dep_time", "departures"} <= set(all_of("dep"))
    assert "SELECT" in all_of("sel")
    assert all_of("nothing_like_it") == []


def test_names_with_their_kind_in_front() -> None:
    assert [bare(name, "topic", "topics") for name in ("orders", "topic/orders", "topics.orders")] == ["orders"] * 3
    assert bare("topical", "topic") == "topical"
