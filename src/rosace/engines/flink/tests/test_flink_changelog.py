"""What is called updating is what Flink's planner calls so, and stands where the query says it."""

from __future__ import annotations

import pytest
from changelog_statements import ADDS, CALLED_ADDING, TOPICS, UPDATES

from rosace.check.sql.dialects import language_of
from rosace.check.sql.statements import parse_job, parse_query
from rosace.contract.changelog import Update
from rosace.engines.flink import ENGINE
from rosace.engines.flink.changelog import Changelog

LANGUAGE = language_of(ENGINE)


def updates(query: str) -> tuple[Update, ...]:
    parsed, problems = parse_query(query, LANGUAGE)
    assert parsed is not None, problems
    assert parsed.tree is not None
    return Changelog(query, TOPICS).updates(parsed.tree)


@pytest.mark.parametrize("query", ADDS)
def test_what_only_adds_is_not_called_updating(query: str) -> None:
    assert updates(query) == ()


@pytest.mark.parametrize("query", [*UPDATES, *CALLED_ADDING])
def test_what_updates_is_called_so(query: str) -> None:
    assert updates(query)


@pytest.mark.parametrize(
    ("query", "word", "there"),
    [
        ("SELECT k, SUM(v) FROM ev GROUP BY k", "GROUP BY", "GROUP BY"),
        ("SELECT COUNT(*) FROM ev", "COUNT without GROUP BY", "COUNT"),
        ("SELECT e.id FROM ev e LEFT OUTER JOIN ev2 f ON e.id = f.id", "LEFT JOIN", "LEFT OUTER JOIN"),
        ("SELECT e.id FROM ev e full join ev2 f ON e.id = f.id", "FULL JOIN", "full join"),
        ("SELECT DISTINCT k FROM ev", "DISTINCT", "DISTINCT"),
        ("SELECT k FROM ev UNION SELECT k FROM ev2", "UNION", "UNION"),
        ("SELECT id FROM ev ORDER BY v LIMIT 3", "ORDER BY ... LIMIT", "ORDER BY"),
        ("SELECT id FROM ev WHERE id NOT IN (SELECT id FROM ev2)", "NOT IN", "NOT IN"),
        ("SELECT id, v FROM cmp", "reading `cmp`, which is compacted", "cmp"),
        (
            "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS n FROM ev) WHERE n <= 3",
            "ROW_NUMBER()",
            "ROW_NUMBER() OVER",
        ),
    ],
)
def test_the_place_is_that_of_the_word(query: str, word: str, there: str) -> None:
    (found,) = updates(query)
    assert found.word == word
    assert query[found.start : found.end].startswith(there)


def test_a_view_hands_on_what_updates_it() -> None:
    text = (
        "CREATE TEMPORARY VIEW sums AS SELECT k, SUM(v) AS s FROM ev GROUP BY k;\nINSERT INTO plain SELECT * FROM sums"
    )
    (view, insert), _ = parse_job(text, LANGUAGE)
    changelog = Changelog(text, TOPICS)
    assert view.tree is not None
    assert insert.tree is not None
    changelog.view(view.name[-1], view.tree)
    (found,) = changelog.updates(insert.tree)
    assert text[found.start : found.end] == "GROUP BY"
