"""What all tasks of one supervisor share: gates, events, folders, progress that outlives it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rosace.contract.machine import ProcessSpec
from rosace.local import archives, unit
from rosace.local.bus import Bus
from rosace.local.gates import Gates
from rosace.local.home import Home
from rosace.local.store import read_json, write_json, write_text

UNPRIVILEGED = 65_534
"""`nobody`: who runs an engine that refuses root, where Rosace runs as root (Debian and RPM systems agree on it)."""


PARTS = ("done", "jobs", "asked", "counts", "drained", "said", "failing", "gave", "late", "once")
"""The parts of what is kept, in the order of `Progress`'s fields."""


@dataclass
class Progress:
    """What was finished for good: one-shot processes by what they give, jobs by the key of the run that ended."""

    path: Path
    done: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    counts: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    """Records in and out of a job's last run that ended."""
    drained: dict[str, str] = field(default_factory=dict)
    """The key under which a streaming job was last told to work off what is there."""
    said: dict[str, str] = field(default_factory=dict)
    """The moment of its schedule for which a person asked a job to run, until its schedule starts it again."""
    failing: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """The failures in a row of jobs that fail, or were given up (`job_failures.Failures`)."""
    gave: dict[str, str] = field(default_factory=dict)
    """What a one-shot process says that it gave, where that is not all said by what it is made from."""
    late: dict[str, int] = field(default_factory=dict)
    """Records that came too late for a job's last run."""
    once: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of a job that reads something once: digests of its work, and of what that was when it began."""

    @classmethod
    def read(cls, path: Path) -> Progress:
        """What was kept in `path`; nothing where there is no file."""
        value = read_json(path) or {}
        return cls(path, *(value.get(name, {}) for name in PARTS))

    def _save(self) -> None:
        with contextlib.suppress(OSError):
            write_json(self.path, {name: getattr(self, name) for name in PARTS})

    def finish(self, process: str, made: str, gave: str = "") -> None:
        """A process that runs once has ended well: `made` is the digest of what it is made from, `gave` its own word
        for what it gave."""
        self.done[process] = made
        self.gave[process] = gave
        self._save()

    def end_job(self, job: str, key: str, counts: tuple[int | None, int | None]) -> None:
        """The run `key` of a job has ended well, with (records read, records written) where they are known."""
        self.jobs[job] = key
        self.counts[job] = counts
        self._save()

    def came_late(self, job: str, count: int) -> None:
        """So many records have come too late for a job's run so far."""
        if self.late.get(job) != count:
            self.late[job] = count
            self._save()

    def begin_once(self, job: str, work: str, given: str) -> None:
        """A job of this work begins to read what it reads once, and which is this."""
        self.once[job] = (work, given)
        self._save()

    def drain(self, job: str, key: str) -> None:
        """The run `key` of a streaming job has been asked to end."""
        self.drained[job] = key
        self._save()

    def fail(self, job: str, failures: dict[str, Any]) -> None:
        """A job failed once more; an empty dict where it works again."""
        if failures or job in self.failing:
            self.failing = {name: kept for name, kept in self.failing.items() if name != job}
            if failures:
                self.failing[job] = failures
            self._save()

    def forgive(self) -> None:
        """All that was given up may be tried again: a person asked for it."""
        if self.failing:
            self.failing = {}
            self._save()

    def due(self, job: str) -> None:
        """A job's schedule starts it: what a person said of its moment is over."""
        if self.said.pop(job, None):
            self._save()

    def ask(self, name: str, at: str = "") -> None:
        """A person asks for one more run of a batch job (for a moment of its schedule), or one more replay."""
        self.said.pop(name, None)
        if at:
            self.said[name] = at
        self.asked[name] = self.asked.get(name, 0) + 1
        self.done.pop(name, None)
        self.jobs.pop(name, None)
        self._save()


