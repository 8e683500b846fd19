"""One job that writes one topic and one table with several INSERTs each: exact, also through a kill.

The INSERTs name other columns, so that Flink does not make one sink of them (2.1, SinkReuser). What they write is
compared with what DuckDB computes from the file.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

ROWS = 6_000

PLATFORM = """\
platform: twice
topics:
  sales: {columns: {id: int!, shop: string!, amount: bigint!}, key: id, partitions: 2}
  both: {columns: {id: int!, shop: string, amount: bigint, side: string!}, key: id, partitions: 2}
tables:
  both: {columns: {id: int!, shop: string, amount: bigint, side: string!}}
sources:
  sales: {file: sales.csv, to: sales, rate: 200/s}
jobs:
  split: {engine: flink, sql: split.sql, checkpoint: 1s, parallelism: 2}
verify:
  both: oracle.sql
  lake.both: oracle.sql
"""
SPLIT = """\
INSERT INTO both (id, shop, side) SELECT id, shop, 'odd' FROM sales WHERE id % 2 = 1;
INSERT INTO lake.both (id, shop, side) SELECT id, shop, 'odd' FROM sales WHERE id % 2 = 1;
INSERT INTO both (id, amount, side) SELECT id, amount, 'four' FROM sales WHERE id % 4 = 0;
INSERT INTO lake.both /*+ OPTIONS('compression-codec'='snappy') */ (id, amount, side)
  SELECT id, amount, 'four' FROM sales WHERE id % 4 = 0;
INSERT INTO both (id, side) SELECT id, 'two' FROM sales WHERE id % 4 = 2;
INSERT INTO lake.both (id, side) SELECT id, 'two' FROM sales WHERE id % 4 = 2;
"""
ORACLE = """\
SELECT id, CASE WHEN id % 2 = 1 THEN shop END AS shop, CASE WHEN id % 4 = 0 THEN amount END AS amount,
  CASE WHEN id % 2 = 1 THEN 'odd' WHEN id % 4 = 0 THEN 'four' ELSE 'two' END AS side
FROM sales
"""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = tmp_path / "twice"
    folder.mkdir()
    with (folder / "sales.csv").open("w", encoding="utf-8") as out:
        out.write("id,shop,amount\n")
        out.writelines(f"{number},shop {number % 7},{number % 100}\n" for number in range(ROWS))
    for name, text in {"platform.yaml": PLATFORM, "split.sql": SPLIT, "oracle.sql": ORACLE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = Live(folder, tmp_path / "state")
    try:
        yield found
    finally:
        teardown(found)


def _said(status: dict[str, Any]) -> str:
    return status["jobs"]["split"]["detail"]


def test_several_inserts_of_a_job_into_one_target_are_exact_also_through_a_kill(live: Live) -> None:
    live.run("up", "--detach")
    live.wait("rows were committed", lambda status: "checkpoint" in (said := _said(status)) and said[0] != "0", 120)
    os.kill(live.status()["processes"]["flink-taskmanager"]["pid"], signal.SIGKILL)
    flows = {flow["target"]: (flow["result"], flow["records_out"]) for flow in live.verify()["flows"]}
    assert flows["both"] == flows["lake.both"] == ("exact", ROWS)
