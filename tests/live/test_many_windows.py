"""Many jobs with windows at once, and jobs of twelve subtasks: there is memory for all of them, and they are exact.

Each operator that keeps the rows of open windows needs managed memory in every slot, each exchange of rows between
subtasks needs buffers of the network: both follow the jobs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live, teardown
from window_platform import ORACLE, RESULT, TIMES, TOPIC, query, write

pytestmark = pytest.mark.live

SECONDS = (10, 15, 20, 30, 40, 45, 60, 90)
"""The lengths of the windows of eight jobs, with the default parallelism: parts of a day, so that all windows begin
where DuckDB's do."""

WIDE = ("a", "b")
"""Jobs of twelve subtasks with windows of each kind."""

TUMBLE = """\
INSERT INTO `of-{seconds}`
SELECT 'tumble', who, window_start, window_end, COUNT(*), SUM(CAST(n AS BIGINT))
FROM TABLE(TUMBLE(TABLE four, DESCRIPTOR(moment), INTERVAL '{seconds}' SECOND))
GROUP BY who, window_start, window_end
"""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = tmp_path / "many"
    folder.mkdir()
    names = [*map(str, SECONDS), *WIDE]
    text = (
        "platform: many\ntopics:\n" + TOPIC.format(name="four", partitions=4) + TOPIC.format(name="wide", partitions=12)
    )
    text += "".join(RESULT.format(name=f"of-{name}") for name in names)
    text += "sources:\n  four: {file: four.csv, to: four}\n  wide: {file: wide.csv, to: wide}\njobs:\n"
    text += "".join(f"  j-{seconds}: {{engine: flink, sql: {seconds}.sql, checkpoint: 3s}}\n" for seconds in SECONDS)
    text += "".join(f"  j-{one}: {{engine: flink, sql: {one}.sql, checkpoint: 3s, parallelism: 12}}\n" for one in WIDE)
    text += "verify:\n" + "".join(f"  of-{name}: {name}-oracle.sql\n" for name in names)
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    for topic in ("four", "wide"):
        write(folder / f"{topic}.csv", "sorted", 1)
    for name in names:
        wide = name in WIDE
        job = f"INSERT INTO `of-{name}`\n{query('wide')}" if wide else TUMBLE.format(seconds=name)
        oracle = ORACLE.format(name="wide") if wide else TIMES.format(name="four", seconds=name)
        (folder / f"{name}.sql").write_text(job, encoding="utf-8")
        (folder / f"{name}-oracle.sql").write_text(oracle, encoding="utf-8")
    found = Live(folder, tmp_path / "state")
    try:
        yield found
    finally:
        teardown(found)


def test_eight_jobs_with_windows_and_two_of_twelve_subtasks_are_exact(live: Live) -> None:
    live.up_verified()
    wrong = [flow for flow in live.proof["flows"] if flow["result"] != "exact"]
    assert not wrong
    processes = live.status()["processes"].items()
    larger = {name: (one["memory"], one["expected"]) for name, one in processes if one["memory"] > one["expected"]}
    assert larger == {}
