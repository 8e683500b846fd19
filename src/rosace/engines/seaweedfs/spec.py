"""The words a user may write under `engines: {seaweedfs: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.platform import Platform, Words
from rosace.model.quantity import Size

NAME = "seaweedfs"


def _keep_free() -> Size:
    return Size.mebibytes(512)


def _volume() -> Size:
    return Size.mebibytes(512)


class SeaweedfsSpec(Words):
    """Settings of the object store."""

    keep_free: Annotated[Size, Field(ge=Size(101))] = Field(default_factory=_keep_free, alias="keep-free")
    """Below this much free disk the store is read-only, so that the machine itself keeps working.

    Looked at once a minute, hence not exact. Objects that are deleted while the disk is so full give no room back:
    make room elsewhere on the disk, and a minute later the store takes writes again."""
    volume: Annotated[Size, Field(ge=Size(64 << 20), le=Size(30 << 30))] = Field(default_factory=_volume)
    """Objects are appended to files of at most this size; reclaiming the room of deleted ones copies one such file."""


def wanted(platform: Platform) -> bool:
    """True where something is kept in S3: here if no other provider was named, on clusters if this one was."""
    storage = platform.storage
    kept = platform.tables or platform.jobs or storage.buckets or storage.tenants
    unsaid = storage.provider is None and platform.target == "local"
    return bool(kept) and (unsaid or storage.provider == NAME)
