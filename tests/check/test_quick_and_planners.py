"""The quick check and the engines' own planners: what a planner takes, the quick check does not refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from planner.corpus import Case, corpus, jobs_of, platform, queries_of, verdicts
from planner.generated import queries

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_job, read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.check.sql.shapes import shape_of_kind
from rosace.engines.registry import engines
from rosace.model.checked import Ref
from rosace.source.diagnostic import Severity

STILL_REFUSED = {
    "spark": {"variant"},
    "trino": {
        "A window with a pattern: INITIAL",
        "GROUP BY AUTO",
        "An inline function",
        "Decimals and big numbers",
    },
}
"""Valid statements that the quick check refuses; a title that no longer belongs here fails too."""


def _refusals(engine: str, cases: list[Case]) -> dict[str, str]:
    """What the quick check says against each case, by its title."""
    checked, language = platform(), language_of(engines()[engine])
    topics = (((name,), Ref("topic", name)) for name in checked.topics)
    tables = ((("lake", name), Ref("table", name)) for name in checked.tables)
    relations: dict[tuple[str, ...], Relation] = {}
    for name, ref in (*topics, *tables):
        columns = (Column(column, shape_of_kind(kind.kind)) for column, kind in checked.columns(ref).items())
        relations[name] = Relation(tuple(columns), ref)
    names = Names(relations, "not declared", foreign=engine == "trino")
    found: dict[str, str] = {}
    for case in cases:
        job = re.match(r"\s*(?:INSERT|CREATE)\b", case.text)
        reading = read_job(case.text, language, names) if job else read_query(case.text, language, names)
        for problem in reading.problems:
            if problem.severity is Severity.ERROR:
                found.setdefault(case.title, f"{problem.message}: {case.text}")
    return found


@pytest.mark.parametrize("engine", ["spark", "trino"])
def test_valid_corpora_pass_the_quick_check(engine: str) -> None:
    names = ("common-valid", f"{engine}-valid", *(["spark-valid-stream"] if engine == "spark" else []))
    found = _refusals(engine, corpus(*names))
    assert set(found) == STILL_REFUSED[engine], found


@pytest.mark.live
@pytest.mark.parametrize(("engine", "count"), [("spark", 40), ("trino", 150)])
def test_what_a_planner_takes_the_quick_check_takes(engine: str, count: int, tmp_path: Path) -> None:
    cases = [case for seed in range(3) for case in queries(seed, count)]
    refused = _refusals(engine, cases)
    if engine == "trino":
        checked = replace(platform(), queries=queries_of(cases))
    else:
        checked = replace(platform(), jobs=jobs_of(engine, cases, batch=True))
    said = verdicts(engines()[engine], checked, tmp_path)
    taken = [case for case, each in zip(cases, said.values(), strict=True) if not any(one.message for one in each)]
    assert len(taken) > len(cases) / 2
    assert [refused[case.title] for case in taken if case.title in refused] == []
