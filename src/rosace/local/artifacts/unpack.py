"""Turning a downloaded archive into a folder: wheels, zips and tar files."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from rosace.contract.artifacts import ArtifactError, Unpack
from rosace.local.artifacts.manifest import Manifest
from rosace.local.artifacts.tree import Selection, Tree, unsafe

_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)


def unpack_archive(archive: Path, unpack: Unpack, folder: Path, check: Callable[[], None] = lambda: None) -> Manifest:
    """Unpack an archive into a folder that does not exist yet.

    Args:
        archive: the archive, whose checksum was verified.
        unpack: which members go where.
        folder: is made; on an error it is left half filled, for the caller to remove.
        check: called at each member; what it raises stops the work.

    Raises:
        ArtifactError: ``artifact-unsafe``, ``artifact-unpack`` or ``disk-full``.
    """
    tree = Tree(folder, Selection(unpack))
    selection = Selection(unpack)
    try:
        if unpack.kind == "tar.gz":
            _Tar(archive, selection, tree, check).run()
        else:
            _unzip(archive, selection, tree, check)
    except _BROKEN as error:
        raise _broken(archive, f"{type(error).__name__}: {error}") from None
    manifest = tree.finish()
    if not manifest.rows:
        raise _broken(archive, "none of its members is wanted")
    return manifest


def _unzip(archive: Path, selection: Selection, tree: Tree, check: Callable[[], None]) -> None:
    with zipfile.ZipFile(archive) as source:
        for member in source.infolist():
            check()
            path = selection.path(member.filename)
            if path is None:
                continue
            mode = member.external_attr >> 16
            if member.is_dir():
                tree.folder(path)
            elif stat.S_ISLNK(mode):
                tree.symlink(path, source.read(member).decode())
            else:
                with source.open(member) as stream:
                    tree.file(path, stream, runs=bool(mode & 0o111))


class _Tar:
    """One pass over a tar file, and a second one only for the sake of hard links.

    Inflating costs far more than writing, so the file is read as a stream. A kept hard link
    may name a member that is left out; only then is the file read again, up to the last
    such member, and its bytes are written under the link's name.
    """

    def __init__(self, archive: Path, selection: Selection, tree: Tree, check: Callable[[], None]) -> None:
        self._archive = archive
        self._selection = selection
        self._tree = tree
        self._check = check
        self._kept: dict[str, str] = {}
        self._alias: dict[str, str] = {}
        self._wanted: list[tuple[str, str]] = []

    def run(self) -> None:
        with tarfile.open(self._archive, "r|gz") as source:
            for member in source:
                self._check()
                self._take(source, member)
        missing: dict[str, list[str]] = {}
        for path, target in self._wanted:
            original = self._original(target)
            if original in self._kept:
                self._tree.same(path, self._kept[original])
            else:
                missing.setdefault(original, []).append(path)
        if missing:
            self._second_pass(missing)

    def _take(self, source: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        # Even a member that is left out is looked at: a bad path discredits the archive.
        path = self._selection.path(member.name)
        if member.islnk():
            self._alias[_plain(member.name)] = _plain(member.linkname)
            if path is not None:
                self._wanted.append((path, _plain(member.linkname)))
        elif path is None:
            return
        elif member.isdir():
            self._tree.folder(path)
        elif member.issym():
            self._tree.symlink(path, member.linkname)
        elif member.isfile():
            self._write(source, member, path)
            self._kept[_plain(member.name)] = path
        else:
            raise unsafe(member.name, "it is a device or a pipe")

    def _second_pass(self, missing: dict[str, list[str]]) -> None:
        with tarfile.open(self._archive, "r|gz") as source:
            for member in source:
                self._check()
                if not member.isfile() or _plain(member.name) not in missing:
                    continue
                first, *others = missing.pop(_plain(member.name))
                self._write(source, member, first)
                for other in others:
                    self._tree.same(other, first)
                if not missing:
                    return
        names = ", ".join(sorted(missing)[:3])
        raise _broken(self._archive, f"its hard links name members it lacks ({names})")

    def _original(self, name: str) -> str:
        seen: set[str] = set()
        while name in self._alias and name not in seen:
            seen.add(name)
            name = self._alias[name]
        return name

    def _write(self, source: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> None:
        stream = source.extractfile(member)
        if stream is None:
            raise _broken(self._archive, f"its member {member.name!r} has no bytes")
        with stream:
            self._tree.file(path, stream, runs=bool(member.mode & 0o111))


def _plain(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def _broken(archive: Path, why: str) -> ArtifactError:
    return ArtifactError(
        "artifact-unpack",
        f"The archive {archive.name} has the right checksum but cannot be unpacked: {why}.",
        "The entry in the locked list is wrong: check its kind, strip and include.",
    )
