"""What would be cut, rounded or null without a word is refused, and what only widens is not."""

from __future__ import annotations

import pytest
from check_outcome import Examine

YAML = """\
platform: demo
topics:
  given:
    columns: {{id: int!, big: bigint!, note: string, name: string!, x: double!, at: timestamp(6)!, ms: timestamp(3)!,
      day: date!, wide: "decimal(20,6)!", money: "decimal(10,2)!", perhaps: double, must: double!}}
  other: {{columns: {{id: int!, label: string!, perhaps: double}}}}
  taken: {{columns: {{out: "{wanted}"}}}}
sources:
  given: {{file: given.jsonl, to: given}}
  other: {{file: other.jsonl, to: other}}
jobs:
  job: {{engine: {engine}, sql: job.sql}}
"""
LINE = (
    '{"id": 1, "big": 1, "note": "a", "name": "b", "x": 1, "at": "2024-01-01", "ms": "2024-01-01", "day": "2024-01-01",'
    ' "wide": 1, "money": 1, "perhaps": 1, "must": 1}\n'
)
OTHER = '{"id": 1, "label": "x", "perhaps": 1}\n'
FILES = {"given.jsonl": LINE, "other.jsonl": OTHER}


def losses(examined: Examine, query: str, wanted: str, engine: str = "flink") -> set[str]:
    sql = f"INSERT INTO taken {query}"
    codes = examined(YAML.format(wanted=wanted, engine=engine), {**FILES, "job.sql": sql}).codes
    return {code for code in codes if code.startswith("insert-")}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("wide", "decimal(10,2)"),
        ("wide", "decimal(18,6)"),
        ("at", "timestamp(3)"),
        ("at", "date"),
        ("x", "decimal(10,2)"),
        ("x", "decimal(38,10)"),
        ("money", "decimal(20,1)"),
        ("id", "decimal(9,0)"),
        ("big", "decimal(18,0)"),
        ("CAST(money AS DECIMAL(30, 4))", "decimal(20,2)"),
        ("MAX(wide)", "decimal(10,2)"),
        ("COALESCE(wide, CAST(0 AS DECIMAL(20, 6)))", "decimal(10,2)"),
        ("CASE WHEN id > 1 THEN wide ELSE NULL END", "decimal(10,2)"),
        ("CAST(name AS TIMESTAMP)", "timestamp(3)"),
        ("1.239", "decimal(10,2)"),
        ("1000", "decimal(3,0)"),
    ],
)
def test_what_would_lose_is_refused(examined: Examine, given: str, wanted: str) -> None:
    found = losses(examined, f"SELECT {given} FROM given", wanted)
    assert found == {"insert-narrows"}


BATCH = """\
platform: demo
tables:
  given: {{columns: {{n: int, big: bigint, name: string}}}}
  taken: {{columns: {{out: "{wanted}"}}}}
jobs:
  job: {{engine: spark, sql: job.sql, schedule: "0 1 * * *"}}
"""


@pytest.mark.parametrize(
    ("given", "wanted", "code", "said"),
    [
        ("(SELECT MAX(big) FROM lake.given)", "int", "insert-narrows", "bigint"),
        ("((SELECT MAX(big) FROM lake.given)) AS x", "int", "insert-narrows", "bigint"),
        ("COALESCE((SELECT MAX(big) FROM lake.given), CAST(0 AS BIGINT))", "int", "insert-narrows", "bigint"),
        ("(SELECT name FROM lake.given LIMIT 1)", "int", "insert-type", "string"),
        ("n * 2 / 3", "int", "insert-narrows", "double"),
        ("SUM(n) / COUNT(*)", "bigint", "insert-narrows", "double"),
        ("3000000000", "int", "insert-narrows", "bigint"),
        ("(SELECT MAX(n) FROM lake.given)", "bigint", "", ""),
        ("(SELECT SUM(big) FROM lake.given)", "int", "", ""),
        ("n * 2", "int", "", ""),
        ("SUM(n)", "int", "", ""),
    ],
)
def test_values_of_queries_and_quotients_have_their_types(
    examined: Examine, given: str, wanted: str, code: str, said: str
) -> None:
    """A query in parentheses has the type of its column; whole numbers have Spark's types (Sum.scala, TypeCoercion)."""
    sql = f"INSERT OVERWRITE lake.taken SELECT {given} FROM lake.given"
    told = [one for one in examined(BATCH.format(wanted=wanted), {"job.sql": sql}).diagnostics if "insert" in one.code]
    assert [one.code for one in told] == ([code] if code else [])
    assert all(said in one.message for one in told)


