"""kill -9 of everything, one at a time, while data flows: healed without a hand, and nothing lost or doubled."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from live_platform import Live, make, teardown

pytestmark = pytest.mark.live

RATE = 1000
"""Records per second: 336,776 of them take 337 s at least, which is longer than all kills and recoveries: a job counts
as failing until it has worked for a while. What is left after these is sent at full speed."""

VICTIMS = (
    "flink-taskmanager", "kafka", "flink-jobmanager", "s3", "spark", "postgresql", "supervisor", "trino",
    "source-flights", "flink-sql-gateway",
)  # fmt: skip


@pytest.fixture(scope="module")
def flowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    live = make(tmp_path_factory.mktemp("kill"))
    try:
        live.run("up", "--set", f"sources.flights.rate={RATE}/s")
        yield live
    finally:
        teardown(live)


def streaming(status: dict[str, Any]) -> bool:
    return all(
        status["jobs"][name]["state"] in ("running", "draining", "finished")
        for name in ("land-departures", "carrier-delays")
    )


def test_kill_each_while_data_flows(flowing: Live) -> None:
    still_flowing: dict[str, bool] = {}
    for victim in VICTIMS:
        status = flowing.wait(f"streams run before {victim} is killed", partial(ready, victim=victim), 180)
        still_flowing[victim] = status["processes"]["source-flights"]["state"] != "done"
        if victim != "source-flights" or still_flowing[victim]:
            kill(flowing, status, victim)
    flowing.wait("streams run after all", streaming, 180)
    killed_in_flow = [victim for victim, flowed in still_flowing.items() if flowed]
    assert len(killed_in_flow) >= 8, f"the data ended too early: {still_flowing}"
    flowing.run("up")
    report = flowing.verify()
    assert report["exact"], report
    assert {item["result"] for item in report["flows"]} == {"exact"}


def ready(status: dict[str, Any], victim: str) -> bool:
    """Streams run, and there is a process to kill: one that restarts by itself has none at that moment."""
    process = status["processes"].get(victim, {"pid": 1, "state": "ready"})
    return streaming(status) and (process["pid"] is not None or process["state"] == "done")


def kill(live: Live, status: dict[str, Any], victim: str) -> None:
    """Kills one process as a crash would, and waits until another one is ready in its place."""
    old = int(status["supervisor"]["pid"] if victim == "supervisor" else status["processes"][victim]["pid"])
    begun = time.monotonic()
    os.kill(old, signal.SIGKILL)

    def healed(now: dict[str, Any]) -> bool:
        if victim == "supervisor":
            return now["supervisor"]["pid"] != old
        item = now["processes"][victim]
        back = "running" if item["once"] else "ready"
        return item["state"] == "done" or (item["state"] == back and item["pid"] not in (None, old))

    live.wait(f"{victim} is back", healed, 120)
    print(f"{victim} back after {time.monotonic() - begun:.1f} s")
