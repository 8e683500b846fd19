"""A folder that is written whole or not at all.

Comes in: files as relative path -> text. Goes out: the folder on disk. What was there is exchanged in one step, so that
an interrupted build leaves the old tree as it was. A folder that Rosace did not write is never touched.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from rosace.source.diagnostic import refuse

MARK = ".rosace"
"""A file with this name says that a folder is a build, and may be replaced."""

_EXCHANGE = 2
_HERE = -100


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Puts the files, and nothing else, into `folder`. Raises `Refused` where something else lives there."""
    target = folder.absolute()
    accept(target)
    for name in files:
        _inside(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, text in {**files, MARK: "Written by `rosace build`: the next build replaces this folder.\n"}.items():
            place = fresh / name
            place.parent.mkdir(parents=True, exist_ok=True)
            # As bytes: a file object for text would hand on many megabytes piece by piece.
            place.write_bytes(text.encode())
        fresh.chmod(0o755)
        _place(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def accept(folder: Path) -> None:
    """Refuses a folder that holds something which is no build."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise refuse("not-a-build", f"{folder} is no folder", hints=("name another one with --output-dir",))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise refuse(
            "not-a-build",
            f"{folder} holds files that `rosace build` did not write",
            hints=("name an empty or new folder: what is in it would be replaced",),
        )


def _inside(name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\n" in name or "\0" in name:
        raise refuse("unsafe-path", f"{name!r} would lie outside of the tree", hints=("use a plain name",))


def _place(fresh: Path, target: Path) -> None:
    """After this, `target` is the new tree and `fresh` the old one, if there was one."""
    if not target.exists():
        fresh.rename(target)
    elif not _exchanged(fresh, target):
        # Where the file system cannot exchange: two renames, between which the old tree lies beside.
        aside = fresh.with_name(f"{fresh.name}.old")
        target.rename(aside)
        fresh.rename(target)
        aside.rename(fresh)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step (renameat2 with RENAME_EXCHANGE, Linux 3.15); False where that cannot be."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))
