"""Files that are whole or absent: written beside, synced, then renamed.

Comes in: a path. Goes out: the file there, at once: a reader, or a crash, sees the old one or the new one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def beside(path: Path, mode: int = 0o600) -> Generator[Path]:
    """A fresh file in the folder of `path`, which is made where it is missing; it takes the name once it is written.

    Whoever leaves by an exception leaves what was there before, and nothing beside it. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        fresh.chmod(mode)
        _sync(fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def usual() -> int:
    """The mode of a file that a program makes for its user without saying one: what the umask leaves of 0666."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replaces `path` by `content`. Raises OSError."""
    with beside(path, mode) as fresh:
        fresh.write_bytes(content)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
