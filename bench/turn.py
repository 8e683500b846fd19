"""One run of one job, timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psutil
from rig import Unmeasured


@dataclass(frozen=True)
class Turn:
    """`engine`: seconds by the engine's clock, of `what`; `whole`: from the submission until all is committed.

    `cpu`: CPU seconds of the engine's processes meanwhile; `own`: of Rosace's supervisor.
    """

    what: str
    engine: float
    whole: float
    results: int
    cpu: float
    own: float


class Meter:
    """CPU seconds since it was made: of an engine's processes, and of the supervisor."""

    def __init__(self, status: Mapping[str, Any], engine: str) -> None:
        running = [item["pid"] for item in status["processes"].values() if item["engine"] == engine and item["pid"]]
        self._engine = [psutil.Process(pid) for pid in running]
        self._own = [psutil.Process(status["supervisor"]["pid"])]
        self._begun = (_cpu(self._engine), _cpu(self._own))

    def read(self) -> tuple[float, float]:
        """(of the engine, of the supervisor)."""
        return _cpu(self._engine) - self._begun[0], _cpu(self._own) - self._begun[1]


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:4]) for process in processes)


def until(what: str, test: Callable[[], bool], seconds: float = 120.0, pause: float = 0.2) -> None:
    """Returns once `test` holds; raises Unmeasured when it does not in time."""
    deadline = time.monotonic() + seconds
    while not test():
        if time.monotonic() > deadline:
            raise Unmeasured(f"{what}: not reached in {seconds:g} s")
        time.sleep(pause)
