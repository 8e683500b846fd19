"""Every hint that tells a person to write another statement, or another table, is written here as it says, or where it
is named: what comes out is taken, and nothing is lost or doubled.

What data becomes is shown on the engines themselves: by the tests that are marked live.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from check_outcome import Examine

ROOT = Path(__file__).parents[2]
SPARK = "src/rosace/engines/spark/tests/test_spark_tables.py"
KEYED = f"{SPARK}::test_rows_take_the_place_of_those_of_the_same_key"
FOLLOWED = {
    "give the table a `key: [...]`: INSERT INTO then puts": KEYED,
    "INSERT INTO a table with a `key:` puts each row": KEYED,
    "write INSERT OVERWRITE {}: it replaces the partitions": f"{SPARK}::test_a_daily_job_keeps_the_other_days",
    "INSERT OVERWRITE would throw the rest away": "tests/check/test_overwrites.py::"
    "test_a_hint_that_is_followed_loses_nothing",
    "gives all that `{}` is to hold, write INSERT OVERWRITE": f"{SPARK}::"
    "test_an_overwrite_replaces_partitions_that_get_rows_and_a_named_one_whole",
    "a job gives rows: INSERT OVERWRITE": f"{SPARK}::test_rows_are_changed_by_overwriting_them_with_themselves",
    "write to a compacted topic": "tests/check/test_hints_followed.py::test_a_statement_that_was_hinted_at_is_taken",
    "INSERT INTO a compacted topic replaces": "tests/check/test_hints_followed.py::"
    "test_a_statement_that_was_hinted_at_is_taken",
    "write INSERT INTO, or give the job a `schedule`": "tests/check/test_hints_followed.py::"
    "test_a_statement_that_was_hinted_at_is_taken",
    "put `INSERT INTO <topic or lake.table>` before": "tests/check/test_hints_followed.py::"
    "test_a_statement_that_was_hinted_at_is_taken",
    "list them: INSERT INTO": "tests/check/test_hints_followed.py::test_a_statement_that_was_hinted_at_is_taken",
    "a job may say CREATE TEMPORARY VIEW": "tests/check/test_hints_followed.py::"
    "test_a_statement_that_was_hinted_at_is_taken",
    "a table with a `key: [...]`, where a row takes": "tests/live/test_keyed_table.py::",
    "or a table of the lake with a `key:`": "tests/live/test_keyed_table.py::",
    "a compacted topic (`key: [...]` and `compact: true`)": "tests/check/test_keys_of_tables.py::"
    "test_sums_go_where_there_is_a_key",
    "write a compacted topic, which keeps": "tests/check/test_keys_of_tables.py::test_sums_go_where_there_is_a_key",
    "a compacted topic can)": "tests/check/test_hints_followed.py::test_a_statement_that_was_hinted_at_is_taken",
    "write INSERT INTO": "tests/check/test_hints_followed.py::test_a_statement_that_was_hinted_at_is_taken",
}
"""A piece of each hint, and the test that follows it."""

_TELLS = re.compile(r"INSERT (?:INTO|OVERWRITE)|(?:with|table) a `key|compacted topic")


def hints() -> Iterator[str]:
    """The texts in the check and in the rooms' rules that name a statement or a table to write."""
    check, rooms = ROOT / "src/rosace/check", ROOT / "src/rosace/engines"
    for path in sorted([*check.rglob("*.py"), *rooms.glob("*/rules.py"), *rooms.glob("*/planner_words.py")]):
        tree = ast.parse(path.read_text("utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            said = ""
            if isinstance(node, ast.JoinedStr):
                said = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose | inside:
                said = node.value
            if _TELLS.search(said):
                yield said


def test_each_hint_has_a_test_that_follows_it() -> None:
    found = list(hints())
    assert len(found) >= 15
    for said in found:
        assert any(piece in said for piece in FOLLOWED), f"nobody follows: {said}"
    for piece, where in FOLLOWED.items():
        assert any(piece in said for said in found), f"no hint says: {piece}"
        path, _, name = where.partition("::")
        assert f"def {name or 'test_'}" in (ROOT / path).read_text("utf-8"), where


PLATFORM = """\
platform: demo
topics:
  orders: {{columns: {{id: bigint!, amount: bigint!}}, key: id}}
  copies: {{columns: {{id: bigint!, amount: bigint!}}, key: id{compact}}}
tables:
  kept: {{like: orders{table}}}
  other: {{like: orders}}
sources:
  orders: {{file: orders.csv, to: {to}}}
jobs:
  work: {{engine: {engine}, sql: work.sql{when}}}
"""
CSV = "id,amount\n1,3\n"
DAILY = ', schedule: "0 5 * * *"'


@pytest.mark.parametrize(
    ("words", "text", "code", "hint", "others", "instead"),
    [
        (
            {"when": DAILY, "to": "lake.other"},
            "MERGE INTO lake.kept USING lake.other s ON kept.id = s.id WHEN NOT MATCHED THEN INSERT *",
            "sql-statement",
            "INSERT INTO a table with a `key:`",
            {"table": ", key: id"},
            "INSERT INTO lake.kept SELECT * FROM lake.other",
        ),
        (
            {"when": DAILY, "to": "lake.other"},
            "INSERT INTO lake.kept SELECT * FROM lake.other",
            "rerun-doubles",
            "give the table a `key: [...]`",
            {"table": ", key: id"},
            "INSERT INTO lake.kept SELECT * FROM lake.other",
        ),
        (
            {"when": DAILY, "to": "lake.other"},
            "INSERT INTO lake.kept SELECT * FROM lake.other",
            "rerun-doubles",
            "write INSERT OVERWRITE lake.kept",
            {},
            "INSERT OVERWRITE lake.kept SELECT * FROM lake.other",
        ),
        (
            {"when": DAILY, "to": "lake.kept"},
            "UPDATE lake.other SET amount = 1",
            "sql-statement",
            "INSERT OVERWRITE puts them in place",
            {},
            "INSERT OVERWRITE lake.other SELECT id, 1 FROM lake.kept",
        ),
        (
            {"when": DAILY, "to": "lake.other"},
            "SELECT * FROM lake.other",
            "sql-statement",
            "put `INSERT INTO <topic or lake.table>` before",
            {"table": ", key: id"},
            "INSERT INTO lake.kept SELECT * FROM lake.other",
        ),
        (
            {"when": DAILY, "to": "lake.other"},
            "WITH o AS (SELECT * FROM lake.other) SELECT * FROM o",
            "sql-statement",
            "before WITH",
            {"table": ", key: id"},
            "INSERT INTO lake.kept WITH o AS (SELECT * FROM lake.other) SELECT * FROM o",
        ),
        (
            {"when": DAILY, "to": "lake.other"},
            "CREATE TABLE x (a INT)",
            "sql-statement",
            "topics and tables are declared in `platform.yaml`",
            {},
            "CREATE TEMPORARY VIEW x AS SELECT * FROM lake.other; INSERT OVERWRITE lake.kept SELECT * FROM x",
        ),
        (
            {"engine": "flink"},
            "INSERT OVERWRITE lake.kept SELECT * FROM orders",
            "overwrite-stream",
            "write INSERT INTO, or give the job a `schedule`",
            {},
            "INSERT INTO lake.kept SELECT * FROM orders",
        ),
        (
            {"when": DAILY},
            "INSERT OVERWRITE copies SELECT * FROM orders",
            "overwrite-topic",
            "INSERT INTO a compacted topic replaces",
            {"compact": ", compact: true", "when": f"{DAILY}, delivery: at-least-once"},
            "INSERT INTO copies SELECT * FROM orders",
        ),
        (
            {"when": DAILY},
            "INSERT INTO copies SELECT * FROM orders",
            "rerun-doubles",
            "write to a compacted topic",
            {"compact": ", compact: true", "when": f"{DAILY}, delivery: at-least-once"},
            "INSERT INTO copies SELECT * FROM orders",
        ),
        (
            {"engine": "flink"},
            "INSERT INTO copies SELECT amount AS amount, id AS id FROM orders",
            "insert-order",
            "list them: INSERT INTO copies (amount, id)",
            {},
            "INSERT INTO copies (amount, id) SELECT amount AS amount, id AS id FROM orders",
        ),
    ],
)
def test_a_statement_that_was_hinted_at_is_taken(
    examined: Examine, words: dict[str, str], text: str, code: str, hint: str, others: dict[str, str], instead: str
) -> None:
    said = {"compact": "", "table": "", "to": "orders", "engine": "spark", "when": "", **words}
    found = examined(PLATFORM.format(**said), {"orders.csv": CSV, "work.sql": text})
    assert code in found.codes
    assert any(hint in one for problem in found.diagnostics if problem.code == code for one in problem.hints)
    followed = examined(PLATFORM.format(**{**said, **others}), {"orders.csv": CSV, "work.sql": instead})
    assert followed.errors == set(), followed.diagnostics
