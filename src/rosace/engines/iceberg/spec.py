"""The words a user may write under `engines: {iceberg: ...}`: none yet, all follows from the platform."""

from __future__ import annotations

from rosace.model.platform import Platform, Words


class IcebergSpec(Words):
    """Settings of the lake's catalog."""


def wanted(platform: Platform) -> bool:
    """True where the platform has tables."""
    return bool(platform.tables)
