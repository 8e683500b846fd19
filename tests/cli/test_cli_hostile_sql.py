"""A megabyte of SQL is answered at once, within half a gigabyte, whatever it says and whoever is to run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from measured import measured

from rosace.check.sql.depth import MOST_CHARACTERS, MOST_TOKENS

pytestmark = pytest.mark.slow

PLATFORM = """
platform: strange
tables:
  t: {columns: {id: bigint!, s: string, amount: "decimal(12,2)"}}
  u: {columns: {id: bigint}}
"""
ENGINES = {
    "flink": "jobs: {j: {engine: flink, sql: a.sql}}\n",
    "spark": 'jobs: {j: {engine: spark, sql: a.sql, schedule: "0 1 * * *"}}\n',
    "trino": "queries: {j: {sql: a.sql}}\n",
}
ID = " AS id FROM lake.t"
WHERE = "SELECT id FROM lake.t WHERE "


def many(piece: Callable[[int], str], tokens: int, head: str = "", tail: str = "", between: str = "") -> str:
    """As many pieces, of so many words and signs each, as are read at all."""
    count = (MOST_TOKENS - 100) // tokens
    return head + between.join(piece(number) for number in range(count)) + tail


HOSTILE: dict[str, Callable[[], str]] = {
    "ORs": lambda: many(lambda n: f"id = {n}", 4, WHERE, between=" OR "),
    "a list": lambda: many(lambda n: f"{n}", 2, f"{WHERE} id IN (", ")", ","),
    "a longer list": lambda: f"{WHERE} id IN ({'1, ' * 300_000}1)",
    "UNION ALLs": lambda: many(lambda n: "SELECT id FROM lake.t", 8, between=" UNION ALL "),
    "tables that hold all columns": lambda: many(
        lambda n: f"c{n + 1} AS (SELECT * FROM c{n})",
        10,
        "WITH c0 AS (SELECT * FROM lake.t), ",
        " SELECT id FROM c0",
        ", ",
    ),
    "tables that double their columns": lambda: many(
        lambda n: f"c{n + 1} AS (SELECT a.*, b.* FROM c{n} a CROSS JOIN c{n} b)",
        22,
        "WITH c0 AS (SELECT * FROM lake.t), ",
        " SELECT id FROM c0",
        ", ",
    ),
    "sums": lambda: many(lambda n: "id", 2, "SELECT ", ID, " + "),
    "products of decimals": lambda: many(lambda n: "amount", 2, "SELECT ", ID, " * "),
    "deep parentheses": lambda: many(lambda n: f"{'(' * 80}id = 1{')' * 80}", 164, WHERE, between=" OR "),
    "parentheses": lambda: "SELECT " + "(" * 500_000,
    "CASE in CASE": lambda: f"SELECT {'CASE WHEN id = 1 THEN ' * 90}1{' END' * 90}{ID}",
    "CASEs": lambda: many(lambda n: f"CASE WHEN id = {n} THEN 1 END", 9, "SELECT ", ID, " + "),
    "values of queries": lambda: many(lambda n: "(SELECT MAX(id) FROM lake.t)", 12, "SELECT ", ID, " + "),
    "joins": lambda: many(lambda n: f" JOIN lake.t b{n} ON a.id = b{n}.id", 13, "SELECT a.id FROM lake.t a"),
    "a long text": lambda: f"{WHERE} s = '{'x' * 1_000_000}'",
    "quotes": lambda: f"{WHERE} s = '{chr(39) * (MOST_CHARACTERS // 2)}'",
    "a long name": lambda: f"SELECT id FROM lake.{'x' * (MOST_CHARACTERS - 100)}",
    "a long number": lambda: f"SELECT {'1' * (MOST_CHARACTERS - 100)}{ID}",
    "comments": lambda: f"SELECT id FROM lake.t {'/* a */ ' * 45_000}",
    "odd blanks": lambda: f"SELECT{chr(0xA0) * (MOST_CHARACTERS - 100)}id FROM lake.t",
    "semicolons": lambda: f"SELECT id FROM lake.t{';' * (MOST_TOKENS - 100)}",
}
"""What a text may hold; of what is longer than what is read at all it is enough that it is said."""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_megabyte_of_sql_is_answered_at_once(tmp_path: Path, kind: str, engine: str) -> None:
    query = HOSTILE[kind]()
    insert = {"flink": "INSERT INTO lake.u ", "spark": "INSERT OVERWRITE lake.u "}.get(engine, "")
    (tmp_path / "platform.yaml").write_text(PLATFORM + ENGINES[engine])
    (tmp_path / "a.sql").write_text(insert + query)
    told = measured(tmp_path)
    assert told.code in (0, 1)
    # To Spark a quote within a text is not doubled: each pair is a text of its own.
    large = len(query) > MOST_CHARACTERS or kind == "a longer list" or (kind, engine) == ("quotes", "spark")
    assert ("sql-too-large" in told.text) == large, told.text[:400]


@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_views_of_views_are_answered_at_once(tmp_path: Path, engine: str) -> None:
    text = many(
        lambda n: f"CREATE TEMPORARY VIEW v{n} AS SELECT * FROM {f'v{n - 1}' if n else 'lake.t'};\n",
        10,
        tail=f"INSERT {'INTO' if engine == 'flink' else 'OVERWRITE'} lake.u SELECT id FROM v0",
    )
    (tmp_path / "platform.yaml").write_text(PLATFORM + ENGINES[engine])
    (tmp_path / "a.sql").write_text(text)
    assert "sql-" not in measured(tmp_path).text
