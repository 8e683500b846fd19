"""Writing a folder from an archive's members, without trusting their paths."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from rosace.contract.artifacts import ArtifactError, Unpack
from rosace.local.artifacts.errors import disk_error
from rosace.local.artifacts.manifest import Manifest, Row, link_digest, stamp

_CHUNK = 1 << 20
_BLOCK = 4096
_LINKS = 40
"""Links followed for one path, as the kernel does (path_resolution(7))."""


class Selection:
    """Which members are kept, under which path, and which of them are run."""

    def __init__(self, unpack: Unpack) -> None:
        self._strip = unpack.strip
        self._include = _any_of(unpack.include) if unpack.include else None
        self._exclude = _any_of(unpack.exclude)
        self._executable = _any_of(unpack.executable)

    def path(self, member: str) -> str | None:
        """Give where a member goes below the folder, ``None`` when it is left out.

        Raises:
            ArtifactError: ``artifact-unsafe`` for a path that would leave the folder.
        """
        if "\0" in member or "\\" in member or member.startswith("/") or member[1:2] == ":":
            raise unsafe(member, "its path is absolute or malformed")
        parts = [part for part in member.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise unsafe(member, "its path climbs out of the folder")
        path = "/".join(parts[self._strip :])
        if not path or (self._include is not None and not self._include(path)):
            return None
        return None if self._exclude(path) else path

    def runs(self, path: str) -> bool:
        """Tell whether a kept member gets the run bit although the archive lost it."""
        return self._executable(path)


class Tree:
    """A folder being written, with the digest of each file it gets."""

    def __init__(self, root: Path, selection: Selection) -> None:
        self._root = root
        self._selection = selection
        self._digests: dict[str, str] = {}
        self._links: dict[str, str] = {}
        root.mkdir(parents=True)

    def file(self, path: str, stream: IO[bytes], *, runs: bool) -> None:
        """Write one file.

        Raises:
            ArtifactError: ``disk-full``, or ``artifact-unsafe`` when a file stands where a
                folder must be.
        """
        target = self._place(path)
        digest = hashlib.sha256()
        try:
            with target.open("xb") as file:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                # The archive says nothing that lasts about rights: read-only keeps the
                # cached copy from being edited by mistake.
                os.fchmod(file.fileno(), 0o555 if runs or self._selection.runs(path) else 0o444)
        except OSError as error:
            raise disk_error(error, target) from None
        self._digests[path] = digest.hexdigest()

    def folder(self, path: str) -> None:
        """Make a folder, which may stay empty."""
        self._make(self._root / path, path)

    def same(self, path: str, original: str) -> None:
        """Give a file written before a second name."""
        target = self._place(path)
        try:
            os.link(self._root / original, target)
        except OSError:
            # Some disks know no hard links.
            try:
                shutil.copy2(self._root / original, target)
            except OSError as error:
                raise disk_error(error, target) from None
        self._digests[path] = self._digests[original]

    def holds(self, path: str) -> bool:
        """Tell whether a file was written at a path."""
        return path in self._digests

    def symlink(self, path: str, target: str) -> None:
        """Note a symbolic link; links are made last so that nothing is written through one."""
        self._links[path] = target

    def finish(self) -> Manifest:
        """Make the links, force everything onto the disk and describe it.

        Raises:
            ArtifactError: ``artifact-unsafe`` when a link leads out of the folder; then none was made.
        """
        for path in self._links:
            if not self._stays(path):
                raise unsafe(path, "it is a link that leads out of the folder")
            if any(parent in self._links for parent in _parents(path)):
                raise unsafe(path, "it lies behind a link")
        for path, target in self._links.items():
            self._place(path).symlink_to(target)
            self._digests[path] = link_digest(target)
        rows = [stamp(self._root, path, digest) for path, digest in self._digests.items()]
        return Manifest(rows, _disk(rows))

    def _stays(self, path: str) -> bool:
        """Whether a path, followed through all links as the kernel would, stays in the folder at every step."""
        left, place, followed = path.split("/")[::-1], list[str](), 0
        while left:
            part = left.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not place:
                    return False
                place.pop()
                continue
            place.append(part)
            target = self._links.get("/".join(place))
            if target is not None:
                followed += 1
                if target.startswith("/") or "\0" in target or followed > _LINKS:
                    return False
                place.pop()
                left += target.split("/")[::-1]
        return True

    def _place(self, path: str) -> Path:
        target = self._root / path
        self._make(target.parent, path)
        # A later member replaces an earlier one; writing into it would change its links too.
        if path in self._digests:
            del self._digests[path]
            target.unlink()
        if os.path.lexists(target):
            raise unsafe(path, "a folder already stands at its path")
        return target

    def _make(self, folder: Path, path: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise unsafe(path, "a file stands where its folder must be") from None
        except OSError as error:
            raise disk_error(error, folder) from None


def unsafe(member: str, why: str) -> ArtifactError:
    """Refuse an archive for one of its members."""
    return ArtifactError(
        "artifact-unsafe",
        f"The archive was not unpacked: of its member {member!r}, {why}.",
        "Do not use this archive. If it comes from the locked list, report it to Rosace.",
    )


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _disk(rows: list[Row]) -> int:
    by_inode = {row.inode: -(-row.size // _BLOCK) * _BLOCK for row in rows}
    return sum(by_inode.values())


def _any_of(globs: tuple[str, ...]) -> Callable[[str], bool]:
    if not globs:
        return lambda _: False
    pattern = re.compile("|".join(fnmatch.translate(glob) for glob in globs))
    return lambda path: pattern.match(path) is not None
