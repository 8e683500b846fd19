"""What CONTRIBUTING.md and ARCHITECTURE.md say of the house is so: the places that they name are there."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from both_targets import on_this_machine

from rosace.check.platform import check
from rosace.deliver.build import build
from rosace.source.load import load

ROOT = Path(__file__).parents[2]
QUESTION = re.compile(r"^\| (?P<asked>[^|]+) \| \[[^\]]+\]\((?P<place>[^)]+)\) \|$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_twenty_questions_have_one_place_each() -> None:
    text = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Where do I ...")[2].partition("\n## ")[0]
    )
    questions = [(match["asked"], match["place"]) for match in QUESTION.finditer(text)]
    assert len(questions) >= 20
    assert len({place for _, place in questions}) == len(questions), "two questions lead to one place"
    assert len(questions) == len([line for line in text.splitlines() if line.startswith("| ")]) - 1


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_of_the_house_lead_somewhere(page: str) -> None:
    missing = [
        place for place in LINK.findall((ROOT / page).read_text(encoding="utf-8")) if not (ROOT / place).exists()
    ]
    assert not missing


_WAYS = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## The way of a topic")[2]
_STATION = re.compile(r"^\d\. \[[^\]]+\]\((?P<place>[^)]+)\) `(?P<name>\w+)`", re.MULTILINE)
WAYS = [[(found["place"], found["name"]) for found in _STATION.finditer(way)] for way in _WAYS.split("\nTo the ")[1:]]
FLIGHTS = ROOT / "examples" / "flights"


def order_of(work: Callable[[], object]) -> list[tuple[str, str]]:
    """The functions of Rosace that `work` calls, as (file, name), in the order in which each is first called."""
    called: dict[tuple[str, str], None] = {}

    def look(frame: FrameType, event: str, argument: object) -> None:
        del argument
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            called.setdefault((str(Path(frame.f_code.co_filename).relative_to(ROOT)), frame.f_code.co_name), None)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(before)
    return list(called)


@pytest.mark.parametrize("way", WAYS, ids=["broker", "objects", "policy"])
def test_a_way_has_at_most_seven_stations_and_none_twice(way: list[tuple[str, str]]) -> None:
    assert 5 <= len(way) <= 7
    assert len({place for place, _ in way}) == len(way)
    missing = [
        station for station in way if not re.search(rf"\b{station[1]}\b", (ROOT / station[0]).read_text("utf-8"))
    ]
    assert not missing


@pytest.mark.parametrize("way", WAYS[1:], ids=["objects", "policy"])
def test_a_build_takes_these_ways(way: list[tuple[str, str]]) -> None:
    tree = FLIGHTS / "platform.yaml", [FLIGHTS / "env" / "prod.yaml"]
    called = order_of(lambda: build(check(load(*tree), FLIGHTS), "prod").files)
    walked = [station for station in way if not station[0].startswith("charts/")]
    assert [station for station in called if station in walked] == walked


def test_a_start_takes_the_way_to_the_broker() -> None:
    """As far as this process goes: the supervisor's part and Kafka's are a live test (tests/live/test_flights.py)."""
    way = WAYS[0][:5]
    called = order_of(on_this_machine.__wrapped__)
    assert [station for station in called if station in way] == way
