"""Edits of Flink's jobs with data in place: one that has ended is made anew, and another one stops nobody."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

ROWS, KEYS = 2_000, 7

PLATFORM = """\
platform: flinked
topics:
  sales: {columns: {id: int!, shop: string!, amount: bigint!}, key: id, partitions: 2}
  latest: {columns: {shop: string!, amount: bigint}, key: shop, compact: true, partitions: 2}
tables:
  totals: {columns: {shop: string!, amount: bigint}, key: shop}
  plain: {columns: {id: int!, amount: bigint}}
sources:
  sales: {file: sales.csv, to: sales}
jobs:
  sums: {engine: flink, sql: sums.sql, checkpoint: 500ms, parallelism: 2}
queries:
  totals: {sql: totals.sql}
verify:
  lake.totals: oracle.sql
  latest: oracle.sql
"""
SUMS = """\
CREATE TEMPORARY VIEW sums AS SELECT shop, SUM(amount) AS amount FROM sales GROUP BY shop;
INSERT INTO lake.totals SELECT * FROM sums;
INSERT INTO latest SELECT * FROM sums;
"""
ORACLE = "SELECT shop, sum(amount)::BIGINT AS amount FROM sales GROUP BY shop\n"


def write(live: Live, name: str, text: str) -> None:
    (live.folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("flinked")
    with (folder / "sales.csv").open("w", encoding="utf-8") as out:
        out.write("id,shop,amount\n")
        for number in range(ROWS):
            out.write(f"{number},shop {number % KEYS},{number % 100}\n")
    platform = Live(folder, folder / "state")
    for name, text in {
        "platform.yaml": PLATFORM,
        "sums.sql": SUMS,
        "oracle.sql": ORACLE,
        "totals.sql": "SELECT count(*) AS n FROM lake.totals\n",
    }.items():
        write(platform, name, text)
    try:
        platform.up_verified()
        yield platform
    finally:
        teardown(platform)


def exact(live: Live) -> dict[str, Any]:
    return {flow["target"]: (flow["result"], flow["records_out"]) for flow in live.proof["flows"]}


def test_an_ended_job_whose_sql_changed_is_made_anew_also_through_a_kill(live: Live) -> None:
    assert exact(live)["lake.totals"] == ("exact", KEYS)
    said = live.run("restart", "sums", code=2).stderr
    assert "has read all of its input" in said and "rosace rebuild sums" in said
    # Some shops are no longer there: what was written before must not be left beside the new.
    write(live, "sums.sql", SUMS.replace("FROM sales GROUP", "FROM sales WHERE shop <> 'shop 3' GROUP"))
    write(live, "oracle.sql", ORACLE.replace("FROM sales GROUP", "FROM sales WHERE shop <> 'shop 3' GROUP"))
    refused = json.loads(live.run("plan", "--output", "json", code=2).stdout)
    assert [one["subject"] for one in refused if one.get("refused")] == ["topic/latest"]
    told = json.loads(live.run("plan", "--rebuild", "--output", "json", code=1).stdout)
    assert {(one["subject"], one["kind"]) for one in told if one["change"] == "edit"} == {
        ("job/sums", "rebuilds"),
        ("table/lake.totals", "rebuilds"),
        ("topic/latest", "rebuilds"),
    }
    assert "`rosace up --rebuild` does it" in live.run("up", code=2).stderr
    live.run("up", "--rebuild", "--detach")
    os.kill(live.status()["processes"]["flink-taskmanager"]["pid"], signal.SIGKILL)
    live.up_verified()
    assert exact(live)["lake.totals"] == ("exact", KEYS - 1)
    assert exact(live)["latest"][0] == "exact"
    assert json.loads(live.run("plan", "--output", "json").stdout) == []


def test_another_job_stops_nobody_and_a_rebuild_takes_all_of_a_topic(live: Live) -> None:
    before = {name: item["pid"] for name, item in live.status()["processes"].items() if not item["once"]}
    write(live, "plain.sql", "INSERT INTO lake.plain SELECT id, amount FROM sales\n")
    write(
        live,
        "platform.yaml",
        PLATFORM.replace("jobs:\n", "jobs:\n  plain: {engine: flink, sql: plain.sql, checkpoint: 500ms}\n"),
    )
    live.run("up")
    live.wait("the new job has ended", lambda status: status["jobs"]["plain"]["state"] == "finished", 90)
    after = live.status()["processes"]
    assert {name: after[name]["pid"] for name in before} == before
    assert [list(row.values()) for row in live.sql("SELECT count(*), count(DISTINCT id) FROM lake.plain")] == [
        [ROWS, ROWS]
    ]
    # A source is sent again, and all that is made of it is made again.
    live.run("rebuild", "sales", "--yes")
    live.up_verified()
    assert exact(live)["lake.totals"] == ("exact", KEYS - 1)
    assert [list(row.values()) for row in live.sql("SELECT count(*), count(DISTINCT id) FROM lake.plain")] == [
        [ROWS, ROWS]
    ]
