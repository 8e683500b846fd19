# Derived from src/rosace/engines/spark/runner/said.py by tools/charts.py: edit that, then run it.
"""What a user's Python job prints, also into the log of the job itself.

Comes in: everything that is written to this process's standard output. Goes out: the same, and the lines of a job's
own thread into `logs/job-<name>.log` of the platform's folder, where there is one. Must not: end a job whose lines
cannot be kept.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path
from typing import Any

PREFIX = "job-"
"""How the threads of jobs are named."""


class Said:
    """Standard output that knows which job writes."""

    def __init__(self, out: Any, folder: Path) -> None:
        self._out = out
        self._folder = folder

    def write(self, text: str) -> int:
        """As a text file does."""
        name = threading.current_thread().name
        if name.startswith(PREFIX) and text:
            # A disk that is full must not end the job.
            with contextlib.suppress(OSError), (self._folder / f"{name}.log").open("a", encoding="utf-8") as log:
                log.write(text)
        return int(self._out.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def listen() -> None:
    """From now on; does nothing where no platform's folder is known, as in a pod, whose output is the job's."""
    if home := os.environ.get("ROSACE_HOME"):
        sys.stdout = Said(sys.stdout, Path(home) / "logs")
