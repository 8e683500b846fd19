"""Trino's own analyzer over the corpora: refuses each broken query at its line, takes each valid one."""

from __future__ import annotations

from pathlib import Path

import pytest
from planner.corpus import bench, corpus, misjudged, platform

from rosace.engines.registry import engines
from rosace.engines.trino import planner

pytestmark = pytest.mark.live


def test_valid_queries_are_taken(tmp_path: Path) -> None:
    cases = corpus("common-valid", "trino-valid")
    assert len(cases) >= 100
    assert misjudged("trino", cases, tmp_path, queries=True) == []


def test_broken_queries_are_refused_at_their_line(tmp_path: Path) -> None:
    cases = corpus("common-broken", "trino-broken")
    assert len(cases) >= 40
    assert misjudged("trino", cases, tmp_path, queries=True) == []


def test_it_lists_its_functions(tmp_path: Path) -> None:
    with bench(engines()["trino"], platform(), tmp_path) as place:
        assert {"approx_distinct", "date_trunc", "json_extract_scalar"} <= set(planner.functions(place))
