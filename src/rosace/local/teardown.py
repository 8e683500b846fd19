"""Stopping a platform, whether its supervisor is there or not, and removing it."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable

from rosace.local import keepers
from rosace.local.control import NotRunning, ask, follow
from rosace.local.home import Home
from rosace.local.standing import Lock, take
from rosace.local.supervision import kill_all, ours
from rosace.model.events import Kind
from rosace.source.diagnostic import refuse

GRACE = 90.0
"""Seconds for all engines to stop by themselves before they are ended by force."""
PARTING = 20.0
"""Seconds for guardian and supervisor to go once all is stopped."""


def take_down(home: Home, *, erase: bool, tell: Callable[[str], None]) -> int:
    """Stops all processes of `home` and returns how many there were; removes its folder when `erase`.

    Raises Refused when a process outlives even SIGKILL: nothing is erased under it.
    """
    count = 0
    if home.path.exists():
        with _lock(home):
            home.halted.touch(mode=0o600)
            count = len(ours(home.path))
            _stop(home, tell)
            _none_left(home)
            if erase:
                shutil.rmtree(home.erased, ignore_errors=True)
                # In one step: what is half erased is nobody's platform any more.
                home.path.rename(home.erased)
    if erase and home.erased.exists():
        shutil.rmtree(home.erased)
    return count


def held(home: Home) -> Lock:
    """The platform's lock, or a refusal that names the situation: somebody else is changing it right now."""
    own(home)
    return _lock(home)


def _lock(home: Home) -> Lock:
    if lock := take(str(home.lock), patience=0.2):
        return lock
    raise refuse(
        "busy",
        "another `rosace up` or `rosace down` of this platform is at work",
        hints=("wait for it to end, or stop it with Ctrl-C; `rosace status` shows how far it is",),
    )


def own(home: Home) -> None:
    """Makes the platform's folder, for its owner alone; refuses one that another account has made there."""
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = home.path.lstat()
    if not stat.S_ISDIR(told.st_mode) or os.geteuid() != told.st_uid:
        raise refuse(
            "not-yours",
            f"{home.path} is no folder of yours: whoever made it could feed Rosace what it reads there",
            hints=("remove it, or let ROSACE_STATE name a folder of your own",),
        )
    if told.st_mode & 0o077:
        home.path.chmod(0o700)


def _stop(home: Home, tell: Callable[[str], None]) -> None:
    """Asks the supervisor, then ends it and its guardian: neither may bring back what is ended next."""
    patience = PARTING
    try:
        stream = follow(home, since=2**60)
        next(stream)
        ask(home, {"do": "stop"})
        deadline = time.monotonic() + GRACE
        for item in stream:
            if item and item[1].kind in (Kind.STOPPING, Kind.STOPPED):
                tell(f"  {item[1].kind.value:9} {item[1].subject.name}")
            if time.monotonic() > deadline:
                tell("  taking too long, ending by force")
                patience = 0.0
                break
    except (NotRunning, StopIteration):
        # Starting, of another user, or without its socket.
        patience = 0.0
    keepers.end(home.path, patience)


def _none_left(home: Home) -> None:
    kill_all(home.path)
    if left := sorted({*ours(home.path), *keepers.living(home.path)}):
        raise refuse(
            "still-running",
            f"processes {', '.join(map(str, left))} of this platform do not end",
            hints=("`ps -o pid,stat,args -p PID` shows why (D: waits for a disk); then `rosace down` again",),
        )
    home.pid.unlink(missing_ok=True)
