"""Whatever is changed in a platform, checking it answers with diagnostics: it never falls over."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from check_outcome import FLIGHTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosace.check.platform import check, examine
from rosace.check.sql.dialects import language
from rosace.check.sql.reading import read_job, read_query
from rosace.check.sql.relation import Names
from rosace.source.diagnostic import Diagnostic, Refused, Severity
from rosace.source.load import load
from rosace.source.yaml import parse

pytestmark = pytest.mark.slow


VALUE = load(FLIGHTS / "platform.yaml").value
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(FLIGHTS.rglob("*.sql"))]
LANGUAGES = [language("rosace.engines.flink.dialect:Flink", "Flink"), language("spark", "Spark"), language("trino", "")]


def paths(value: Any, base: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [base] if base else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*base, key))
    return found


PATHS = paths(VALUE)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", " ", "lake.", "lake.delays", "departures", "flink", "1h", "string!", "..", "\x00", "a\nb", "é"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=2), st.dictionaries(st.sampled_from(["a", "sql", "columns"]), SCALARS)
)


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    value = copy.deepcopy(VALUE)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PATHS))
        _change(draw, value, path)
    return value


def _change(draw: st.DrawFn, value: Any, path: tuple[Any, ...]) -> None:
    for step in path[:-1]:
        if not (isinstance(value, dict) and step in value) and not (
            isinstance(value, list) and step in range(len(value))
        ):
            return
        value = value[step]
    last = path[-1]
    if not isinstance(value, dict) or last not in value:
        return
    match draw(st.sampled_from(["delete", "rename", "retype", "swap"])):
        case "delete":
            del value[last]
        case "rename":
            value[draw(st.text("abcdefgh-_.1", min_size=1, max_size=6))] = value.pop(last)
        case "retype":
            value[last] = draw(VALUES)
        case _:
            other = draw(st.sampled_from(sorted(value)))
            value[last], value[other] = value[other], value[last]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_never_anything_but_refused(value: Any) -> None:
    try:
        tree = parse(json.dumps(value, ensure_ascii=False), "platform.yaml")
        checked, found = examine(tree, FLIGHTS)
    except Refused as refused:
        checked, found = None, list(refused.diagnostics)
    assert (checked is None) == any(one.severity is Severity.ERROR for one in found)
    assert all(one.message and one.code for one in found)


def _problems(text: str) -> list[Diagnostic]:
    tree = parse(text, "platform.yaml")
    try:
        check(tree, Path("/nowhere"))
    except Refused as refused:
        return list(refused.diagnostics)
    return []


def test_folder_that_is_not_there() -> None:
    found = _problems(json.dumps(VALUE))
    assert {one.code for one in found} == {"file-missing"}
    assert len(found) == len(TEXTS)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(TEXTS), st.data())
def test_broken_sql_is_answered(text: str, data: st.DataObject) -> None:
    """Cut a text, double a part of it, put something in: every problem lies inside the text."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    inserted = data.draw(
        st.one_of(
            st.just(""),
            st.just(text[start:end] * 2),
            st.sampled_from(["(", ")", "'", "`", '"', ";", ",", "."]),
            st.text(max_size=4),
        )
    )
    broken = text[:start] + inserted + text[end:]
    names = Names({}, "not declared")
    chosen = data.draw(st.sampled_from(LANGUAGES))
    for reading in (read_job(broken, chosen, names), read_query(broken, chosen, names)):
        for problem in reading.problems:
            assert 0 <= problem.start <= problem.end <= len(broken)
        for use in reading.uses:
            assert broken[use.start : use.end]
