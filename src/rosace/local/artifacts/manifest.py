"""The record of what a cached artifact consists of, and two ways to check against it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from rosace.kit import whole

_FORMAT = 1
_CHUNK = 1 << 20


class Row(NamedTuple):
    """One file: its path below the content folder, and what it was when it was written.

    Attributes:
        path: with forward slashes.
        size: bytes.
        sha256: hex digest; for a symbolic link, of its target's text.
        mtime_ns: modification time in nanoseconds.
        inode: the file's number on its disk; another number means another file.
    """

    path: str
    size: int
    sha256: str
    mtime_ns: int
    inode: int


class Manifest:
    """The rows of one cached artifact."""

    def __init__(self, rows: list[Row], disk: int) -> None:
        self.rows = rows
        self.disk = disk

    def suspects(self, content: Path) -> list[Row]:
        """Give the rows whose file is gone or not the very one that was written (by stat)."""
        base = f"{content}{os.sep}"
        lstat = os.lstat
        found: list[Row] = []
        for row in self.rows:
            path, size, _, mtime_ns, inode = row
            try:
                seen = lstat(base + path)
            except OSError:
                found.append(row)
                continue
            if seen.st_mtime_ns != mtime_ns or seen.st_size != size or seen.st_ino != inode:
                found.append(row)
        return found

    def damaged(self, content: Path, rows: list[Row]) -> list[str]:
        """Give the paths, among some rows, whose bytes are not those recorded."""
        return [row.path for row in rows if digest_of(content / row.path) != row.sha256]

    def restamped(self, content: Path) -> Manifest:
        """Give a manifest of the same bytes with the files' present times and numbers."""
        return Manifest([stamp(content, row.path, row.sha256) for row in self.rows], self.disk)

    def write(self, path: Path) -> None:
        """Write the manifest so that it is whole or not there at all."""
        text = json.dumps({"format": _FORMAT, "disk": self.disk, "files": self.rows})
        whole.write(path, text.encode(), 0o644)


def read_manifest(path: Path) -> Manifest | None:
    """Read a manifest; ``None`` when there is none that this version understands."""
    try:
        raw: Any = json.loads(path.read_bytes())
        if raw["format"] != _FORMAT:
            return None
        if not all(isinstance(row[0], str) for row in raw["files"]):
            return None
        return Manifest([Row(*row) for row in raw["files"]], int(raw["disk"]))
    except (OSError, ValueError, TypeError, LookupError):
        return None


def stamp(content: Path, path: str, sha256: str) -> Row:
    """Describe a file as it is now, given the digest of its bytes."""
    seen = os.lstat(content / path)
    return Row(path, seen.st_size, sha256, seen.st_mtime_ns, seen.st_ino)


def link_digest(target: str) -> str:
    """Give the digest that stands for a symbolic link."""
    return hashlib.sha256(b"link:" + target.encode()).hexdigest()


def digest_of(path: Path) -> str | None:
    """Hash a file's bytes, or a symbolic link's target; ``None`` when it cannot be read."""
    try:
        if path.is_symlink():
            return link_digest(os.readlink(path))  # noqa: PTH115 - Path would drop a leading "./"
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()
    except OSError:
        return None
