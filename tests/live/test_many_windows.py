"""Many jobs with windows at once: each operator of each starts with the memory that it needs, on the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

JOBS = 8


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = tmp_path / "fenêtres"
    folder.mkdir()
    text = "platform: many\ntopics:\n"
    text += "  ticks: {columns: {moment: timestamp(3)!, who: string!}, key: who, event-time: moment}\n"
    for n in range(JOBS):
        columns = "{who: string!, since: timestamp(3)!, n: bigint!}"
        text += f"  of-{n}: {{columns: {columns}, key: [who, since], compact: true}}\n"
    text += "sources:\n  ticks: {file: ticks.csv, to: ticks}\njobs:\n"
    text += "".join(f"  j{n}: {{engine: flink, sql: j{n}.sql}}\n" for n in range(JOBS))
    text += "verify:\n" + "".join(f"  of-{n}: o{n}.sql\n" for n in range(JOBS))
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    rows = (f"2024-05-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000,k{n % 11}" for n in range(3_000))
    (folder / "ticks.csv").write_text("moment,who\n" + "\n".join(rows) + "\n", encoding="utf-8")
    for n in range(JOBS):
        (folder / f"j{n}.sql").write_text(
            f"INSERT INTO `of-{n}` SELECT who, window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE ticks, "
            f"DESCRIPTOR(moment), INTERVAL '{n + 1}' MINUTE)) GROUP BY who, window_start, window_end\n",
            encoding="utf-8",
        )
        (folder / f"o{n}.sql").write_text(
            f"SELECT who, time_bucket(INTERVAL {n + 1} MINUTE, moment, TIMESTAMP '1970-01-01') AS since,\n"
            "  count(*) AS n FROM ticks GROUP BY ALL\n",
            encoding="utf-8",
        )
    found = Live(folder, tmp_path / "state")
    try:
        yield found
    finally:
        teardown(found)


def test_eight_jobs_with_windows_start_and_are_exact(live: Live) -> None:
    live.up_verified()
    assert [flow["result"] for flow in live.proof["flows"]] == ["exact"] * (JOBS + 1)
