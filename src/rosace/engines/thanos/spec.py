"""The words a user may write under `engines: {thanos: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Platform, Words


class ThanosSpec(Words):
    """Settings of Thanos. Which bucket, and for how long, is said under `monitoring.long-term`."""

    replicas: Annotated[int, Field(strict=True, ge=1, le=9)] = 2
    """How many of each part that answers questions."""
    resources: Resources = Resources.model_construct()
    """What each pod that reads the bucket gets."""
    disk: Disk = Disk.model_construct()
    """Where blocks are merged: room for the largest, two weeks of one cluster, twice."""


def wanted(platform: Platform) -> bool:
    """A platform that keeps metrics long-term."""
    return platform.monitoring is not None and platform.monitoring.long_term is not None
