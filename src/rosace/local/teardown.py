"""Stopping a platform, whether its supervisor is there or not, and removing it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from rosace.local import unit
from rosace.local.control import NotRunning, ask, follow
from rosace.local.home import Home
from rosace.local.store import read_json
from rosace.local.supervision import erase as erase_folder
from rosace.local.supervision import kill_all, ours
from rosace.model.events import Kind
from rosace.source.diagnostic import refuse

GRACE = 90.0
"""Seconds for all engines to stop by themselves before they are ended by force."""


def take_down(home: Home, *, erase: bool, tell: Callable[[str], None]) -> int:
    """Stops all processes of `home` and returns how many there were; removes its folder when `erase`."""
    if not home.path.exists():
        return 0
    with held(home):
        count = len(ours(home.path))
        _stop(home, tell)
        kill_all(home.path)
        if not erase:
            return count
    erase_folder(home.path)
    home.socket.unlink(missing_ok=True)
    return count


def held(home: Home) -> FileLock:
    """The platform's lock, or a refusal that names the situation: somebody else is changing it right now."""
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(home.lock)
    try:
        lock.acquire(timeout=0.2)
    except Timeout as error:
        raise refuse(
            "busy",
            "another `rosace up` or `rosace down` of this platform is at work",
            hints=("wait for it to end, or stop it with Ctrl-C; `rosace status` shows how far it is",),
        ) from error
    return lock


def _stop(home: Home, tell: Callable[[str], None]) -> None:
    own = _own(home)
    try:
        stream = follow(home, since=2**60)
        next(stream)
        ask(home, {"do": "stop"})
    except (NotRunning, StopIteration):
        # Starting, of another user, or without its socket: it must not bring back what is ended next.
        _wait_gone(own, 0.0)
        return
    deadline = time.monotonic() + GRACE
    for item in stream:
        if item and item[1].kind in (Kind.STOPPING, Kind.STOPPED):
            tell(f"  {item[1].kind.value:9} {item[1].subject.partition('/')[2]}")
        if time.monotonic() > deadline:
            tell("  taking too long, ending by force")
            break
    _wait_gone(own, 20.0)
    home.pid.unlink(missing_ok=True)


def _own(home: Home) -> list[int]:
    """The guardian and the supervisor, as far as they live: read while their file is there, which goes before them."""
    value, found = read_json(home.pid) or {}, list[int]()
    for pid in (int(value[name]) for name in ("guardian", "pid") if name in value):
        with contextlib.suppress(OSError):
            if os.fsencode(home.path) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def _wait_gone(pids: list[int], patience: float) -> None:
    """Waits for the guardian and the supervisor, and ends them in this order when they do not go."""
    deadline = time.monotonic() + patience
    while any(unit.born(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in pids:
        unit.signal_leader(unit.Identity(pid, unit.born(pid) or 0), signal.SIGKILL)
