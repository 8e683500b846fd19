"""What lies in a built tree and is not the build's: a `.git`, sealed secrets, a person's notes. It stays as it is.

Comes in: a tree, with the list of files that its build left in it. Goes out: hard links to all else in a new tree, so
that whichever tree has the target's name holds them, and no byte is copied. Must not: follow a link, or use a path of
the list that is not found below the tree itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from rosace.source.diagnostic import Diagnostic, Refused, refuse

MARK = ".rosace"
"""A file with this name says that a folder is a build, and lists what the build wrote."""

_HEAD = "# Written by `rosace build`: the next build replaces the files below, and touches nothing else here.\n"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_SHOWN = 10
"""How many files a message names."""


def listing(files: Mapping[str, bytes]) -> bytes:
    """The text of `MARK`: a line for each file, as `sha256sum --check` reads it."""
    return "".join([_HEAD, *(f"{_sum(content)}  {name}\n" for name, content in sorted(files.items()))]).encode()


def listed(tree: Path) -> dict[str, str]:
    """Path to checksum of what the build wrote into `tree`, without `MARK`; empty where there is no list."""
    try:
        text = (tree / MARK).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {found[2]: found[1] for line in text.split("\n") if (found := _LINE.fullmatch(line))}


def refuse_loss(tree: Path, files: Mapping[str, bytes]) -> None:
    """Raises `Refused` where `files` in place of the earlier build would lose what a person did in `tree`."""
    if not tree.is_dir():
        return
    ours, folders = listed(tree), _folders(files)
    changed: list[str] = []
    in_the_way: list[str] = []
    for name, told in _entries(tree):
        if name in ours:
            there = _checksum(tree / name, told)
            if there != ours[name] and (name not in files or there != _sum(files[name])):
                changed.append(name)
        elif (name in folders and not stat.S_ISDIR(told.st_mode)) or (
            name in files and _checksum(tree / name, told) != _sum(files[name])
        ):
            in_the_way.append(name)
    problems = [*_changed(tree, changed), *_in_the_way(tree, in_the_way)]
    if problems:
        raise Refused(*problems)


def link(old: Path, new: Path) -> list[str]:
    """Gives everything in `old` that its build did not list a second name at the same place in `new`; the names.

    Raises `Refused` where that cannot be, such as for another file system mounted below `old`.
    """
    linked: list[str] = []
    folders: list[tuple[str, os.stat_result]] = []
    for name, told in _others(old):
        place = new / name
        try:
            if stat.S_ISDIR(told.st_mode):
                place.mkdir(parents=True, exist_ok=True)
                folders.append((name, told))
            elif not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                os.link(old / name, place, follow_symlinks=False)
                linked.append(name)
        except OSError as error:
            raise refuse(
                "cannot-keep",
                f"{old / name} is of no build, and a link to it cannot be made: {error.strerror}",
                hints=("build into a new folder, and copy from there what you want to have here",),
            ) from error
    for name, told in reversed(folders):
        alike(old / name, new / name, told)
    return linked


def move(old: Path, new: Path, linked: Iterable[str] = ()) -> None:
    """Once `new` has the name of `old`: brings over what changed in `old` while links to its files were made.

    A commit at that moment renames its lock to `index`: the newer file is taken, and what is gone is gone. `linked` are
    the names that `link` returned; a killed build has none left.
    """
    there = dict(_others(old))
    for name, told in there.items():
        place = new / name
        if stat.S_ISDIR(told.st_mode):
            place.mkdir(parents=True, exist_ok=True)
        elif not os.path.lexists(place) or not os.path.samestat(place.lstat(), told):
            place.parent.mkdir(parents=True, exist_ok=True)
            (old / name).replace(place)
    for name in linked:
        if name not in there:
            (new / name).unlink(missing_ok=True)


def alike(old: Path, new: Path, told: os.stat_result) -> None:
    """Gives a folder the owner, mode and times of another."""
    made = new.stat()
    if (made.st_uid, made.st_gid) != (told.st_uid, told.st_gid):
        os.chown(new, told.st_uid, told.st_gid)
    shutil.copystat(old, new)


def _entries(tree: Path) -> Iterator[tuple[str, os.stat_result]]:
    """All that lies below `tree`, each folder before what is in it; links are not followed."""
    stack = [""]
    while stack:
        folder = stack.pop()
        with os.scandir(tree / folder) as found:
            for entry in sorted(found, key=lambda one: one.name):
                told = entry.stat(follow_symlinks=False)
                yield f"{folder}{entry.name}", told
                if stat.S_ISDIR(told.st_mode):
                    stack.append(f"{folder}{entry.name}/")


def _others(tree: Path) -> Iterator[tuple[str, os.stat_result]]:
    """What lies below `tree` and no build listed: files of any kind, and folders that no file of a build is below."""
    ours = listed(tree)
    folders = _folders(ours)
    for name, told in _entries(tree):
        known = name in folders if stat.S_ISDIR(told.st_mode) else name in ours or name == MARK
        if not known:
            yield name, told


def _folders(names: Iterable[str]) -> set[str]:
    near = {PurePosixPath(folder) for folder in {name.rpartition("/")[0] for name in names}}
    return {str(one) for folder in near for one in (folder, *folder.parents)}


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _checksum(path: Path, told: os.stat_result) -> str:
    return _sum(path.read_bytes()) if stat.S_ISREG(told.st_mode) else "no plain file"


def _changed(tree: Path, names: list[str]) -> Iterator[Diagnostic]:
    if names:
        yield Diagnostic(
            "changed-by-hand",
            f"{tree} was changed since it was built, and building again would undo that: {_some(names)}",
            hints=(
                "say in `platform.yaml` or its overlay what the change was for",
                "then bring the files back as they were built (`git checkout`), or move them away, and build again",
            ),
        )


def _in_the_way(tree: Path, names: list[str]) -> Iterator[Diagnostic]:
    if names:
        yield Diagnostic(
            "in-the-way",
            f"the build would write over what no earlier build has listed in {tree / MARK}: {_some(names)}",
            hints=("move it away, or build into a new folder",),
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
