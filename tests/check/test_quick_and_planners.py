"""The quick check and the engines' own planners: what a planner takes, the quick check does not refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from planner.corpus import Case, corpus, jobs_of, platform, queries_of, verdicts
from planner.generated import queries
from planner.pairs import frames, sums, types

from rosace.check.sql.dialects import Language, language_of
from rosace.check.sql.free import language_of_oracles
from rosace.check.sql.reading import read_job, read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.check.sql.shapes import shape_of_kind
from rosace.contract.registry import engines
from rosace.model.checked import Ref
from rosace.source.diagnostic import Severity


def _refusals(engine: str, cases: list[Case]) -> dict[str, str]:
    """What the quick check says against each case, by its title."""
    found: dict[str, str] = {}
    for case in cases:
        if problems := _problems(engine, case):
            found[case.title] = f"{problems[0][1]}: {case.text}"
    return found


def _problems(engine: str, case: Case) -> list[tuple[int, str]]:
    """The errors that the quick check tells of a case: the line, and the message."""
    job = re.match(r"\s*(?:INSERT|CREATE)\b", case.text)
    language, names = _language(engine), _names(engine)
    reading = read_job(case.text, language, names) if job else read_query(case.text, language, names)
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    return [(case.text.count("\n", 0, error.start) + 1, error.message) for error in errors]


@cache
def _language(engine: str) -> Language:
    return language_of_oracles() if engine == "duckdb" else language_of(engines()[engine])


@cache
def _names(engine: str) -> Names:
    checked = platform()
    topics = (((name,), Ref("topic", name)) for name in checked.topics)
    tables = ((("lake", name), Ref("table", name)) for name in checked.tables)
    relations: dict[tuple[str, ...], Relation] = {}
    for name, ref in (*topics, *tables):
        columns = (Column(column, shape_of_kind(kind.kind)) for column, kind in checked.columns(ref).items())
        relations[name] = Relation(tuple(columns), ref)
    return Names(relations, "not declared", foreign=engine == "trino")


VALID = {
    "duckdb": ("duckdb-valid",),
    "flink": ("counts-valid",),
    "spark": ("common-valid", "counts-valid", "spark-valid", "spark-valid-stream"),
    "trino": ("common-valid", "counts-valid", "trino-valid"),
}
BROKEN = {
    "flink": ("counts-broken",),
    "spark": ("counts-broken", "spark-counts-broken"),
    "trino": ("counts-broken", "trino-counts-broken"),
}


@pytest.mark.parametrize("engine", VALID)
def test_valid_corpora_pass_the_quick_check(engine: str) -> None:
    assert _refusals(engine, corpus(*VALID[engine])) == {}


@pytest.mark.parametrize("engine", BROKEN)
def test_what_is_broken_in_counts_and_kinds_is_told_at_its_line(engine: str) -> None:
    """The planners refuse these too, at the same line (see the rooms' live tests)."""
    cases = corpus(*BROKEN[engine])
    told = {case.title: [line for line, _ in _problems(engine, case)] for case in cases}
    assert told == {case.title: [case.line] for case in cases}


@pytest.mark.live
@pytest.mark.parametrize(("engine", "count"), [("spark", 40), ("trino", 150)])
def test_what_a_planner_takes_the_quick_check_takes(engine: str, count: int, tmp_path: Path) -> None:
    cases = [case for seed in range(3) for case in queries(seed, count)]
    refused, taken = _refusals(engine, cases), _taken(engine, cases, tmp_path)
    assert len(taken) > len(cases) / 2
    assert [refused[title] for title in taken if title in refused] == []


def _taken(engine: str, cases: list[Case], home: Path) -> list[str]:
    """The titles of the cases that the planner takes."""
    if engine == "trino":
        checked = replace(platform(), queries=queries_of(cases))
    else:
        checked = replace(platform(), jobs=jobs_of(engine, cases, batch=engine == "spark"))
    said = verdicts(engines()[engine], checked, home)
    told = zip(cases, said.values(), strict=True)
    return [case.title for case, each in told if not any(one.message for one in each)]


@pytest.mark.live
@pytest.mark.parametrize("engine", ["flink", "spark", "trino"])
def test_kinds_types_and_frames_are_refused_as_by_the_planner(engine: str, tmp_path: Path) -> None:
    """Of sums between columns the quick check knows all; of the rest it refuses nothing that is taken."""
    added, cast, framed = sums(engine), types(engine), frames(engine)
    cases = [*added, *cast, *framed]
    refused, taken = _refusals(engine, cases), set(_taken(engine, cases, tmp_path))
    assert [refused[title] for title in taken if title in refused] == []
    sure = [case.title for case in added if not set(case.title.split()) & UNSURE[engine]]
    assert len(sure) > 400
    assert [title for title in sure if title not in taken and title not in refused] == []


UNSURE = {
    engine: {"a", "'1'", "2", "2.5", "TRUE", "hours", "years", "minus", *more}
    for engine, more in (("flink", ["double"]), ("spark", []), ("trino", []))
}
"""Words in the titles of sums of which the quick check may let some pass: Flink's `%` of doubles is one."""


def test_oracles_that_are_broken_in_counts_are_told() -> None:
    cases = corpus("duckdb-broken")[-4:]
    told = {case.title: [line for line, _ in _problems("duckdb", case)] for case in cases}
    assert told == {case.title: [case.line] for case in cases}
