"""DuckDB's binder over corpora of oracles: refuses each broken one at its line, takes each valid one."""

from __future__ import annotations

from pathlib import Path

import pytest
from planner.corpus import bench, corpus, oracle_misjudged, platform

from rosace.kit import oracles


@pytest.mark.slow
def test_valid_oracles_are_taken(tmp_path: Path) -> None:
    cases = corpus("duckdb-valid")
    assert len(cases) >= 30
    assert oracle_misjudged(cases, tmp_path) == []


@pytest.mark.slow
def test_broken_oracles_are_refused_at_their_line(tmp_path: Path) -> None:
    cases = corpus("duckdb-broken")
    assert len(cases) >= 15
    assert oracle_misjudged(cases, tmp_path) == []


def test_it_lists_its_functions(tmp_path: Path) -> None:
    with bench(None, platform(), tmp_path) as place:
        assert {"arg_max", "time_bucket", "regexp_extract"} <= set(oracles.functions(place))
