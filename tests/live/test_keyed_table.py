"""A table with a key: Flink's updates take the place of rows, Spark merges into it, and a key that is twice is found.

One platform: sums that grow with every record go into a table by its key and into a compacted topic; a batch job merges
into another table, twice; everything is compared with what DuckDB computes from the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

ROWS, KEYS = 5_000, 37

PLATFORM = """\
platform: keyed
topics:
  sales: {columns: {id: int!, shop: string!, amount: bigint!}, key: id, partitions: 2}
  latest: {columns: {shop: string!, sales: bigint!, amount: bigint}, key: shop, compact: true, partitions: 2}
tables:
  totals: {columns: {shop: string!, sales: bigint!, amount: bigint}, key: shop}
  merged: {columns: {shop: string!, sales: bigint!, amount: bigint}, key: shop, partition: ["bucket(4, shop)"]}
sources:
  sales: {file: sales.csv, to: sales}
jobs:
  sums: {engine: flink, sql: sums.sql, checkpoint: 500ms, parallelism: 2}
  merge: {engine: spark, sql: merge.sql, after: sums}
queries:
  totals: {sql: totals.sql}
verify:
  lake.totals: oracle.sql
  lake.merged: oracle.sql
  latest: oracle.sql
"""
FILES = {
    "sums.sql": """\
CREATE TEMPORARY VIEW sums AS SELECT shop, COUNT(*) AS sales, SUM(amount) AS amount FROM sales GROUP BY shop;
INSERT INTO lake.totals SELECT * FROM sums;
INSERT INTO latest SELECT * FROM sums;
""",
    "merge.sql": "INSERT INTO lake.merged SELECT * FROM lake.totals\n",
    "totals.sql": "SELECT count(*) AS n FROM lake.totals\n",
    "oracle.sql": "SELECT shop, count(*) AS sales, sum(amount)::BIGINT AS amount FROM sales GROUP BY shop\n",
}
DOUBLE = """
def run(spark):
    spark.sql("SELECT * FROM lake.keyed.totals LIMIT 1").writeTo("lake.keyed.totals").append()
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("keyed")
    with (folder / "sales.csv").open("w", encoding="utf-8") as out:
        out.write("id,shop,amount\n")
        for number in range(ROWS):
            out.write(f"{number},shop {number * 7 % KEYS},{number % 1000}\n")
    for name, text in {"platform.yaml": PLATFORM, **FILES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    platform = Live(folder, folder / "state")
    try:
        # Slowly: records still come when Flink's job has started, so each checkpoint takes rows of the one before back.
        platform.up_verified("--set", "sources.sales.rate=50/s")
        yield platform
    finally:
        teardown(platform)


def test_updates_take_the_place_of_rows(live: Live) -> None:
    flows = {flow["target"]: (flow["result"], flow["records_out"]) for flow in live.proof["flows"]}
    assert flows["lake.totals"] == ("exact", KEYS)
    assert flows["latest"][0] == "exact"
    commits = live.sql("""SELECT count(*) AS n FROM lake.keyed."totals$snapshots" WHERE operation = 'overwrite'""")
    assert int(commits[0]["n"]) > 1, "nothing was ever updated"
    said = json.loads(live.run("describe", "totals", "--output", "json").stdout)
    assert {item["key"] for item in said if item["resource"] == "table/totals"} == {"shop"}


def test_a_batch_merges_and_merges_again(live: Live) -> None:
    for _ in range(2):
        live.run("restart", "merge")
        live.wait("the batch has ended", lambda status: status["jobs"]["merge"]["state"] == "finished", 120)
    flows = {flow["target"]: (flow["result"], flow["records_out"]) for flow in live.verify()["flows"]}
    assert flows["lake.merged"] == ("exact", KEYS)


def test_a_key_that_is_there_twice_is_found(live: Live) -> None:
    """Last in this module: it plants a double, behind the platform's back."""
    (live.folder / "double.py").write_text(DOUBLE, encoding="utf-8")
    words = "engine: spark, python: double.py, after: sums, reads: sales, writes: lake.totals, delivery: at-least-once"
    more = f"  double: {{{words}}}\n"
    # Without the job that merges: it refuses what comes twice, and would never end.
    kept = [line for line in PLATFORM.splitlines(keepends=True) if "merge" not in line]
    text = "".join(kept).replace("queries:", f"{more}queries:")
    (live.folder / "platform.yaml").write_text(text, encoding="utf-8")
    live.run("up")
    live.wait("the double is there", lambda status: status["jobs"]["double"]["state"] == "finished", 120)
    # This `up` also changed how fast the source is replayed, which is done: neither that nor what is still said of the
    # stream's end makes it another input. A job that promises at least once shows it: it ran once.
    planted = int(live.sql("SELECT count(*) - count(DISTINCT shop) AS n FROM lake.keyed.totals")[0]["n"])
    assert planted == 1
    flows = [flow for flow in live.verify(code=1)["flows"] if flow["target"] == "lake.totals"]
    assert {(flow["result"], flow["duplicated"]) for flow in flows} == {("wrong", planted)}
    assert any("rows have the key {shop=shop" in example for example in flows[0]["examples"])
    bare = text.replace("  lake.totals: oracle.sql\n", "")
    (live.folder / "platform.yaml").write_text(bare, encoding="utf-8")
    live.run("up")
    flows = [flow for flow in live.verify(code=1)["flows"] if flow["target"] == "lake.totals"]
    assert {(flow["against"], flow["result"], flow["duplicated"]) for flow in flows} == {("its key", "wrong", planted)}
