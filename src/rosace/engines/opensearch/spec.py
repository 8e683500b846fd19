"""The words a user may write under `engines: {opensearch: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Platform, Words

NAMES = ("opensearch", "elasticsearch")
"""What an export may say."""


class OpensearchSpec(Words):
    """Settings of the search engine."""

    replicas: Annotated[int, Field(strict=True, ge=1, le=99)] = 3
    """How many servers; each holds data and may lead."""
    resources: Resources = Resources.model_construct()
    """What each server gets; half of its memory becomes the Java heap, the rest caches files."""
    disk: Disk = Disk.model_construct()
    """The volume of each server."""


def wanted(platform: Platform) -> bool:
    """True where a topic is exported to it, or the user wrote it down."""
    return "opensearch" in platform.engines or any(export.to in NAMES for export in platform.exports.values())
