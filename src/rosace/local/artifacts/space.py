"""How much disk a set of artifacts takes, asked before anything is fetched."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rosace.contract.artifacts import Artifact, ArtifactError
from rosace.local.artifacts.cache import Cache
from rosace.local.artifacts.errors import readable_size

# An unpacked folder of unknown size is taken to be this many times its archive.
_GROWTH = 2
# Room for manifests, and for a disk not to be filled to its last byte.
_SPARE = 32_000_000


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes: still to download, to stay on the disk, and needed at the worst moment."""

    download: int
    kept: int
    peak: int


def need_of(artifacts: Sequence[Artifact], cache: Cache, parallel: int) -> Need:
    """Reckon what absent artifacts take.

    An archive is deleted once it is unpacked, so only some are on the disk together.
    """
    by_bytes = {one.sha256: one for one in artifacts}
    download = sum(max(one.size - _size(cache.part(one)), 0) for one in by_bytes.values())
    kept = sum(_kept(one) for one in {cache.entry(one): one for one in artifacts}.values())
    archives = sorted((one.size for one in by_bytes.values() if one.unpack), reverse=True)
    present = sum(_size(cache.part(one)) for one in by_bytes.values())
    passing = sum(archives[: parallel + 2])
    return Need(download, kept, max(kept + passing - present, 0) + _SPARE)


def require_space(artifacts: Sequence[Artifact], cache: Cache, parallel: int) -> Need:
    """Refuse to start what cannot be completed.

    Raises:
        ArtifactError: ``disk-full``, naming the folder, what is needed and what is free.
    """
    need = need_of(artifacts, cache, parallel)
    free = shutil.disk_usage(_existing(cache.root)).free
    if artifacts and need.peak > free:
        raise ArtifactError(
            "disk-full",
            f"Fetching {len(artifacts)} artifacts needs {readable_size(need.peak)} on the disk "
            f"that holds {cache.root}, where {readable_size(free)} are free "
            f"({readable_size(need.kept)} stay after unpacking).",
            "Free some space, or point ROSACE_CACHE at a disk with more room.",
        )
    return need


def _kept(artifact: Artifact) -> int:
    if artifact.unpack is None:
        return artifact.size
    return artifact.unpack.size or artifact.size * _GROWTH


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
