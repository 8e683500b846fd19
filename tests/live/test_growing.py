"""Files that grow, on real engines: what is new arrives once in topics, tables and results, and all of it is exact."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

PLATFORM = """\
platform: grows
topics:
  clicks:
    columns: {moment: timestamp(3)!, who: string!, number: int!}
    key: who
    partitions: 2
    event-time: {column: moment, delay: 10s}
  minutes:
    columns: {who: string!, since: timestamp(3)!, clicks: bigint!}
    key: [who, since]
    compact: true
    partitions: 2
tables:
  clicks: {like: clicks}
  prices: {columns: {number: int!, price: "decimal(9,2)!"}}
  report: {columns: {who: string!, clicks: bigint!}}
sources:
  clicks: {file: clicks, to: clicks, rate: 4000/s%s}
  prices: {file: prices.csv, to: lake.prices%s}
jobs:
  land: {engine: spark, sql: land.sql, checkpoint: 1s}
  minutes: {engine: flink, sql: minutes.sql, checkpoint: 1s, parallelism: 1}
  report: {engine: spark, sql: report.sql, after: [land]}
verify:
  minutes: oracle.sql
  lake.report: report-oracle.sql
"""
FILES = {
    "land.sql": "INSERT INTO lake.clicks SELECT * FROM clicks\n",
    "minutes.sql": """INSERT INTO minutes SELECT who, window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(moment), INTERVAL '1' MINUTE)) GROUP BY who, window_start, window_end
""",
    "oracle.sql": "SELECT who, date_trunc('minute', moment) AS since, count(*) AS clicks FROM clicks GROUP BY ALL\n",
    "report.sql": "INSERT OVERWRITE lake.report SELECT who, COUNT(*) FROM lake.clicks GROUP BY who\n",
    "report-oracle.sql": "SELECT who, count(*) AS clicks FROM clicks GROUP BY who\n",
}


def clicks(path: Path, first: int, count: int) -> None:
    """Three clicks a second of event time."""
    new = not path.exists()
    with path.open("a", encoding="utf-8") as out:
        out.write("moment,who,number\n" if new else "")
        for n in range(first, first + count):
            seconds = n // 3
            at = f"2024-05-01T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{n % 3}00"
            out.write(f"{at},{'éàçü'[n % 4]}{n % 7},{n}\n")


def prices(path: Path, first: int, count: int) -> None:
    new = not path.exists()
    with path.open("a", encoding="utf-8") as out:
        out.write("number,price\n" if new else "")
        out.writelines(f"{n},{n}.05\n" for n in range(first, first + count))


def made(folder: Path, *, follow: bool) -> Live:
    word = ", follow: true" if follow else ""
    (folder / "clicks").mkdir(parents=True)
    (folder / "platform.yaml").write_text(PLATFORM % (word, word), encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    clicks(folder / "clicks" / "b.csv", 0, 3_000)
    prices(folder / "prices.csv", 0, 500)
    return Live(folder, folder.parent / "state")


@pytest.fixture
def live(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Live]:
    found = made(tmp_path / "grandit", follow=request.param)
    try:
        yield found
    finally:
        teardown(found)


def kill(live: Live, *names: str) -> None:
    processes = live.status()["processes"]
    for name in names:
        if pid := processes[name]["pid"]:
            os.kill(pid, signal.SIGKILL)


def counted(live: Live) -> dict[str, int]:
    """How many rows the sources gave, and the stream behind one of them, where all is exact."""
    flows = live.verify()["flows"]
    return {flow["name"]: flow["records_out"] for flow in flows if flow["name"].startswith(("source", "spark land"))}


ALL = {"source clicks": 9_000, "source prices": 1_000, "spark land": 9_000}


@pytest.mark.parametrize("live", [False], indirect=True)
def test_the_next_up_takes_what_is_new(live: Live) -> None:
    live.up_verified()
    assert live.proof["exact"]
    assert json.loads(live.run("plan", "--output", "json").stdout) == []
    # The minute that the end of the file cut goes on, and a file comes that is the first by name.
    clicks(live.folder / "clicks" / "b.csv", 3_000, 3_000)
    clicks(live.folder / "clicks" / "a.csv", 6_000, 3_000)
    prices(live.folder / "prices.csv", 500, 500)
    steps = json.loads(live.run("plan", "--output", "json", code=1).stdout)
    assert {step["subject"] for step in steps} == {"process/source-clicks", "job/prices"}
    assert all(step["why"].startswith("changed: ") and "its files" in step["why"] for step in steps)
    live.run("up")
    time.sleep(0.5)
    kill(live, "source-clicks", "spark", "flink-taskmanager")
    assert counted(live) == ALL

    whole = (live.folder / "prices.csv").read_text("utf-8")
    (live.folder / "prices.csv").write_text(whole.replace("\n7,7.05\n", "\n7,7.06\n"), encoding="utf-8")
    live.run("up", "--detach")
    told = live.wait("the change is told", lambda s: "row" in s["jobs"]["prices"]["detail"], 60)
    assert "source `prices`: prices.csv, row" in told["jobs"]["prices"]["detail"]
    live.run("restart", "prices", "--fresh")
    assert counted(live) == ALL


@pytest.mark.parametrize("live", [True], indirect=True)
def test_what_is_followed_is_taken_while_it_runs(live: Live) -> None:
    live.run("up")
    # Windows close when time has passed them: the last ones stay open.
    (live.folder / "oracle.sql").write_text(
        FILES["oracle.sql"].replace(
            "GROUP BY ALL",
            "WHERE moment < (SELECT date_trunc('minute', max(moment) - INTERVAL 10 SECOND) FROM clicks) GROUP BY ALL",
        ),
        encoding="utf-8",
    )
    clicks(live.folder / "clicks" / "b.csv", 3_000, 3_000)
    prices(live.folder / "prices.csv", 500, 500)
    time.sleep(1.0)
    kill(live, "source-clicks", "spark", "flink-taskmanager")
    clicks(live.folder / "clicks" / "a.csv", 6_000, 3_000)
    assert counted(live) == ALL

    # Spark tells of the batch to come each ten seconds while there is nothing to read; then it reads that batch.
    before = live.status()["jobs"]["land"]["records_in"]
    time.sleep(11)
    clicks(live.folder / "clicks" / "b.csv", 9_000, 300)
    live.wait("the stream's records are counted", lambda s: s["jobs"]["land"]["records_in"] == before + 300, 30)
