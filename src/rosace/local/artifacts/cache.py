"""The place on this machine where artifacts are kept, named by their checksums."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs
from filelock import FileLock

from rosace.contract.artifacts import Artifact
from rosace.local.artifacts.errors import disk_error
from rosace.local.artifacts.manifest import Manifest, read_manifest, stamp
from rosace.local.artifacts.unpack import unpack_archive

_MANIFEST = "manifest.json"
_TREE = "tree"


def cache_root() -> Path:
    """Give the folder of the cache: ``$ROSACE_CACHE``, else ``rosace`` in the user's cache."""
    named = os.environ.get("ROSACE_CACHE")
    return Path(named).expanduser() if named else platformdirs.user_cache_path("rosace")


@dataclass(frozen=True, slots=True)
class Check:
    """What a look at a cached artifact found; ``changed`` lists paths with other bytes."""

    state: Literal["whole", "absent", "damaged"]
    changed: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether the artifact can be used."""
        return self.state == "whole"


class Cache:
    """Artifacts kept below one folder.

    An artifact has its own folder, made complete elsewhere and then renamed into place, so
    that what is there is whole whatever was killed when. Files may be added below an
    unpacked folder (compiled modules, class archives); only those unpacked are checked.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def entry(self, artifact: Artifact) -> Path:
        """Give the folder that holds the artifact and its manifest."""
        tail = f"-{artifact.unpack.digest()}" if artifact.unpack else ""
        sha256 = artifact.sha256
        return self.root / "artifacts" / sha256[:2] / f"{sha256}{tail}"

    def path(self, artifact: Artifact) -> Path:
        """Give the artifact's file, or its unpacked folder, whether or not it is there."""
        return self.entry(artifact) / (_TREE if artifact.unpack else artifact.file)

    def part(self, artifact: Artifact) -> Path:
        """Give the file a download grows in; one for all ways to unpack the same archive."""
        return self.root / "parts" / f"{artifact.sha256}.part"

    def lock(self, artifact: Artifact) -> FileLock:
        """Give the lock that keeps two processes from fetching the same bytes.

        It may be taken by one thread and released by another.
        """
        folder = self.root / "locks"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, folder) from None
        return FileLock(folder / f"{artifact.sha256}.lock", thread_local=False)

    def present(self, artifact: Artifact) -> bool:
        """Tell whether the artifact is there, without a look at its bytes."""
        return self.path(artifact).exists() and (self.entry(artifact) / _MANIFEST).exists()

    def verify(self, artifact: Artifact, *, deep: bool = False) -> Check:
        """Check a cached artifact against what was recorded when it was kept.

        A file whose size, modification time and inode are the recorded ones counts as
        unchanged; any other is read and hashed, as every file is when ``deep``.
        """
        entry = self.entry(artifact)
        manifest = read_manifest(entry / _MANIFEST)
        if manifest is None or not manifest.rows:
            return Check("absent")
        if artifact.unpack is None and manifest.rows[0].path != artifact.file:
            return Check("absent")
        content = entry / _TREE if artifact.unpack else entry
        suspects = manifest.suspects(content)
        looked_at = manifest.rows if deep else suspects
        damaged = manifest.damaged(content, looked_at) if looked_at else []
        if damaged:
            return Check("damaged", tuple(damaged))
        if suspects:
            self._restamp(entry, manifest, content)
        return Check("whole")

    def keep_file(self, artifact: Artifact, part: Path) -> None:
        """Move a verified download into the cache.

        Raises:
            ArtifactError: ``disk-full`` or ``cache-unwritable``.
        """
        stage = self._stage(artifact)
        try:
            file = stage / artifact.file
            part.replace(file)
            file.chmod(0o444)
            row = stamp(stage, artifact.file, artifact.sha256)
            Manifest([row], artifact.size).write(stage / _MANIFEST)
            self._put(stage, self.entry(artifact))
        except OSError as error:
            raise disk_error(error, stage) from None
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def keep_tree(self, artifact: Artifact, archive: Path, check: Callable[[], None] = lambda: None) -> None:
        """Unpack a verified download into the cache; the archive stays where it is.

        Raises:
            ArtifactError: ``artifact-unsafe``, ``artifact-unpack``, ``disk-full`` or
                ``cache-unwritable``, or whatever ``check`` raises.
        """
        if artifact.unpack is None:
            raise ValueError(f"{artifact.name} is a file, not an archive to unpack")
        stage = self._stage(artifact)
        try:
            manifest = unpack_archive(archive, artifact.unpack, stage / _TREE, check)
            _settle(stage / _TREE, manifest)
            manifest.write(stage / _MANIFEST)
            self._put(stage, self.entry(artifact))
        except OSError as error:
            raise disk_error(error, stage) from None
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def disk(self, artifact: Artifact) -> int:
        """Give the bytes the artifact takes on the disk, 0 when it is absent."""
        manifest = read_manifest(self.entry(artifact) / _MANIFEST)
        return manifest.disk if manifest else 0

    def _restamp(self, entry: Path, manifest: Manifest, content: Path) -> None:
        # Same bytes under another time or number: the cache was copied. A cache that this
        # user may only read is then hashed at each look, which is slow but right.
        try:
            manifest.restamped(content).write(entry / _MANIFEST)
        except OSError:
            return

    def _stage(self, artifact: Artifact) -> Path:
        entry = self.entry(artifact)
        try:
            entry.parent.mkdir(parents=True, exist_ok=True)
            for left in entry.parent.glob(f"{entry.name}.*"):
                shutil.rmtree(left, ignore_errors=True)
            stage = entry.with_name(f"{entry.name}.{os.getpid()}.new")
            stage.mkdir()
        except OSError as error:
            raise disk_error(error, entry.parent) from None
        return stage

    def _put(self, stage: Path, entry: Path) -> None:
        _sync(stage)
        _discard(entry)
        stage.rename(entry)
        _sync(entry.parent)


def _discard(entry: Path) -> None:
    if not entry.exists():
        return
    # Renamed first: a removal cut short must not leave something that looks whole.
    aside = entry.with_name(f"{entry.name}.{os.getpid()}.old")
    entry.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _settle(content: Path, manifest: Manifest) -> None:
    for row in manifest.rows:
        path = content / row.path
        if not path.is_symlink():
            _sync(path)
    for folder, _, _ in os.walk(content):
        _sync(Path(folder))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
