"""A real platform for measuring: a copy of its files, a state folder of its own, the user's cache, the real command.

Comes in: a folder with a platform.yaml. Goes out: runs of `rosace` with their times. Whatever happens, `close` ends
every process of the platform and removes what it wrote.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rosace.local.control import ask
from rosace.local.home import Home
from rosace.local.store import read_json

ROOT = Path(__file__).resolve().parent.parent
ROSACE = Path(sys.executable).parent / "rosace"


class Unmeasured(Exception):
    """A command that was to be measured did not do its work; the text says which and what it said."""


@dataclass(frozen=True)
class Run:
    """A command that ended: wall and CPU seconds (its own and of the children it waited for), what it printed."""

    seconds: float
    cpu: float
    stdout: str
    stderr: str


def timed(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 900.0,
    started: list[int] | None = None,
) -> Run:
    """Runs a command to its end. Raises Unmeasured when it fails; its number is put into `started` meanwhile."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        child = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        if started is not None:
            started.append(child.pid)
        watchdog = threading.Timer(timeout, child.kill)
        watchdog.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
        finally:
            watchdog.cancel()
            if child.returncode is None:
                child.kill()
                child.wait()
        out.seek(0)
        err.seek(0)
        done = Run(seconds, usage.ru_utime + usage.ru_stime, out.read().decode(), err.read().decode(errors="replace"))
    if child.returncode:
        words = " ".join(str(part) for part in argv)
        raise Unmeasured(f"{words}: exit code {child.returncode} after {seconds:.0f} s\n{done.stderr[-3000:]}")
    return done


@dataclass
class Rig:
    """One platform below `place`, brought up and down by the command that users type."""

    folder: Path
    place: Path
    commands: list[int] = field(default_factory=list)
    """Numbers of the commands that were started, the newest last."""

    @classmethod
    def of(cls, source: Path) -> Rig:
        """A copy of the platform in `source`, not started yet."""
        place = Path(tempfile.mkdtemp(prefix="rosace-bench-"))
        shutil.copytree(source, place / source.name)
        return cls(place / source.name, place)

    @property
    def env(self) -> dict[str, str]:
        """What its commands see: the user's environment with the state elsewhere."""
        kept = {name: value for name, value in os.environ.items() if name != "ROSACE_DIRECTORY"}
        return {**kept, "ROSACE_STATE": str(self.place / "state"), "NO_COLOR": "1"}

    @property
    def home(self) -> Home:
        """Where the platform lives, once it was brought up."""
        (found,) = sorted((self.place / "state").glob("*/deployment.json"))
        return Home(found.parent)

    def rosace(self, *words: str, timeout: float = 900.0) -> Run:
        """One command line of Rosace in the platform's folder."""
        argv = [ROSACE, *words]
        return timed(argv, cwd=self.folder, env=self.env, timeout=timeout, started=self.commands)

    def up(self, *words: str) -> tuple[Run, dict[str, float]]:
        """`rosace up`: the run, and the seconds of its stages by name."""
        done = self.rosace("up", "--output", "json", *words)
        last = json.loads(done.stdout.strip().splitlines()[-1])
        return done, {str(name): float(seconds) for name, seconds in last["stages"].items()}

    def status(self) -> dict[str, Any]:
        """What the supervisor knows now; raises NotRunning."""
        return ask(self.home, {"do": "status"}, timeout=30.0)

    def deployment(self) -> dict[str, Any]:
        """What is deployed, as plain data."""
        return (read_json(self.home.deployment) or {})["deployment"]

    def secrets(self) -> dict[str, str]:
        return dict(read_json(self.home.secrets) or {})

    def down(self, *, erase: bool = False) -> Run:
        """Ends every process; with `erase` the next `up` is one of fresh state."""
        return self.rosace("down", *(("--erase", "--yes") if erase else ()), timeout=300.0)

    def close(self) -> None:
        """Ends and removes everything."""
        try:
            self.rosace("down", "--erase", "--yes", timeout=300.0)
        finally:
            shutil.rmtree(self.place, ignore_errors=True)
