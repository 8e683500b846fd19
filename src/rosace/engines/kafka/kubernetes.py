"""Kafka on Kubernetes, by the Strimzi operator: what is decided. the chart lays it out.

Sources: strimzi.io/docs/operators/1.0.1 (API `kafka.strimzi.io/v1`); release notes of Strimzi 1.0.0 and 1.0.1, which
support Kafka 4.1.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.feed import Feed
from rosace.contract.monitoring import Watch, joined
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image, Operator
from rosace.contract.values import Passed
from rosace.contract.versions import versions
from rosace.contract.workload import Workload
from rosace.engines.kafka import doors, exports, feeds, mirrors, operator, peers, producers, users, watching
from rosace.engines.kafka.exports import USER
from rosace.engines.kafka.peers import CLUSTER, pods
from rosace.engines.kafka.settings import (
    CLIENTS,
    METRICS,
    TRANSACTION_MAX_TIMEOUT_MS,
    Replication,
    broker_settings,
    topic_order,
)
from rosace.engines.kafka.spec import KafkaSpec
from rosace.engines.kafka.values import Disks, Helper, KafkaValues, Topic
from rosace.kit import feeding, trial
from rosace.kit.manifest import name_labels, pod_security, spread
from rosace.model import outages
from rosace.model.capabilities import Capability, KafkaBootstrap
from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Topic as TopicWords
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

KAFKA = PINNED.image("kafka")

BROKERS, CONTROLLERS = "[0-999]", "[1000-1099]"
"""Numbers of nodes, brokers from 0 on: each has a name outside by its number. Unsaid, Strimzi gives the next free one
to whichever pool asks (1.0.1, NodeIdAssignor), so that the first brokers that are added later have other numbers."""


class Kubernetes(KubernetesRoom):
    """Kafka's cluster side."""

    chart = "streaming"
    shape = KafkaValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        inside = site.address(f"{CLUSTER}-kafka-bootstrap", CLIENTS)
        first = doors.bootstrap(site) if site.outside else inside
        return (KafkaBootstrap((first,), _longest(site), users.SECURITY),)

    def values(self, site: ClusterSite) -> KafkaValues:
        spec = site.words(KafkaSpec)
        return {
            "enabled": True,
            "name": CLUSTER,
            "namespace": site.namespace,
            "version": PINNED.version,
            "image": site.image(KAFKA),
            "labels": name_labels("kafka"),
            "nodes": BROKERS,
            "replicas": spec.replicas,
            "config": dict(self.configuration(site)["server.properties"]),
            "listener": {"name": "clients", "port": CLIENTS},
            **doors.values(site),
            **producers.values(site, spec.replicas),
            "resources": resources(spec.resources, "1", _memory(spec)),
            "jvm": {"-Xms": _heap(spec), "-Xmx": _heap(spec)},
            "storage": _disks(site, spec.disk, Size.parse("20Gi")),
            "rack": "topology.kubernetes.io/zone" if site.cluster.zones > 1 else "",
            "pod": _store(site, "broker"),
            "controllers": {
                "nodes": CONTROLLERS,
                "replicas": spec.controllers,
                "resources": resources(Resources(), "250m", Size.parse("1Gi")),
                "jvm": {"-Xms": "512m", "-Xmx": "512m"},
                "storage": _disks(site, spec.disk.model_copy(update={"size": None, "volumes": 1}), Size.parse("5Gi")),
                "pod": _store(site, "controller"),
            },
            "entityOperator": _helper("100m", "512Mi"),
            "exporter": _helper("50m", "128Mi"),
            "cruiseControl": {"enabled": spec.replicas > 2, **_helper("250m", "1Gi")},
            "topics": self._topics(site),
            "users": {user.name: {"acls": user.acls} for user in users.users(site)},
            "test": trial.trial("kafka", site.image(KAFKA), USER, trial.JVM),
            **exports.values(site),
            **mirrors.values(site),
        }

    def _topics(self, site: ClusterSite) -> dict[str, Topic]:
        brokers = site.words(KafkaSpec).replicas
        orders = (topic_order(name, topic, brokers) for name, topic in _topics(site).items())
        return {
            order["name"]: {
                "partitions": order["partitions"],
                "replicas": order["replication"],
                "config": order["config"],
            }
            for order in orders
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        return peers.peers(site)

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        return (operator.strimzi(site),)

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (KAFKA, operator.IMAGE, *exports.images(site), *((feeding.IMAGE,) if feeds.sources(site) else ()))

    def feeds(self, site: ClusterSite) -> tuple[Feed, ...]:
        return feeds.feeds(site, f"{CLUSTER}-cluster-ca-cert", users.SECURITY)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Passwords and the authority are brought, not made by Strimzi: clients in other namespaces need them too."""
        return (
            *users.authority(site, CLUSTER),
            *users.secrets(site, CLUSTER),
            *exports.secrets(site),
            *feeding.secrets(site, feeds.sources(site)),
        )

    def manual(self, site: ClusterSite) -> tuple[str, ...]:
        return producers.manual(site, CLUSTER, users.SECURITY)

    def watch(self, site: ClusterSite) -> Watch:
        return joined(watching.watch(site, METRICS), exports.watch(site), mirrors.watch(site))

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """`server.properties` without what Strimzi writes itself (addresses, node numbers, folders)."""
        spec = site.words(KafkaSpec)
        told = broker_settings(spec, spec.replicas, _longest(site))
        partitions = max((topic.partitions for topic in _topics(site).values()), default=1)
        return {"server.properties": {"num.partitions": str(partitions), **told}}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        copies = Replication.over(site.words(KafkaSpec).replicas)
        return (
            Parity("brokers", "1", str(site.words(KafkaSpec).replicas), "mapped", "one machine has one broker"),
            Parity("copies of each record", "1", str(copies.factor), "mapped", f"{copies.min_in_sync} must be written"),
            Parity(
                "controllers",
                "in the broker",
                f"{site.words(KafkaSpec).controllers} of their own",
                "mapped",
                "they survive brokers",
            ),
            Parity("listener", "plain, loopback only", "SCRAM-SHA-512 over TLS", "mapped", "one machine trusts itself"),
            Parity("topics", "made by Rosace", "KafkaTopic resources", "same"),
            *feeds.parity(site),
            *producers.parity(site),
            *exports.parity(site),
            *mirrors.parity(site),
        )


def _longest(site: PlacedSite) -> int:
    """The longest transaction (ms): what jobs left open is there still when they are back."""
    return max(TRANSACTION_MAX_TIMEOUT_MS, outages.longest(site.checked.platform).ms)


def _topics(site: ClusterSite) -> dict[str, TopicWords]:
    """The topics that live here, and copies of those that live elsewhere."""
    mine = site.checked.placement.topics_on(site.cluster_name)
    return {name: topic for name, topic in site.checked.topics.items() if name in mine}


def _store(site: ClusterSite, role: str) -> Passed:
    """The pod of brokers or controllers: it keeps data, apart from the others of its kind."""
    return {
        "securityContext": pod_security(USER),
        "priorityClassName": site.priority("critical"),
        "topologySpreadConstraints": spread(pods(role), site.cluster.zones),
    }


def _disks(site: ClusterSite, disk: Disk, size: Size) -> Disks:
    return {"type": "jbod", **storage(disk, size, site.cluster), "volumes": disk.volumes}


def _helper(cpu: str, memory: str) -> Helper:
    return {
        "resources": resources(Resources(), cpu, Size.parse(memory)),
        "pod": {"securityContext": pod_security(USER)},
    }


def _memory(spec: KafkaSpec) -> Size:
    """A broker lives from the page cache: four times its heap in all."""
    return Size(4 * spec.cluster_heap)


def _heap(spec: KafkaSpec) -> str:
    """A quarter of what the pod gets, the rest is page cache."""
    whole = spec.resources.memory or _memory(spec)
    return f"{min(whole // 4, 6 << 30) >> 20}m"


KUBERNETES = Kubernetes()
