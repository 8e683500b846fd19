"""Pods near the data that they read: where a job was placed, and beside whom it would like to be there.

Comes in: a job and where it runs. Goes out: parts of a chart's values. Source: kubernetes.io, "Assigning Pods to Nodes"
(inter-pod affinity; `preferred` terms weigh and never keep a pod from running).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired

from rosace.contract.cluster import ClusterSite
from rosace.contract.values import Passed, Values
from rosace.kit.alike import alike
from rosace.model.capabilities import KafkaBootstrap, S3Endpoint
from rosace.model.checked import CheckedJob

ZONE, NODE = "topology.kubernetes.io/zone", "kubernetes.io/hostname"


class Placed(Values):
    """Where a job was placed, and beside whom its pods would like to be."""

    placement: NotRequired[str]
    """The cluster, and why it is that one; unsaid where there is no other."""
    affinity: NotRequired[Passed]
    """Pods of the job are put near those that hold its data, as far as there is room, in Kubernetes' words."""


def placed(site: ClusterSite, jobs: Iterable[CheckedJob]) -> Placed:
    """What the values of these jobs say of their place: they share pods."""
    found: Placed = {}
    if len(site.checked.platform.clusters) > 1:
        whys = {site.checked.placement.jobs[job.name].why: None for job in jobs}
        found["placement"] = f"{site.cluster_name}: {'; '.join(whys)}"
    if near := _near(site, jobs):
        found["affinity"] = alike({"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": near}})
    return found


def _near(site: ClusterSite, jobs: Iterable[CheckedJob]) -> list[Passed]:
    """A term for each kind of pods on this cluster that hold what the jobs read."""
    kinds = {ref.kind for job in jobs for ref in job.reads}
    holders = {"topic": KafkaBootstrap, "table": S3Endpoint}
    where = ZONE if site.cluster.zones > 1 else NODE
    return [
        {
            "weight": 100,
            "podAffinityTerm": {
                "topologyKey": where,
                "namespaces": [namespace],
                "labelSelector": {"matchLabels": dict(labels)},
            },
        }
        for kind, holder in holders.items()
        if kind in kinds
        for namespace, labels in site.around.serving.get(holder, ())
    ]
