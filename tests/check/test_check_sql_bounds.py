"""Long and deep texts: rows that lean to one side are read, the rest is refused at its place, and nothing explodes."""

from __future__ import annotations

import sys
import time

import pytest
from check_outcome import Examine
from test_check_grammar import ENGINES, NAMES

from rosace.check.sql.depth import MOST_CHARACTERS, MOST_TOKENS
from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import QueryReading, read_query
from rosace.contract.registry import engines

YAML = """
platform: demo
topics:
  t: {columns: {a: int!, b: string!}}
  copies: {columns: {a: int!}}
jobs: {copy: {engine: ENGINE, sql: copy.sql}}
"""
ROWS = {
    "ORs": "SELECT a FROM t WHERE " + " OR ".join(f"a = {n}" for n in range(1000)),
    "UNIONs": " UNION ALL ".join(["SELECT a FROM t"] * 500),
    "sums": f"SELECT {' + '.join(['a'] * 1000)} AS a FROM t",
    "texts": f"SELECT CHAR_LENGTH({' || '.join(['b'] * 1000)}) AS a FROM t",
    "parentheses": f"SELECT {'(' * 50}a{')' * 50} AS a FROM t",
    "conditions": f"SELECT a FROM t WHERE {'(' * 90}a = 1{')' * 90}",
    "calls": f"SELECT {'ABS(' * 60}a{')' * 60} AS a FROM t",
    "cases": f"SELECT {'CASE WHEN a = 1 THEN ' * 60}1{' ELSE a END' * 60} AS a FROM t",
    "queries": f"{'SELECT a FROM (' * 40}SELECT a FROM t{') AS q' * 40}",
}
DEEP = {
    "parentheses": (f"SELECT {'(' * 400}a{')' * 400} FROM t", 107),
    "NOTs": (f"SELECT a FROM t WHERE {'NOT ' * 500}a = 1", 822),
    "minuses": (f"SELECT {'- ' * 500}a FROM t", 407),
    "dots": (f"SELECT {'.'.join(['a'] * 500)} FROM t", None),
    "cases": (f"SELECT {'CASE WHEN a = 1 THEN ' * 300}1{' END' * 300} FROM t", None),
}


def read(text: str, engine: str = "flink") -> QueryReading:
    return read_query(text, language_of(engines()[engine]), NAMES)


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_long_rows_are_read_by_the_whole_check(kind: str, engine: str, examined: Examine) -> None:
    outcome = examined(YAML.replace("ENGINE", engine), {"copy.sql": f"INSERT INTO copies {ROWS[kind]}"})
    assert not {code for code in outcome.codes if code.startswith("sql-")}
    assert outcome.errors <= {"spark-topic-exactly-once", "engine-cannot"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_the_longest_row_too(engine: str, examined: Examine) -> None:
    text = "INSERT INTO copies " + " UNION ALL ".join(["SELECT a FROM t"] * (MOST_TOKENS // 6))
    outcome = examined(YAML.replace("ENGINE", engine), {"copy.sql": text})
    assert outcome.errors <= {"spark-topic-exactly-once"}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("engine", ENGINES.values())
def test_what_is_too_deep_is_refused_at_its_place(kind: str, engine: str) -> None:
    text, start = DEEP[kind]
    before = sys.getrecursionlimit()
    (problem,) = read(text, engine).problems
    assert problem.code == "sql-too-large"
    assert start is None or problem.start == start
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize("engine", ENGINES.values())
@pytest.mark.parametrize(
    "text",
    [
        "SELECT NUMBER AS a FROM t",
        "SELECT a + NUMBER AS a FROM t",
        "SELECT -NUMBER AS a FROM t",
        "SELECT a FROM t ORDER BY NUMBER",
        "SELECT a FROM t UNION SELECT a FROM t ORDER BY NUMBER",
        "SELECT a FROM t GROUP BY NUMBER",
        "SELECT a FROM t LIMIT NUMBER",
        "SELECT CAST(a AS DECIMAL(NUMBER, NUMBER)) AS a FROM t",
        "SELECT CAST(a AS TIMESTAMP(NUMBER)) AS a FROM t",
        "SELECT ROW_NUMBER() OVER (ORDER BY a ROWS BETWEEN NUMBER PRECEDING AND CURRENT ROW) AS a FROM t",
        "SELECT 0xNUMBER AS a FROM t",
        "SELECT 1.NUMBER AS a FROM t",
        "SELECT NUMBERe5 AS a FROM t",
    ],
)
def test_a_number_may_have_any_length(text: str, engine: str) -> None:
    """Python makes no number of more than 4,300 digits, and raises where it is asked to."""
    read(text.replace("NUMBER", "9" * 5_000), engine)


def test_what_is_too_long_is_refused() -> None:
    (words,) = read("SELECT a FROM t WHERE a IN (" + "1, " * MOST_TOKENS + "1)").problems
    assert words.code == "sql-too-large"
    (text,) = read(f"SELECT a FROM t -- {'x' * MOST_CHARACTERS}").problems
    assert text.code == "sql-too-large"


def test_common_table_expressions_that_double_stay_small() -> None:
    ctes = ", ".join(f"c{n} AS (SELECT * FROM c{n - 1} AS x, c{n - 1} AS y)" for n in range(1, 21))
    reading = read(f"WITH c0 AS (SELECT a, n FROM t), {ctes} SELECT * FROM c20")
    assert reading.problems == ()
    assert reading.output.columns is None


def test_of_a_thousand_faults_a_hundred_are_told() -> None:
    assert len(read("SELECT " + ", ".join(f"z{n}" for n in range(1000)) + " FROM t").problems) == 100


GROWING = {
    "joins": lambda n: "SELECT t.a FROM t " + " ".join(f"JOIN u AS u{i} ON u{i}.a = t.a" for i in range(n)),
    "columns": lambda n: "SELECT " + ", ".join(f"a AS k{i}" for i in range(5 * n)) + " FROM t",
    "wide": lambda n: (
        "WITH w AS (SELECT "
        + ", ".join(f"a AS k{i}" for i in range(3 * n))
        + " FROM t) SELECT "
        + ", ".join(f"k{i}" for i in range(3 * n))
        + " FROM w"
    ),
    "ctes": lambda n: (
        "WITH c0 AS (SELECT a FROM t), "
        + ", ".join(f"c{i} AS (SELECT * FROM c{i - 1})" for i in range(1, n))
        + f" SELECT * FROM c{n - 1}"
    ),
    "ors": lambda n: "SELECT a FROM t WHERE " + " OR ".join(f"a = {i}" for i in range(3 * n)),
    "unions": lambda n: " UNION ALL ".join(["SELECT a FROM t"] * n),
    "unknown": lambda n: "SELECT " + ", ".join(f"z{i}" for i in range(5 * n)) + " FROM t",
    "tables": lambda n: "SELECT 1 FROM " + ", ".join(f"z{i}" for i in range(5 * n)),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", GROWING)
def test_four_times_the_text_takes_about_four_times_the_work(kind: str) -> None:
    """By CPU time; a quadratic part would make it sixteen times."""

    def seconds(size: int) -> float:
        text = GROWING[kind](size)
        taken: list[float] = []
        for _ in range(3):
            begun = time.process_time()
            read(text)
            taken.append(time.process_time() - begun)
        return min(taken)

    seconds(20)
    assert seconds(800) < 9 * seconds(200)
