"""Topics of other clusters, copied here by MirrorMaker 2 because somebody here reads them: what is decided.

A copy has the name, the partitions and the settings of its topic. It is read committed and written in transactions, so
that each committed record is in it once. Offsets of consumers are not translated: a consumer reads on one cluster.

Sources: strimzi.io/docs/operators/1.0.1, "Configuring Kafka MirrorMaker 2" (API `kafka.strimzi.io/v1`); Kafka's
connect-mirror 4.1.2 (MirrorSourceConfig, IdentityReplicationPolicy); KIP-618 for transactional ids and rights, KIP-1031
for `emit.offset-syncs.enabled`.
"""

from __future__ import annotations

import re

from rosace.contract.cluster import ClusterSite, OfferedSite, resources
from rosace.contract.monitoring import Rule, Scrape, Watch
from rosace.contract.needs import Parity
from rosace.contract.workload import API_SERVER, SCRAPED, Needs, NeedsOf, Within, Workload
from rosace.engines.kafka import served
from rosace.engines.kafka.exports import USER, failed
from rosace.engines.kafka.rights import STATE, acl, reading, writing
from rosace.engines.kafka.settings import CONNECT, METRICS
from rosace.engines.kafka.values import Acl, Copies, Mirrors, MirrorSource
from rosace.kit.manifest import pod_security, spread
from rosace.model.capabilities import KafkaBootstrap
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

NAME = "mirrors"
"""The name of the KafkaMirrorMaker2 resource, of its Kafka user on each side, and what its own topics begin with."""

PODS = {"strimzi.io/cluster": NAME, "strimzi.io/kind": "KafkaMirrorMaker2"}
HEAP = Size.mebibytes(512)


def copied(site: OfferedSite) -> dict[str, list[str]]:
    """Cluster to the topics that are copied from there to here."""
    found: dict[str, list[str]] = {}
    for mirror in site.checked.placement.mirrors:
        if mirror.target == site.cluster_name:
            found.setdefault(mirror.source, []).append(mirror.topic)
    return found


def taken(site: OfferedSite) -> list[str]:
    """The topics that are copied from here to other clusters."""
    mirrors = site.checked.placement.mirrors
    return sorted({mirror.topic for mirror in mirrors if mirror.source == site.cluster_name})


def values(site: ClusterSite) -> Copies:
    """The part of the chart's section about copies; empty where nothing is copied to here."""
    sources = copied(site)
    if not sources:
        return {}
    told: Mirrors = {
        "name": NAME,
        "user": NAME,
        "replicas": 2,
        "alias": site.cluster_name,
        "bootstrapServers": site.need(KafkaBootstrap).servers,
        "config": {
            "config.storage.replication.factor": "-1",
            "offset.storage.replication.factor": "-1",
            "status.storage.replication.factor": "-1",
            "exactly.once.source.support": "enabled",
        },
        "sources": {cluster: _source(site, cluster, topics) for cluster, topics in sources.items()},
        "resources": resources(Resources(), "250m", Size(2 * HEAP)),
        "jvm": {"-Xms": f"{HEAP.mib}m", "-Xmx": f"{HEAP.mib}m"},
        "pod": {
            "securityContext": pod_security(USER),
            "topologySpreadConstraints": spread(PODS, site.cluster.zones),
        },
    }
    return {"mirrors": told}


def _source(site: ClusterSite, cluster: str, topics: list[str]) -> MirrorSource:
    (address,) = (one.servers for one in site.siblings[cluster] if isinstance(one, KafkaBootstrap))
    partitions = sum(site.checked.topics[topic].partitions for topic in topics)
    return {
        "bootstrapServers": address,
        "topics": "|".join(re.escape(topic).replace(r"\-", "-") for topic in topics),
        "tasks": min(partitions, 4),
        "config": {
            "exactly.once.support": "required",
            "replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
            "source.consumer.isolation.level": "read_committed",
            # What the copy is like is said by its own KafkaTopic; who may read it, by KafkaUsers.
            "sync.topic.configs.enabled": "false",
            "sync.topic.acls.enabled": "false",
            # Nobody moves from one cluster to the other in the middle of a topic.
            "emit.offset-syncs.enabled": "false",
            "heartbeats.replication.enabled": "false",
        },
    }


def acls(site: OfferedSite) -> list[Acl]:
    """What copying may do here: read what others take, write what comes, keep its own state."""
    coming = sorted(topic for topics in copied(site).values() for topic in topics)
    found = [*reading(taken(site)), *writing(coming)]
    if not coming:
        return found
    return [
        *found,
        acl("topic", f"{NAME}-", "prefix", STATE),
        acl("group", NAME, "literal", ["Read", "Describe"]),
        # Of the leader's own producer, then of each task (KIP-618).
        acl("transactionalId", f"connect-cluster-{NAME}", "literal", ["Write", "Describe"]),
        acl("transactionalId", f"{NAME}-", "prefix", ["Write", "Describe"]),
    ]


def workloads(site: OfferedSite) -> tuple[Workload, ...]:
    """Its pods: they come to Kafka here, and to that of each cluster from which they copy."""
    sources = copied(site)
    if not sources:
        return ()
    away = (NeedsOf(KafkaBootstrap, cluster) for cluster in sources)
    uses = (API_SERVER, Needs(KafkaBootstrap), Within("kafka-mirrors", served.API), *away)
    return (
        Workload("kafka-mirrors", "kafka", site.namespace, PODS, {served.API: (CONNECT,), SCRAPED: (METRICS,)}, uses),
    )


def watch(site: ClusterSite) -> Watch:
    """What is collected of it, and what is alarming there."""
    if not copied(site):
        return Watch()
    rule = Rule(
        "KafkaCopyStopped",
        failed(NAME),
        "5m",
        "critical",
        "Tasks that copy topics from another cluster have failed: readers here get nothing new",
        "`kubectl describe kafkamirrormaker2` says why. Nothing is lost while the topic keeps its records at its home; "
        "copying goes on where it was once the cause is gone.",
    )
    return Watch((Scrape("kafka-mirrors", site.namespace, PODS, "tcp-prometheus"),), (rule,))


def parity(site: ClusterSite) -> tuple[Parity, ...]:
    """One row for each topic that has copies."""
    return tuple(
        Parity(
            f"copy of {topic}",
            "",
            f"from {cluster}, in transactions",
            "not representable",
            "one machine has one Kafka",
        )
        for cluster, topics in copied(site).items()
        for topic in topics
    )
