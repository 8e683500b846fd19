"""Guardians and supervisors of one platform, found by what they are: by their locks, and by their command lines.

The lock names the one at work, the command line also those that have just been forked and hold no lock yet.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from rosace.local import unit
from rosace.local.standing import GUARDIAN, SUPERVISOR, holder

_MODULES = (b"rosace.local.guardian", b"rosace.local.supervisor")


def living(home: Path) -> list[int]:
    """Their numbers, guardians first; only processes that the caller may end."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (rank := _rank(entry, os.fsencode(home))) is not None:
            found[int(entry.name)] = rank
    for rank, name in enumerate((GUARDIAN, SUPERVISOR)):
        if pid := holder(str(home / name)):
            found[pid] = rank
    return sorted((pid for pid in found if unit.born(pid) is not None), key=lambda pid: found[pid])


def _rank(entry: Path, home: bytes) -> int | None:
    try:
        argv = (entry / "cmdline").read_bytes().split(b"\0")
        mine = os.geteuid() in (0, entry.stat().st_uid)
    except OSError:
        return None
    if not mine or home not in argv:
        return None
    return next((rank for rank, module in enumerate(_MODULES) if module in argv), None)


def end(home: Path, patience: float) -> None:
    """Waits `patience` seconds for all of them to go, then kills them: guardians first, until none is left.

    They are looked for until two looks in a row find none: one that was starting another as it was killed may have
    hidden it from a single look.
    """
    deadline = time.monotonic() + patience
    while living(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    deadline = time.monotonic() + 10.0
    empty = 0
    while empty < 2 and time.monotonic() < deadline:
        found = living(home)
        empty = 0 if found else empty + 1
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
