"""Where the tools lie in this user's cache, and how one gets there whole.

Comes in: a pin, and how what it pins is made. Goes out: the path of its executable. A tool is made in a folder of its
own and renamed into place, so what is there is whole; a lock lets one process make it while the others wait.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

_RECORD = "made.json"

Make = Callable[[Path, Path], str]
"""Makes a program: takes a folder to work in and the file that is to be; says what it came from."""


class Pin(Protocol):
    """What is pinned, by name and version."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Made:
    """A tool that is there: what it came from, and what making it cost (0 when the record was lost)."""

    path: Path
    origin: str
    wall_seconds: float
    cpu_seconds: float


def folder() -> Path:
    """Where the tools are kept: below ROSACE_CACHE, else in `rosace` of the user's cache."""
    named = os.environ.get("ROSACE_CACHE")
    if named:
        return Path(named).expanduser() / "tools"
    # The XDG Base Directory Specification: a variable that is unset, empty or relative counts as ~/.cache.
    shared = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(shared) if Path(shared).is_absolute() else Path.home() / ".cache"
    return home / "rosace" / "tools"


def cached(pin: Pin) -> Made | None:
    """The tool where it was made already."""
    return _found(pin, _home(pin))


def ensure(pin: Pin, make: Make) -> Made:
    """The tool, made when it is missing; raises what `make` raises where that cannot be done."""
    home = _home(pin)
    if found := _found(pin, home):
        return found
    home.parent.mkdir(parents=True, exist_ok=True)
    with _alone(home.with_name(f".{home.name}.lock")):
        return _found(pin, home) or _make(pin, home, make)


def _home(pin: Pin) -> Path:
    return folder() / f"{pin.name}-{pin.version}"


def _found(pin: Pin, home: Path) -> Made | None:
    path = home / pin.name
    if not os.access(path, os.X_OK):
        return None
    try:
        told = json.loads((home / _RECORD).read_text(encoding="utf-8"))
        return Made(path, str(told["origin"]), float(told["wall_seconds"]), float(told["cpu_seconds"]))
    except (OSError, ValueError, KeyError):
        return Made(path, "not recorded", 0.0, 0.0)


def _make(pin: Pin, home: Path, make: Make) -> Made:
    begun, spent = time.monotonic(), _cpu_seconds()
    for left in home.parent.glob(f".{home.name}.*/"):  # of a process that was killed: the lock is ours
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{home.name}.", dir=home.parent))
    try:
        ready = scratch / "ready"
        ready.mkdir()
        target = ready / pin.name
        origin = make(scratch / "work", target)
        target.chmod(0o755)
        made = Made(home / pin.name, origin, round(time.monotonic() - begun, 1), round(_cpu_seconds() - spent, 1))
        record = {key: value for key, value in asdict(made).items() if key != "path"}
        (ready / _RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        ready.chmod(0o755)
        if home.exists():  # without its executable, or it would have been found
            shutil.rmtree(home)
        ready.rename(home)
        return made
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _alone(lock: Path) -> Generator[None]:
    """Holds the lock; it ends with the process, however that ends, so nothing has to be cleared up."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _cpu_seconds() -> float:
    """CPU time of all ended children of this process and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
