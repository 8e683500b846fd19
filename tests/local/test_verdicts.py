"""A planner's yes is remembered for as long as all that it rests on stays the same, and no longer."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.contract.planner import Owner
from rosace.local.verdicts import fingerprint
from rosace.source.load import load

PLATFORM = """\
platform: orders
tables:
  orders: {columns: {id: int!, shop: string!}}
  shops: {columns: {shop: string!, orders: bigint!}}
sources:
  orders: {file: data, to: lake.orders}
jobs:
  shops: {engine: spark, sql: shops.sql, schedule: "0 5 * * *"}
queries:
  shops: {sql: query.sql}
verify:
  lake.shops: oracle.sql
"""
FILES = {
    "platform.yaml": PLATFORM,
    "data/a.jsonl": '{"id": 1, "shop": "Lyon"}\n',
    "data/b.jsonl": '{"id": 2, "shop": "Metz"}\n',
    "shops.sql": "INSERT OVERWRITE lake.shops SELECT shop, COUNT(*) AS orders FROM lake.orders GROUP BY shop\n",
    "query.sql": "SELECT * FROM lake.shops\n",
    "oracle.sql": "SELECT shop, count(*) AS orders FROM orders GROUP BY ALL\n",
}
OWNERS = (Owner("jobs", "shops"), Owner("queries", "shops"), Owner("verify", "lake.shops"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def marks(folder: Path) -> dict[str, str]:
    whole = check(load(folder / "platform.yaml"), folder)
    return {owner.kind: fingerprint(whole, owner, "judge") for owner in OWNERS}


def test_nothing_changed_is_the_same(folder: Path) -> None:
    assert marks(folder) == marks(folder)


def grow(folder: Path) -> None:
    (folder / "data" / "b.jsonl").write_text('{"id": 3, "shop": "Metz", "more": 1}\n')


def touch(folder: Path) -> None:
    os.utime(folder / "data" / "a.jsonl", ns=(1, 1))


def another(folder: Path) -> None:
    (folder / "data" / "c.jsonl").write_text(FILES["data/a.jsonl"])


@pytest.mark.parametrize("change", [grow, touch, another])
def test_an_oracle_rests_on_each_file_of_its_sources(folder: Path, change: Callable[[Path], None]) -> None:
    before = marks(folder)
    change(folder)
    after = marks(folder)
    assert {kind for kind, mark in after.items() if mark != before[kind]} == {"verify"}
