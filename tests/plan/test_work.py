"""What a run that ended is known by: texts and shapes, no address and no setting of an engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.plan.machine.work import work_of
from rosace.source.load import load

PLATFORM = """\
platform: demo
topics:
  orders: {columns: {id: int!, amount: bigint}, partitions: 2}
tables:
  old: {columns: {id: int!}}
  copies: {columns: {id: int!}}
  sums: {columns: {amount: bigint}}
sources:
  orders: {file: orders.csv, to: orders, rate: 100/s}
  old: {file: old.csv, to: lake.old}
jobs:
  copy: {engine: spark, python: copy.py, after: old, reads: lake.old, writes: lake.copies, delivery: at-least-once}
  sum: {engine: spark, sql: sum.sql, after: old}
"""
FILES = {
    "orders.csv": "id,amount\n1,2\n",
    "old.csv": "id\n1\n",
    "copy.py": "def run(spark):\n    pass\n",
    "sum.sql": "INSERT OVERWRITE lake.sums SELECT SUM(CAST(id AS BIGINT)) AS amount FROM lake.old\n",
}
NAMES = ("copy", "sum", "old")


def works(folder: Path, yaml: str = PLATFORM, **files: str) -> dict[str, str]:
    for name, text in {"platform.yaml": yaml, **FILES, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    checked = check(load(folder / "platform.yaml"), folder)
    return {name: work_of(checked, name) for name in NAMES}


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        (("rate: 100/s", "rate: 7/s"), set()),
        (("jobs:", "engines: {spark: {memory: 900Mi}}\njobs:"), set()),
        (("partitions: 2", "partitions: 3"), set()),
        (("sql: sum.sql, after: old", 'sql: sum.sql, after: old, schedule: "0 5 * * *"'), set()),
        (("to: lake.old}", "to: lake.old, nulls: NA}"), {"old"}),
        (("old: {columns: {id: int!}}", "old: {columns: {id: int}}"), {"old", "copy", "sum"}),
        (("sums: {columns: {amount: bigint}}", "sums: {columns: {amount: bigint}, key: []}"), set()),
    ],
)
def test_what_is_another_work(tmp_path: Path, change: tuple[str, str], touched: set[str]) -> None:
    assert change[0] in PLATFORM
    before, after = works(tmp_path), works(tmp_path, PLATFORM.replace(*change))
    assert {name for name in NAMES if before[name] != after[name]} == touched


def test_another_text_is_another_work(tmp_path: Path) -> None:
    before = works(tmp_path)
    assert all(before.values())
    python = works(tmp_path, **{"copy.py": "def run(spark):\n    spark.range(1)\n"})
    assert {name for name in NAMES if before[name] != python[name]} == {"copy"}
    sql = works(tmp_path, **{"sum.sql": FILES["sum.sql"].replace("SUM", "MAX")})
    assert {name for name in NAMES if before[name] != sql[name]} == {"sum"}
    assert "def run" in json.loads(python["copy"])["python"]
