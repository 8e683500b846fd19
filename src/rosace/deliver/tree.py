"""A folder that is written whole or not at all.

Comes in: files as relative path -> text. Goes out: the folder on disk. What was there is exchanged in one step, so that
a build that is interrupted or killed leaves the old tree as it was. What the earlier build did not list stays where it
is (`foreign`), and a folder that Rosace did not write is never touched.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from rosace.deliver import foreign
from rosace.deliver.foreign import MARK
from rosace.source.diagnostic import refuse

_EXCHANGE = 2
_HERE = -100
_ROOM = ".rosace-"
"""A build into `out` makes its tree in `.out.rosace-<random>` beside it: `new` there becomes `out`, and the old tree
becomes `new`. `replaces` holds the old tree's number (inode), by which one knows whether that has happened."""


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Puts the files into `folder`, in place of those that an earlier build listed there.

    Raises `Refused` where something else lives there, or where it would undo what a person changed.
    """
    target = folder.absolute()
    for name in files:
        _inside(name)
    content = {name: text.encode() for name, text in files.items()}
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target.parent) as alone:
        for left in target.parent.glob(f".{glob.escape(target.name)}{_ROOM}*") if alone else ():
            _clear(left, target)
        accept(target)
        foreign.refuse_loss(target, content)
        room = Path(tempfile.mkdtemp(prefix=f".{target.name}{_ROOM}", dir=target.parent))
        linked: list[str] = []
        try:
            _fill(room / "new", {**content, MARK: foreign.listing(content)})
            if target.exists():
                linked = foreign.link(target, room / "new")
                foreign.alike(target, room / "new", target.stat())
            _place(room, target)
        finally:
            _clear(room, target, linked)


def accept(folder: Path) -> None:
    """Refuses a folder that holds something which is no build, and one that cannot be exchanged under our feet."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise refuse("not-a-build", f"{folder} is no folder", hints=("name another one with --output-dir",))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise refuse(
            "not-a-build",
            f"{folder} holds files that `rosace build` did not write",
            hints=("name an empty or new folder",),
        )
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        raise refuse(
            "inside-the-tree",
            f"{folder} is exchanged as a whole, and your shell stands in it: it would stand in no folder afterwards",
            hints=("go to another folder first, and name this one with --output-dir",),
        )


def _inside(name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\n" in name or "\0" in name:
        raise refuse("unsafe-path", f"{name!r} would lie outside of the tree", hints=("use a plain name",))


@contextmanager
def _alone(folder: Path) -> Generator[bool]:
    """Lets one build at a time write below `folder`; False where its file system has no locks for folders (NFS)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            locked = True
        except OSError:
            locked = False
        yield locked
    finally:
        os.close(handle)


def _fill(fresh: Path, files: Mapping[str, bytes]) -> None:
    fresh.mkdir()
    fresh.chmod(0o755)
    for folder in {name.rpartition("/")[0] for name in files}:
        (fresh / folder).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        # As bytes: a file object for text would hand on many megabytes piece by piece.
        (fresh / name).write_bytes(content)


def _place(room: Path, target: Path) -> None:
    """After this, `target` is the new tree, and the old one, if there was one, lies in `room`."""
    fresh, aside = room / "new", room / "old"
    if not target.exists():
        fresh.rename(target)
        return
    (room / "replaces").write_text(str(target.stat().st_ino))
    if not _exchanged(fresh, target):
        # Where the file system cannot exchange: two renames, between which the old tree lies beside.
        target.rename(aside)
        fresh.rename(target)


def _clear(room: Path, target: Path, linked: Sequence[str] = ()) -> None:
    """Removes what a build, finished or killed, left beside its target, once nothing of it is missing there."""
    told = room.lstat()
    if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.geteuid():
        return
    old = room / "new" if _replaced(room) else room / "old"
    if old.is_dir():
        if target.exists():
            foreign.move(old, target, linked)
            # Half removed, it has no list any more and would look like somebody's own: not under that name.
            old.rename(room / "gone")
        else:
            old.rename(target)
    shutil.rmtree(room, ignore_errors=True)


def _replaced(room: Path) -> bool:
    """True where the new tree has been exchanged for the old one."""
    try:
        return (room / "new").stat().st_ino == int((room / "replaces").read_text())
    except (OSError, ValueError):
        return False


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
