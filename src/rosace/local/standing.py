"""Who runs a platform, and whether anybody should: two locks for life, and a mark that `down` leaves.

Guardian and supervisor each hold a lock of the kernel's on a file in the platform's folder from their start to their
end, so there is one of each whatever is killed when. Record locks of fcntl(2): released however their process ends,
inherited by no child, and F_GETLK says which process holds one. Must not import what a guardian need not carry.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time

GUARDIAN = "guardian.lock"
SUPERVISOR = "supervisor.lock"
HALTED = "halted"
"""The mark's file: nothing of this platform is to run, so whoever starts late ends at once."""
OTHER = 8
"""Exit code of a supervisor that found another one at work."""

_FLOCK = "hhqqi4x"
"""struct flock of fcntl(2) on 64-bit Linux: type, whence, start, length, and the process that holds the lock."""


class Lock:
    """A lock that this process holds until it lets go or ends."""

    def __init__(self, path: str, handle: int) -> None:
        self._path, self._handle = path, handle

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def lasts(self) -> bool:
        """Whether it still is the lock of this name: a folder that was removed takes its locks with it."""
        return _named(self._path, self._handle)

    def release(self) -> None:
        """Lets it go; the kernel does so too when the process ends."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def take(path: str, patience: float = 0.0) -> Lock | None:
    """The lock on `path`, or None when another process keeps it for longer than `patience` seconds.

    The file is made where it is missing; raises FileNotFoundError when its folder is. Whoever holds the lock must not
    ask `holder` about it: closing any handle of a file gives up the record locks of the whole process (fcntl(2)).
    """
    deadline = time.monotonic() + patience
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _named(path, handle):
                return Lock(path, handle)
        except OSError:
            pass
        os.close(handle)
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.02)


def _named(path: str, handle: int) -> bool:
    """Whether the file is still the one of this name: its folder may have been erased since it was opened."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))  # noqa: PTH116 (no pathlib in the guardian)
    except OSError:
        return False


def holder(path: str) -> int | None:
    """The number of the process that holds the lock on `path`, another one than the caller; None when nobody does."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(handle, fcntl.F_GETLK, asked))
        return None if kind == fcntl.F_UNLCK else pid
    finally:
        os.close(handle)


def wanted(home: str) -> bool:
    """Whether the platform in this folder is to run: the folder is there, without the mark."""
    return os.path.isdir(home) and not os.path.exists(f"{home}/{HALTED}")  # noqa: PTH110, PTH112
