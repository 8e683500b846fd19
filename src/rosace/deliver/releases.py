"""Charts on clusters: values that carry every decision. What they become is the charts' affair.

Comes in: `Estate`. Goes out: one `Release` for each chart on each cluster. A section of a chart's values is an engine's
(its room decides), or a concern of the platform as a whole (its module here decides).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rosace.contract.values import Frame
from rosace.kit.manifest import CONTAINER_SECURITY
from rosace.model.cluster_words import Cluster
from rosace.plan.clusters.topology import Estate


@dataclass(frozen=True)
class Release:
    """A chart installed on a cluster. `values` holds `global`, then a section by name: an engine's or a concern's."""

    chart: str
    cluster: str
    values: Mapping[str, Any]

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of its sections, in the order of their engines."""
        return tuple(name for name in self.values if name != "global")

    @property
    def namespace(self) -> str:
        """Where Helm keeps the release's own record: the namespace of its first section."""
        return self.values[self.sections[0]].get("namespace") or "default"


def frame(estate: Estate, cluster: str) -> Frame:
    """The `global` values that every chart gets."""
    return {
        "platform": estate.platform,
        "environment": estate.environment,
        "cluster": cluster,
        "labels": {
            "app.kubernetes.io/part-of": estate.platform,
            "app.kubernetes.io/managed-by": "Helm",
            "rosace.io/environment": estate.environment,
        },
        "containerSecurity": CONTAINER_SECURITY,
    }


def placed(cluster: Cluster, engine: str) -> Mapping[str, Any]:
    """What an engine's section says of nodes: those of the pool that is there for it, whatever taint they have by the
    same key and value."""
    for pool in cluster.pools.values():
        if engine in pool.of:
            taints = [{"key": key, "operator": "Equal", "value": value} for key, value in sorted(pool.nodes.items())]
            return {"nodeSelector": dict(sorted(pool.nodes.items())), "tolerations": taints}
    return {}


def releases(estate: Estate) -> tuple[Release, ...]:
    """All releases, by cluster, then by chart in the order of their first part."""
    from rosace.deliver.concerns import CONCERNS

    found: list[Release] = []
    for cluster in estate.clusters:
        charts: dict[str, dict[str, Mapping[str, Any]]] = {}
        for part in estate.on(cluster):
            room = part.engine.kubernetes
            if not room.chart:
                continue
            section = {**room.values(part.site), **placed(estate.clusters[cluster], part.engine.name)}
            charts.setdefault(room.chart, {})[part.engine.name] = section
        for concern in CONCERNS:
            section = concern.values(estate, cluster)
            if section.get("enabled"):
                charts.setdefault(concern.chart, {})[concern.name] = section
        for chart, sections in charts.items():
            found.append(Release(chart, cluster, {"global": frame(estate, cluster), **sections}))
    return tuple(found)
