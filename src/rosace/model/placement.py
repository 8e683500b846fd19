"""On which cluster what runs, and which topics are copied from where to where: what was decided, and why.

Comes in: decisions of `rosace.check.placement`. Goes out: plain, immutable data. Must not: decide; only nearness
between clusters is measured here, since engines' addresses follow the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rosace.model.cluster_words import Cluster

ONLY = "main"
"""What the cluster is called where the platform names none."""

MANAGEMENT = "management"
"""What the cluster is called from which Rancher manages the others; Rancher itself calls it `local`."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a job runs. `why` is a sentence; `refused` says of each other cluster that could run it why not there."""

    cluster: str
    why: str
    refused: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, order=True)
class Mirror:
    """A topic that lives on the cluster `source` and is copied to `target`, where it is read."""

    topic: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where jobs run and topics live. `topics` are homes: where a topic is written.

    `streams` maps each cluster to the one whose Kafka its pods use. `visits` maps a cluster with a Kafka to the others
    that come to it: their jobs and queries, or their mirrors.
    """

    jobs: Mapping[str, Placed] = field(default_factory=dict[str, Placed])
    topics: Mapping[str, str] = field(default_factory=dict[str, str])
    mirrors: tuple[Mirror, ...] = ()
    streams: Mapping[str, str] = field(default_factory=dict[str, str])
    visits: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def topics_on(self, cluster: str) -> frozenset[str]:
        """The topics that a cluster's Kafka holds: those at home there, and copies."""
        copies = {mirror.topic for mirror in self.mirrors if mirror.target == cluster}
        return frozenset(copies | {topic for topic, home in self.topics.items() if home == cluster})

    def uses_streams_of(self, job: str, cluster: str) -> bool:
        """Whether the topics of a job are those of this cluster's Kafka."""
        here = self.jobs[job].cluster
        return self.streams.get(here, here) == cluster


def nearest(among: Iterable[str], clusters: Mapping[str, Cluster], here: str) -> str:
    """The cluster of `among` that is nearest to `here`: itself, one in its region, one of its provider, the first.

    `among` must not be empty.
    """
    return min(among, key=lambda other: distance(clusters, here, other))


def distance(clusters: Mapping[str, Cluster], one: str, other: str) -> int:
    """0 for the same cluster, 1 in the same region, 2 with the same provider, 3 elsewhere."""
    if one == other:
        return 0
    mine, its = clusters[one], clusters[other]
    if mine.provider != its.provider:
        return 3
    return 1 if mine.region is not None and mine.region == its.region else 2
