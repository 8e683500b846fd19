"""Kafka on Kubernetes, by the Strimzi operator: what is decided. `layout.py` lays it out.

Sources: strimzi.io/docs/operators/1.0.1 (API `kafka.strimzi.io/v1`); release notes of Strimzi 1.0.0 and 1.0.1, which
support Kafka 4.1.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rosace.engines import trial
from rosace.engines.cluster import (
    API_SERVER,
    ClusterSite,
    Image,
    KubernetesRoom,
    Operator,
    Parity,
    SecretNeed,
    Watch,
    Workload,
    resources,
    storage,
)
from rosace.engines.kafka import exports, operator, users, watching
from rosace.engines.kafka.exports import USER
from rosace.engines.kafka.layout import layout
from rosace.engines.kafka.settings import TRANSACTION_MAX_TIMEOUT_MS, Replication, broker_settings, topic_order
from rosace.engines.kafka.spec import KafkaSpec
from rosace.engines.kafka.values import Disks, Helper, KafkaValues, Topic
from rosace.engines.manifest import Obj, name_labels, pod_security, spread
from rosace.engines.values import Passed
from rosace.model.capabilities import Capability, KafkaBootstrap
from rosace.model.cluster_words import Disk, Resources
from rosace.model.quantity import Size

CLIENTS, REPLICATION, CONTROL, METRICS = 9093, 9091, 9090, 9404
"""Ports: our listener with passwords over TLS; Strimzi's own for brokers, for controllers, for metrics."""

CLUSTER = "kafka"
"""The name of the Kafka resource: services and secrets begin with it."""

KAFKA = Image(
    "kafka",
    "quay.io",
    "strimzi/kafka",
    "1.0.1-kafka-4.1.2",
    "https://github.com/strimzi/strimzi-kafka-operator/releases/tag/1.0.1",
    licence="Apache-2.0",
)


