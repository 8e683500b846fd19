"""The words a user may write under `engines: {prometheus: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Platform, Words


class AlertmanagerSpec(Words):
    """Settings of Alertmanager, which groups alerts and tells people."""

    replicas: Annotated[int, Field(strict=True, ge=1, le=9)] = 2
    """How many; they agree on who tells, so that everybody hears of an alert once."""
    resources: Resources = Resources.model_construct()
    """What each one gets."""
    disk: Disk = Disk.model_construct()
    """Where each keeps silences and what it has told already."""


class PrometheusSpec(Words):
    """Settings of Prometheus on each cluster. How often and how long it measures is said under `monitoring:`."""

    replicas: Annotated[int, Field(strict=True, ge=1, le=9)] = 2
    """How many on each cluster; each measures everything."""
    resources: Resources = Resources.model_construct()
    """What each one gets."""
    disk: Disk = Disk.model_construct()
    """The volume of each one."""
    alertmanager: AlertmanagerSpec = AlertmanagerSpec.model_construct()
    """Who tells people."""


def wanted(platform: Platform) -> bool:
    """A platform that says `monitoring:` is measured."""
    return platform.monitoring is not None
