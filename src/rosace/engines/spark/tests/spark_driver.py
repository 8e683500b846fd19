"""A real Spark driver with Python jobs of a test: started, asked, ended."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spark_platform import job, site

from rosace.contract.jobs import JobReport
from rosace.engines.spark import ENGINE, live
from rosace.local import workbench


@dataclass(frozen=True)
class Driver:
    """A driver that runs, and the orders for its jobs by name."""

    running: workbench.Running
    orders: dict[str, dict[str, Any]]
    secrets: dict[str, str]

    def start(self, name: str) -> None:
        live.start(self.orders[name], self.secrets, fresh=False)

    def outcome(self, name: str) -> JobReport:
        """How a job ends."""
        until = time.monotonic() + 120
        while (report := self.observe(name)).state in ("starting", "running") and time.monotonic() < until:
            time.sleep(0.1)
        return report

    def observe(self, name: str, run: str = "1") -> JobReport:
        return live.observe({**self.orders[name], "run": run}, self.secrets)


@contextmanager
def driving(folder: Path, scripts: Mapping[str, str], requirements: Path | None = None) -> Generator[Driver]:
    """One with its home below an odd path, whose jobs are these Python texts."""
    jobs = []
    for name, text in scripts.items():
        path = folder / f"{name} é.py"
        path.write_text(text, encoding="utf-8")
        jobs.append(job(name=name, path=str(path), schedule="0 0 1 1 *", delivery="at-least-once"))
    place = site(folder / "état d'esprit" / "spark", *jobs, files=False)
    place = replace(place, requirements=requirements)
    (spec,) = ENGINE.local.processes(place)
    running = workbench.start(spec, place.home, {"LANG": "C"})
    try:
        running.await_ready(120)
        orders = {order.name: {**order.order, "run": "1"} for order in ENGINE.local.jobs(place, tuple(jobs))}
        yield Driver(running, orders, place.secrets)
    finally:
        running.stop()