@pytest.mark.parametrize(
    ("given", "wanted"), [("x", "bigint"), ("x", "int"), ("big", "int"), ("money", "bigint"), ("wide", "decimal(10,2)")]
)
def test_whatever_the_engine_numbers_do_not_lose_digits(examined: Examine, given: str, wanted: str) -> None:
    """Flink refuses some of these itself, and is told of in other words."""
    assert losses(examined, f"SELECT {given} FROM given", wanted) <= {"insert-narrows", "insert-type"} != set()
    yaml = (
        YAML.replace("taken: {{columns", "unused: {{columns") + 'tables:\n  taken: {{columns: {{out: "{wanted}"}}}}\n'
    )
    sql = f"INSERT INTO lake.taken SELECT {given} FROM given"
    found = examined(yaml.format(wanted=wanted, engine="spark"), {**FILES, "job.sql": sql}).codes
    assert "insert-narrows" in found


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("wide", "decimal(21,6)"),
        ("wide", "decimal(38,10)"),
        ("money", "double"),
        ("id", "bigint"),
        ("id", "decimal(10,0)"),
        ("id", "double"),
        ("ms", "timestamp(6)"),
        ("day", "timestamp(3)"),
        ("CAST(wide AS DECIMAL(10, 2))", "decimal(10,2)"),
        ("CAST(at AS TIMESTAMP(3))", "timestamp(3)"),
        ("CAST(x AS BIGINT)", "bigint"),
        ("1.25", "decimal(10,2)"),
        ("100", "decimal(3,0)"),
        ("100", "int"),
        ("COUNT(*)", "bigint!"),
        ("some_udf(wide)", "decimal(10,2)"),
    ],
)
def test_what_fits_is_not_refused(examined: Examine, given: str, wanted: str) -> None:
    assert losses(examined, f"SELECT {given} FROM given", wanted) == set()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT note FROM given",
        "SELECT t.note FROM given AS t",
        "SELECT o.label FROM given AS g LEFT JOIN other AS o ON g.id = o.id",
        "SELECT g.name FROM given AS g RIGHT JOIN other AS o ON g.id = o.id",
        "SELECT g.name FROM given AS g FULL JOIN other AS o ON g.id = o.id",
        "SELECT MAX(name) FROM given",
        "SELECT MAX(note) FROM given GROUP BY id",
        "SELECT CASE WHEN id > 1 THEN name END FROM given",
        "SELECT CASE WHEN id > 1 THEN name ELSE note END FROM given",
        "SELECT NULLIF(name, 'x') FROM given",
        "SELECT COALESCE(note, NULL) FROM given",
        "SELECT UPPER(note) FROM given",
        "SELECT note || 'x' FROM given",
        "SELECT CAST(note AS STRING) FROM given",
        "SELECT name FROM given UNION ALL SELECT note FROM given",
        "WITH w AS (SELECT note FROM given) SELECT note FROM w",
        "SELECT note FROM (SELECT id, note FROM given)",
        "SELECT CAST(NULL AS STRING)",
    ],
)
def test_what_may_be_null_is_refused(examined: Examine, query: str) -> None:
    assert losses(examined, query, "string!") == {"insert-null"}
    assert losses(examined, query, "string") == set()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT name FROM given",
        "SELECT note FROM given WHERE note IS NOT NULL",
        "SELECT note FROM given WHERE note <> 'x' AND id > 1",
        "SELECT * FROM (SELECT note FROM given) WHERE note IS NOT NULL",
        "SELECT COALESCE(note, 'x') FROM given",
        "SELECT COALESCE(note, name) FROM given",
        "SELECT CASE WHEN note IS NULL THEN 'x' ELSE note END FROM given",
        "SELECT CASE WHEN id > 1 THEN name ELSE 'x' END FROM given",
        "SELECT MAX(name) FROM given GROUP BY id",
        "SELECT g.name FROM given AS g LEFT JOIN other AS o ON g.id = o.id",
        "SELECT o.label FROM given AS g LEFT JOIN other AS o ON g.id = o.id WHERE o.label IS NOT NULL",
        "SELECT o.label FROM given AS g JOIN other AS o ON g.id = o.id",
        "SELECT g.note FROM given AS g JOIN other AS o ON g.note = o.label",
        "SELECT MAX(note) FROM given GROUP BY id HAVING MAX(note) IS NOT NULL",
        "SELECT some_udf(note) FROM given",
        "SELECT CONCAT_WS('-', note, name) FROM given",
        "SELECT CAST(COUNT(*) AS STRING) FROM given GROUP BY id",
    ],
)
def test_what_is_surely_there_is_not_refused(examined: Examine, query: str) -> None:
    assert losses(examined, query, "string!") == set()


def test_both_types_and_both_places_are_told(examined: Examine) -> None:
    sql = "INSERT INTO taken\nSELECT wide FROM given"
    found = examined(YAML.format(wanted="decimal(10,2)", engine="flink"), {**FILES, "job.sql": sql}).one(
        "insert-narrows"
    )
    assert "decimal(10,2), which cannot hold every decimal(20,6)" in found.message
    assert found.span is not None
    assert (found.span.file.endswith("job.sql"), found.span.line, found.span.column) == (True, 2, 8)
    assert found.labels[1].span.file.endswith("platform.yaml")


ROWS = """\
platform: demo
topics:
  given: {{columns: {{id: int!, at: "row<x int, y int>", all: "array<row<x int, y int>>"}}}}
  taken: {{columns: {{{wanted}}}}}
sources:
  given: {{file: given.jsonl, to: given}}
jobs:
  job: {{engine: {engine}, sql: job.sql}}
"""


@pytest.mark.parametrize("engine", ["flink", "spark"])
@pytest.mark.parametrize(
    ("query", "wanted", "told"),
    [
        ("INSERT INTO taken SELECT at FROM given", 'at: "row<y int, x int>"', True),
        ("INSERT INTO taken (at) SELECT at FROM given", 'at: "row<y int, x int>"', True),
        ("INSERT INTO taken SELECT `all` FROM given", 'all: "array<row<y int, x int>>"', True),
        ("INSERT INTO taken SELECT at FROM given", 'at: "row<x bigint, y int>"', False),
        ("INSERT INTO taken SELECT at FROM given", 'at: "row<a int, b int>"', False),
    ],
)
def test_fields_of_a_row_that_change_places_are_told(
    examined: Examine, engine: str, query: str, wanted: str, told: bool
) -> None:
    """Both engines' planners take them (Flink 2.1.3, Spark 4.1.1), by position."""
    sql = query.replace("SELECT at", "SELECT `at`").replace("(at)", "(`at`)")
    files = {"given.jsonl": '{"id": 1, "at": null, "all": null}\n', "job.sql": sql}
    found = examined(ROWS.format(wanted=wanted, engine=engine), files)
    assert ("insert-order" in found.codes) is told, found.diagnostics
