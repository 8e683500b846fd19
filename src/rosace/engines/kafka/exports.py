"""Topics kept in step in other stores by Kafka Connect: what is decided."""

from __future__ import annotations

from typing import Any

from rosace.engines.cluster import ClusterSite, Image, SecretNeed, Workload


def values(site: ClusterSite) -> dict[str, Any]:
    """The part of the chart's section about Connect; empty where nothing is exported."""
    return {}


def workloads(site: ClusterSite) -> tuple[Workload, ...]:
    return ()


def images(site: ClusterSite) -> tuple[Image, ...]:
    return ()


def secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    return ()
