"""Becomes the server, after clearing away what a killed one left. Run as a program.

Comes in: the cluster's folder, then the server's argument vector. Must not: import anything but the standard library
(it may run as another user, without site packages), or touch a server that lives.

A postmaster that is killed leaves two things that can keep the next one from starting. Its back-ends, each the leader
of its own session, go on with what they compute and hold the shared memory. Its lock file names a process, and after
a reboot that number may belong to any program of the same user, which PostgreSQL takes for a living server.
(Sources: miscinit.c, CreateLockFile; postmaster.c, InitPostmasterChild; PostgreSQL 18.)
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

PATIENCE = 5.0
"""Seconds to wait for killed back-ends to be gone; the server itself says what is wrong when they are not."""


def _servers(program: Path, cluster: Path) -> set[int]:
    """Processes that run `program` in `cluster`: the postmaster and all its children have it as working folder."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").samefile(cluster) and (entry / "exe").samefile(program):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def clear(program: Path, cluster: Path) -> None:
    """Ends orphaned back-ends and removes the lock file, unless its process is a server of this very cluster."""
    lock = cluster / "postmaster.pid"
    try:
        postmaster = abs(int(lock.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        postmaster = 0
    orphans = _servers(program, cluster)
    if postmaster in orphans:
        return
    for pid in orphans:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    deadline = time.monotonic() + PATIENCE
    while _servers(program, cluster) and time.monotonic() < deadline:
        time.sleep(0.02)
    lock.unlink(missing_ok=True)


if __name__ == "__main__":
    clear(Path(sys.argv[2]), Path(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
