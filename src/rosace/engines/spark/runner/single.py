"""One job in a driver of its own, as clusters run it: from its order to the end of the process.

Comes in: a JSON file with the order, the same that the control would take, but for what all jobs of a cluster share:
that is in a file beside it. The run's key in ROSACE_RUN, which stays the same when the same run is tried again. Goes
out: exit code 0 once the job has finished, 1 where it failed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from . import SHARED
from .jobs import Jobs
from .moments import with_moments

LOOK = 1.0
"""Seconds between looks at the job."""


def main(order: Path) -> None:
    """Carries the job out. A stream goes on until it fails or its pod is taken away; its checkpoint holds its state."""
    told = whole(order)

    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

    session = SparkSession.builder.getOrCreate()
    jobs = Jobs()
    jobs.open(session)
    name, run = str(told["name"]), os.environ.get("ROSACE_RUN", "")
    jobs.start(name, with_moments(told, run), run, fresh=False)
    state = ended(jobs, name)
    # Without this the driver would wait for its executors' pods.
    session.stop()
    sys.exit(0 if state == "finished" else 1)


def whole(order: Path) -> dict[str, Any]:
    """The order as the control would take it: what it says itself of its topics is added to what all jobs share."""
    told = json.loads(order.read_text(encoding="utf-8"))
    return joined(told, json.loads((order.parent / SHARED).read_text(encoding="utf-8"))) if told["kafka"] else told


def joined(told: dict[str, Any], shared: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A job's order with what all jobs share; where both say something, the job's own word counts."""
    kafka = {side: {**options, **told["kafka"].get(side, {})} for side, options in shared.items()}
    return {**told, "kafka": kafka}


def ended(jobs: Jobs, name: str) -> str:
    """The state in which the job ended; says on the way what it does."""
    said = ""
    while True:
        report = jobs.report(name)
        assert report is not None
        if report["state"] not in ("starting", "running"):
            return str(report["state"])
        if (told := f"{report['state']} {report['detail']}".strip()) != said:
            said = told
            print(f"rosace: job {name} {told}", flush=True)
        time.sleep(LOOK)