@dataclass
class Context:
    """The supervisor's hands, given to every task."""

    home: Home
    archives: Path
    bus: Bus
    gates: Gates
    progress: Progress
    touch: Callable[[], None]
    secrets: dict[str, str]
    taught: Callable[[str], bool] = lambda _: True
    """Whether a process has done what it is there for, so that its classes are those of a next start."""

    def log(self, name: str) -> Path:
        """The file that a process's output goes to."""
        return self.home.logs / f"{name}.log"

    def note(self, job: str, text: str, more: str = "") -> None:
        """A line of a job's own log, and what its engine says besides."""
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        lines = "".join(f"    {line}\n" for line in more.splitlines())
        # A full disk must not stop the supervisor from healing.
        with contextlib.suppress(OSError), self.log(f"job-{job}").open("a", encoding="utf-8") as out:
            out.write(f"{moment} {text}\n{lines}")

    def place(self, engine: str) -> Path:
        """The folder in which an engine keeps its files."""
        return self.home.path / "engines" / engine

    def environment(self, name: str, fingerprint: str) -> dict[str, str]:
        """What every process sees. `ROSACE_*` lets a successor, or `down`, find it again whatever happened."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "USER", "LOGNAME", "PYTHONPATH") if key in os.environ}
        return {
            **kept,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            "ROSACE_HOME": str(self.home.path),
            "ROSACE_UNIT": name,
            "ROSACE_FINGERPRINT": fingerprint,
        }

    def prepare(self, spec: ProcessSpec) -> Path:
        """Makes the engine's folders, writes the process's files, rotates its log; returns its working folder."""
        place = self.place(spec.engine)
        for name in ("conf", "data", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in spec.files:
            write_text(place / file.path, file.text, file.mode)
        if spec.unprivileged and os.geteuid() == 0:
            for path in (
                place,
                *(place / file.path for file in spec.files),
                *(place / n for n in ("conf", "data", "tmp")),
            ):
                os.chown(path, UNPRIVILEGED, UNPRIVILEGED)
        rotate(self.log(spec.name))
        return place

    def archive(self, spec: ProcessSpec) -> Path | None:
        """Where the process's class-data archive is, or is to be; None for what has none."""
        return archives.place(self.archives, spec.archive) if spec.archive else None

    def keep_archive(self, spec: ProcessSpec) -> None:
        """Takes a class-data archive that an ended JVM wrote whole, if the JVM had work before it ended."""
        if target := self.archive(spec):
            archives.keep(target, self.home.path.name, taught=self.taught(spec.name))

    def cpu(self, who: unit.Identity | None) -> float:
        """CPU-seconds used so far by a process, its group and its descendants."""
        import psutil

        total = 0.0
        for pid in unit.census().family(who.pid) if who else ():
            with contextlib.suppress(psutil.Error):
                times = psutil.Process(pid).cpu_times()
                total += times.user + times.system
        return total


ROTATE = 32 * 2**20
"""A log is put aside (one generation) beyond this size, in bytes."""


def rotate(path: Path, limit: int = ROTATE) -> None:
    """Puts a log that is too long aside, over the one before it, also while its process writes it.

    The process goes on at the beginning of the emptied file, since it was given it to append to (`unit.append`); lines
    that it writes between the copy and the cut are lost.
    """
    with contextlib.suppress(OSError):
        if path.stat().st_size > limit:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)


def rotate_all(folder: Path, limit: int = ROTATE) -> None:
    """Bounds every log of a platform: what fails again and again may not fill the disk."""
    for path in folder.glob("*.log"):
        rotate(path, limit)


def ours(home: Path) -> dict[int, tuple[str, str]]:
    """Live group leaders that carry this platform's mark: pid -> (unit, fingerprint)."""
    found: dict[int, tuple[str, str]] = {}
    mark = b"ROSACE_HOME=" + os.fsencode(home)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in environment and os.getpgid(int(entry.name)) == int(entry.name) and unit.born(int(entry.name)):
            found[int(entry.name)] = (_value(environment, "ROSACE_UNIT"), _value(environment, "ROSACE_FINGERPRINT"))
    return found


def _value(environment: list[bytes], name: str) -> str:
    prefix = f"{name}=".encode()
    return next((part[len(prefix) :].decode(errors="replace") for part in environment if part.startswith(prefix)), "")


def kill_all(home: Path, grace: float = 15.0) -> None:
    """Ends every process of a platform without a supervisor's help, and those that these start while they end."""
    deadline = time.monotonic() + grace
    for _ in range(5):
        leaders = [unit.Identity(pid, unit.born(pid) or 0) for pid in ours(home)]
        if not leaders:
            return
        for who in leaders:
            unit.signal_leader(who, signal.SIGTERM)
        while any(unit.alive(who) for who in leaders) and time.monotonic() < deadline:
            time.sleep(0.1)
        for who in leaders:
            unit.sweep(who)


def python_command(module: str, *arguments: str) -> list[str]:
    """A module of Rosace run by the same interpreter, whatever the working folder and PYTHON* variables."""
    return [sys.executable, "-P", "-m", module, *arguments]


def detached(argv: list[str], log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Starts a process of Rosace's own that outlives the terminal."""
    with unit.append(log) as out:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
        )
