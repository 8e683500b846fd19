"""Names that an engine would take for words of its own: said at their place, with the quotes that they need."""

from __future__ import annotations

import pytest
from check_outcome import Examine

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_job, read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.contract.registry import engines
from rosace.model.checked import Ref

COLUMNS = ("id", "at", "value", "user", "hour", "skip", "order")
NAMES = Names(
    {
        ("events",): Relation(tuple(map(Column, COLUMNS)), Ref("topic", "events")),
        ("value",): Relation(tuple(map(Column, COLUMNS)), Ref("topic", "value")),
    },
    "nothing",
)

WRONG = [
    ("flink", "SELECT id, at FROM events", "at"),
    ("flink", "SELECT id AS value FROM events", "value"),
    ("flink", "SELECT events.hour FROM events", "hour"),
    ("flink", "SELECT id FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(at), INTERVAL '1' HOUR))", "at"),
    ("flink", "WITH result AS (SELECT id FROM events) SELECT id FROM `result`", "result"),
    ("flink", "SELECT e.id FROM events AS e JOIN events AS old ON e.id = `old`.id", "old"),
    ("flink", "SELECT user FROM events", "user"),
    ("trino", "SELECT skip FROM events", "skip"),
    ("trino", "SELECT id AS normalize FROM events", "normalize"),
]
FINE = [
    ("flink", "SELECT id, `at`, `value` AS `hour`, `user` FROM events"),
    # The name of a topic is replaced by what the engine calls it, in quotes.
    ("flink", "SELECT id FROM value"),
    ("flink", "SELECT CURRENT_USER, USER, LOCALTIME, CURRENT_DATE, TRUE, CAST(NULL AS STRING) FROM events"),
    ("flink", "SELECT TIMESTAMPDIFF(HOUR, `at`, `at`), FLOOR(`at` TO DAY), EXTRACT(MONTH FROM `at`) FROM events"),
    ("flink", "SELECT YEAR(`at`), HOUR(`at`), COUNT(*) FROM events GROUP BY YEAR(`at`), HOUR(`at`)"),
    ("flink", "SELECT 'at' FROM events -- at"),
    ("spark", "SELECT id, at, value AS hour, `order` FROM events"),
    ("trino", 'SELECT id, at, value AS hour, "order" FROM events'),
]


def told(engine: str, text: str) -> list[tuple[str, str]]:
    problems = read_query(text, language_of(engines()[engine]), NAMES).problems
    return [(problem.code, text[problem.start : problem.end]) for problem in problems]


@pytest.mark.parametrize(("engine", "text", "word"), WRONG)
def test_a_word_of_the_engine_is_told_at_its_place(engine: str, text: str, word: str) -> None:
    assert told(engine, text) == [("reserved-word", word)]


@pytest.mark.parametrize(("engine", "text"), FINE)
def test_what_the_engine_takes_is_left_alone(engine: str, text: str) -> None:
    assert told(engine, text) == []


def test_what_rosace_quotes_itself_needs_no_quotes() -> None:
    """The target of an INSERT, its columns and a view's name are written anew; the queries stay as they are."""
    text = "CREATE TEMPORARY VIEW result AS SELECT id FROM events; INSERT INTO value (value) SELECT id FROM `result`"
    assert read_job(text, language_of(engines()["flink"]), NAMES).problems == ()


def test_check_tells_it_with_its_line(examined: Examine) -> None:
    yaml = """
platform: demo
topics:
  events: {columns: {id: int!, at: timestamp(3)!}}
  copies: {columns: {id: int!, at: timestamp(3)!}}
jobs: {copy: {engine: flink, sql: copy.sql}}
"""
    outcome = examined(yaml, {"copy.sql": "INSERT INTO copies\nSELECT id,\n  at\nFROM events\n"})
    found = outcome.one("reserved-word")
    assert found.span is not None
    assert (found.span.file.rpartition("/")[2], found.span.line, found.span.column) == ("copy.sql", 3, 3)
    assert "Flink" in found.message
    assert found.hints == ("write it in backticks: `at`",)