class Kubernetes(KubernetesRoom):
    """Kafka's cluster side."""

    chart = "streaming"
    shape = KafkaValues

    def offers(self, site: ClusterSite) -> tuple[Capability, ...]:
        servers = f"{site.service(f'{CLUSTER}-kafka-bootstrap')}:{CLIENTS}"
        return (KafkaBootstrap(servers, TRANSACTION_MAX_TIMEOUT_MS, users.SECURITY),)

    def values(self, site: ClusterSite) -> KafkaValues:
        spec = site.words(KafkaSpec)
        return {
            "enabled": True,
            "name": CLUSTER,
            "namespace": site.namespace,
            "version": "4.1.2",
            "image": site.image(KAFKA),
            "labels": name_labels("kafka"),
            "replicas": spec.replicas,
            "config": dict(self.configuration(site)["server.properties"]),
            "listener": {"name": "clients", "port": CLIENTS},
            "resources": resources(spec.resources, "1", _memory(spec)),
            "jvm": {"-Xms": _heap(spec), "-Xmx": _heap(spec)},
            "storage": _disks(site, spec.disk, Size.parse("20Gi")),
            "rack": "topology.kubernetes.io/zone" if site.cluster.zones > 1 else "",
            "pod": _store(site, "broker"),
            "controllers": {
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
        }

    def _topics(self, site: ClusterSite) -> dict[str, Topic]:
        brokers = site.words(KafkaSpec).replicas
        orders = (topic_order(name, topic, brokers) for name, topic in site.checked.topics.items())
        return {
            order["name"]: {
                "partitions": order["partitions"],
                "replicas": order["replication"],
                "config": order["config"],
            }
            for order in orders
        }

    def objects(self, frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
        return layout(frame, section)

    def workloads(self, site: ClusterSite) -> tuple[Workload, ...]:
        broker = Workload(
            "kafka-broker",
            "kafka",
            site.namespace,
            _pods("broker"),
            {"KafkaBootstrap": (CLIENTS,), "replication": (REPLICATION,), "metrics": (METRICS,), "agent": (8443,)},
            ("kafka-broker/replication", "kafka-controller/control"),
        )
        controller = Workload(
            "kafka-controller",
            "kafka",
            site.namespace,
            _pods("controller"),
            {"control": (CONTROL,), "metrics": (METRICS,), "agent": (8443,)},
            ("kafka-controller/control", "kafka-broker/replication"),
        )
        entity = Workload(
            "kafka-entity-operator",
            "kafka",
            site.namespace,
            {"strimzi.io/cluster": CLUSTER, "strimzi.io/name": f"{CLUSTER}-entity-operator"},
            {"healthcheck": (8080, 8081)},
            (
                "kafka-broker/replication",
                API_SERVER,
                *(("kafka-cruise-control/api",) if site.words(KafkaSpec).replicas > 2 else ()),
            ),
        )
        exporter = Workload(
            "kafka-exporter",
            "kafka",
            site.namespace,
            {"strimzi.io/cluster": CLUSTER, "strimzi.io/name": f"{CLUSTER}-kafka-exporter"},
            {"metrics": (METRICS,)},
            ("kafka-broker/replication",),
        )
        cruise = Workload(
            "kafka-cruise-control",
            "kafka",
            site.namespace,
            {"strimzi.io/cluster": CLUSTER, "strimzi.io/name": f"{CLUSTER}-cruise-control"},
            {"api": (9090,)},
            ("kafka-broker/replication", "kafka-controller/control"),
        )
        more = (cruise,) if site.words(KafkaSpec).replicas > 2 else ()
        test = trial.peer("kafka", site.namespace, ("kafka-broker/KafkaBootstrap",))
        return (broker, controller, entity, exporter, *more, test, *exports.workloads(site))

    def operators(self, site: ClusterSite) -> tuple[Operator, ...]:
        return (operator.strimzi(site),)

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (KAFKA, operator.IMAGE, *exports.images(site))

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Passwords and the authority are brought, not made by Strimzi: clients in other namespaces need them too."""
        return (*users.authority(site, CLUSTER), *users.secrets(site, CLUSTER), *exports.secrets(site))

    def watch(self, site: ClusterSite) -> Watch:
        own, more = watching.watch(site, METRICS), exports.watch(site)
        return Watch((*own.scrapes, *more.scrapes), (*own.rules, *more.rules), (*own.panels, *more.panels))

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """`server.properties` without what Strimzi writes itself (addresses, node numbers, folders)."""
        spec = site.words(KafkaSpec)
        told = broker_settings(spec, spec.replicas)
        partitions = max((topic.partitions for topic in site.checked.topics.values()), default=1)
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
            *(
                Parity(f"source {name}", "file replayed", "", "not representable", "the file is on this machine")
                for name in site.checked.sources
            ),
            *exports.parity(site),
        )


def _store(site: ClusterSite, role: str) -> Passed:
    """The pod of brokers or controllers: it keeps data, apart from the others of its kind."""
    return {
        "securityContext": pod_security(USER),
        "priorityClassName": site.priority("critical"),
        "topologySpreadConstraints": spread(_pods(role), site.cluster.zones),
    }


def _disks(site: ClusterSite, disk: Disk, size: Size) -> Disks:
    return {"type": "jbod", **storage(disk, size, site.cluster), "volumes": disk.volumes}


def _helper(cpu: str, memory: str) -> Helper:
    return {
        "resources": resources(Resources(), cpu, Size.parse(memory)),
        "pod": {"securityContext": pod_security(USER)},
    }


def _pods(role: str) -> dict[str, str]:
    """Strimzi's labels of the pods of a node pool (its docs, "Labels on Strimzi resources")."""
    return {"strimzi.io/cluster": CLUSTER, "strimzi.io/pool-name": role}


def _memory(spec: KafkaSpec) -> Size:
    """A broker lives from the page cache: four times its heap in all."""
    return Size(4 * spec.cluster_heap)


def _heap(spec: KafkaSpec) -> str:
    """A quarter of what the pod gets, the rest is page cache."""
    whole = spec.resources.memory or _memory(spec)
    return f"{min(whole // 4, 6 << 30) >> 20}m"


KUBERNETES = Kubernetes()
