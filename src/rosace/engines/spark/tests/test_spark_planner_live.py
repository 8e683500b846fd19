"""Spark's own analyzer over the corpora: refuses each broken statement at its line, takes each valid one."""

from __future__ import annotations

from pathlib import Path

import pytest
from planner.corpus import bench, corpus, misjudged, platform

from rosace.engines.spark import ENGINE
from rosace.engines.spark.planner import functions

pytestmark = pytest.mark.live


def test_valid_batch_statements_are_taken(tmp_path: Path) -> None:
    cases = corpus("common-valid", "counts-valid", "spark-valid")
    assert len(cases) >= 100
    assert misjudged("spark", cases, tmp_path) == []


def test_broken_batch_statements_are_refused_at_their_line(tmp_path: Path) -> None:
    cases = corpus("common-broken", "counts-broken", "spark-broken", "spark-counts-broken")
    assert len(cases) >= 40
    assert misjudged("spark", cases, tmp_path) == []


def test_streams(tmp_path: Path) -> None:
    assert misjudged("spark", corpus("spark-valid-stream", "spark-broken-stream"), tmp_path, batch=False) == []


def test_the_functions_are_those_that_it_shows(tmp_path: Path) -> None:
    """To make the list anew, put these names into `functions.txt`, in capitals."""
    with bench(ENGINE, platform(), tmp_path) as place:
        shown = {name.upper() for name in functions(place) if name.isidentifier()}
    _, *listed = (ENGINE.folder / "functions.txt").read_text(encoding="utf-8").splitlines()
    assert shown == set(listed)
