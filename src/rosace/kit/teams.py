"""What a platform's projects are called where Rancher manages the clusters: by rooms and concerns alike.

Comes in: the platform's words. Goes out: names. Source: ranchermanager.docs.rancher.com, "Projects" (API workflows):
a project lives in its cluster's namespace on Rancher's own cluster, and a namespace says `<cluster id>:<project id>`.
"""

from __future__ import annotations

from rosace.contract.registry import engines
from rosace.model.cluster_words import Cluster
from rosace.model.platform import Platform


def project_id(platform: Platform, project: str) -> str:
    """A project's name in Rancher, the same on every cluster."""
    return f"p-{platform.platform}-{project}"


def managed(platform: Platform) -> dict[str, Cluster]:
    """The clusters that Rancher knows by an id."""
    return {name: one for name, one in platform.clusters.items() if platform.delivery.rancher and one.rancher}


def project_clusters(platform: Platform) -> dict[str, str]:
    """The managed clusters on which projects work, by name, with their ids: those that run what jobs run on."""
    rooms = engines()
    everything = len(platform.clusters) == 1
    return {
        name: str(cluster.rancher)
        for name, cluster in managed(platform).items()
        if everything or any(engine in rooms and rooms[engine].runs for engine in cluster.runs)
    }


def annotation(platform: Platform, cluster: str, project: str) -> str | None:
    """What a project's namespace says on a cluster; None where Rancher has no such project there."""
    found = project_clusters(platform).get(cluster)
    return f"{found}:{project_id(platform, project)}" if found else None
