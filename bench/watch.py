"""The memory of a platform, looked at once a second from its first process to its proof.

Resident size of every process of the platform with all its descendants (PostgreSQL's leave its process group, so
`rosace status` leaves them out), of Rosace's supervisor, guardian and command line. Pages that two processes share
(a library, PostgreSQL's buffers) count in each: the sum is never too small.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil
from rig import Rig

from rosace.local.control import NotRunning
from rosace.local.store import read_json

EVERY = 1.0
"""Seconds between looks."""


@dataclass
class Peaks:
    """The most bytes of all together, and then of each; `expected` is what the memory budget says of a process."""

    total: int = 0
    at: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)
    looks: int = 0

    def take(self, sizes: dict[str, int]) -> None:
        """One look: name -> resident bytes."""
        self.looks += 1
        for name, size in sizes.items():
            self.most[name] = max(size, self.most.get(name, 0))
        if sum(sizes.values()) > self.total:
            self.total, self.at = sum(sizes.values()), sizes


@contextmanager
def watched(rig: Rig) -> Generator[Peaks]:
    """Looks at `rig` until the block ends."""
    peaks, over = Peaks(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            # Before the first process and after the last there is nothing to be asked.
            with contextlib.suppress(NotRunning, ValueError, OSError):
                _look(rig, peaks)

    thread = threading.Thread(target=look, name="memory", daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def _look(rig: Rig, peaks: Peaks) -> None:
    status = rig.status()
    own: dict[str, Any] = read_json(rig.home.pid) or {}
    processes = status["processes"]
    peaks.expected |= {name: int(item["expected"]) for name, item in processes.items()}
    sizes = {name: _resident(item["pid"], family=True) for name, item in processes.items()}
    sizes["rosace: supervisor"] = _resident(status["supervisor"]["pid"])
    sizes["rosace: guardian"] = _resident(own.get("guardian"))
    sizes["rosace: up"] = _resident(rig.commands[-1] if rig.commands else None)
    peaks.take(sizes)


def _resident(pid: int | None, *, family: bool = False) -> int:
    """Resident bytes of a process, with its descendants where asked; 0 when it is gone."""
    total = 0
    with contextlib.suppress(psutil.Error):
        if pid:
            process = psutil.Process(pid)
            for one in (process, *(process.children(recursive=True) if family else ())):
                with contextlib.suppress(psutil.Error):
                    total += int(one.memory_info().rss)
    return total
