"""The words a user may write under `engines: {postgresql: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Platform, Words
from rosace.model.quantity import Size


def _shared() -> Size:
    return Size.mebibytes(32)


class PostgresqlSpec(Words):
    """Settings of the database server."""

    shared_buffers: Annotated[Size, Field(ge=Size(1 << 20))] = Field(default_factory=_shared, alias="shared-buffers")
    """Memory for pages of tables, shared by all connections. The lake's catalog is far smaller than the default."""
    connections: Annotated[int, Field(strict=True, ge=10, le=1000)] = 100
    """The most connections at a time."""

    resources: Resources = Resources.model_construct()
    """On clusters: what the server gets; a quarter of its memory becomes shared buffers unless they are chosen."""
    disk: Disk = Disk.model_construct()
    """On clusters: the volume of its data."""


def wanted(platform: Platform) -> bool:
    """True where the user wrote it down or a topic is exported to it; else it comes along with the lake's catalog."""
    return "postgresql" in platform.engines or any(export.to == "postgresql" for export in platform.exports.values())
