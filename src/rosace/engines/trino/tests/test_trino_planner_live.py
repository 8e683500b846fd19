"""Trino's own analyzer over the corpora: refuses each broken query at its line, takes each valid one."""

from __future__ import annotations

from pathlib import Path

import pytest
from planner.corpus import bench, corpus, misjudged, platform

from rosace.contract.registry import engines
from rosace.engines.trino import planner

pytestmark = pytest.mark.live


def test_valid_queries_are_taken(tmp_path: Path) -> None:
    cases = corpus("common-valid", "counts-valid", "trino-valid")
    assert len(cases) >= 100
    assert misjudged("trino", cases, tmp_path, queries=True) == []


def test_broken_queries_are_refused_at_their_line(tmp_path: Path) -> None:
    cases = corpus("common-broken", "counts-broken", "trino-broken", "trino-counts-broken")
    assert len(cases) >= 40
    assert misjudged("trino", cases, tmp_path, queries=True) == []


def test_the_functions_are_those_that_it_lists(tmp_path: Path) -> None:
    """To make the list anew, put these lines into `functions.txt`, below its first."""
    engine = engines()["trino"]
    with bench(engine, platform(), tmp_path) as place:
        listed = planner.functions(place)
    _, *known = (engine.folder / "functions.txt").read_text(encoding="utf-8").splitlines()
    assert list(listed) == known
