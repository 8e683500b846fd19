"""Topics kept in step in other stores by Kafka Connect: what is decided.

Connect delivers at least once; every record is written under its key, or under its topic, partition and offset, so
that it is there exactly once (see `rosace.kit.exported`). Only committed records are read.

What a store wants of its connector its own folder says (`rosace.contract.exports`). Sources: strimzi.io/docs/operators/
1.0.1, "Deploying Kafka Connect" and "Loading configuration values from external sources".

Connectors are in an image of the platform's own. `spec.build` would make it in the cluster, in a pod that runs as root,
which Pod Security refuses; `spec.plugins` mounts images, which clusters do by default from Kubernetes 1.35 on only.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rosace.contract.cluster import ClusterSite, OfferedSite, resources
from rosace.contract.engine import Engine
from rosace.contract.exports import Exported, ExportStore
from rosace.contract.monitoring import Rule, Scrape, Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.registry import engines
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, SCRAPED, Needs, Serves, Within, Workload
from rosace.engines.kafka import served
from rosace.engines.kafka.settings import CONNECT, METRICS
from rosace.engines.kafka.values import Connector, Exports
from rosace.kit.exported import exported
from rosace.kit.manifest import pod_security, spread
from rosace.model.capabilities import KafkaBootstrap
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

NAME = "exports"
"""The name of the KafkaConnect resource, and of its Kafka user."""

USER = 1001
"""The user of Strimzi's images (docker-images/artifacts, `USER 1001`)."""

MOUNTS = "/mnt"
"""Where Strimzi lets volumes be mounted."""

IMAGE = PINNED.image("kafka-connect")
PODS = {"strimzi.io/cluster": NAME, "strimzi.io/kind": "KafkaConnect"}
HEAP = Size.mebibytes(1024)


def values(site: OfferedSite) -> Exports:
    """The part of the chart's section about Connect; empty where nothing is exported."""
    wanted = connectors(site)
    if not wanted:
        return {}
    return {
        "connect": {
            "name": NAME,
            "replicas": 2,
            "image": site.image(IMAGE),
            "bootstrapServers": site.need(KafkaBootstrap).servers,
            "user": NAME,
            "config": {
                "config.storage.replication.factor": "-1",
                "offset.storage.replication.factor": "-1",
                "status.storage.replication.factor": "-1",
                "consumer.isolation.level": "read_committed",
                "config.providers": "dir",
                "config.providers.dir.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
                "config.providers.dir.param.allowed.paths": MOUNTS,
            },
            "secrets": _mounted(site),
            "resources": resources(Resources(), "500m", Size.parse("2Gi")),
            "jvm": {"-Xms": f"{HEAP.mib}m", "-Xmx": f"{HEAP.mib}m"},
            "pod": {
                "securityContext": pod_security(USER),
                "topologySpreadConstraints": spread(PODS, site.cluster.zones),
            },
        },
        "connectors": wanted,
    }


def connectors(site: OfferedSite) -> dict[str, Connector]:
    """A connector for each export, by the export's name."""
    found: dict[str, Connector] = {}
    for store, exports in _stores(site):
        for export in exports:
            config = store.config(site, export, partial(_secret, store.place))
            told = {"topics": export.topic, **config}
            found[export.name] = {"class": store.connector, "tasks": min(export.partitions, 4), "config": told}
    return found


def here(site: OfferedSite) -> list[Exported]:
    """The exports, into whatever store, of topics that live on this cluster."""
    return [one for engine in engines().values() if engine.exports for one in _into(site, engine)]


def _into(site: OfferedSite, engine: Engine) -> list[Exported]:
    homes = site.checked.placement.topics
    return [one for one in exported(site.checked, engine.exports) if homes[one.topic] == site.cluster_name]


def _stores(site: OfferedSite) -> list[tuple[ExportStore, list[Exported]]]:
    """The stores that something is exported to from here, with what goes into each."""
    found: list[tuple[ExportStore, list[Exported]]] = []
    for engine in engines().values():
        if engine.exports and (exports := _into(site, engine)):
            store = engine.exporting.STORE
            if site.has(store.endpoint):
                found.append((store, exports))
    return found


def _secret(folder: str, key: str) -> str:
    return f"${{dir:{MOUNTS}/{folder}:{key}}}"


def _mounted(site: OfferedSite) -> dict[str, str]:
    """Folder to secret; they are brought by the rooms whose stores they open."""
    return {store.place: store.secret(site) for store, _ in _stores(site)}


def workloads(site: OfferedSite) -> tuple[Workload, ...]:
    """Kafka Connect's pods, where there are exports."""
    stores = [Needs(store.endpoint) for store, _ in _stores(site)]
    if not stores:
        return ()
    uses = (API_SERVER, Needs(KafkaBootstrap), Within("kafka-connect", served.API), *stores)
    offered: Serves = {served.API: (CONNECT,), SCRAPED: (METRICS,)}
    return (Workload("kafka-connect", "kafka", site.namespace, PODS, offered, uses),)


def images(site: ClusterSite) -> tuple[Image, ...]:
    """Kafka Connect's image, where there are exports."""
    return (IMAGE,) if _mounted(site) else ()


def secrets(site: ClusterSite) -> tuple[SecretNeed, ...]:
    """None of its own: its Kafka user's is among the users', those of the stores are their rooms'."""
    return ()


def failed(workers: str) -> str:
    """PromQL: connectors with tasks that have failed, on the workers of a resource of that name."""
    pods = f'{{pod=~"{workers}-.*"}}'
    return f"sum by (connector) (kafka_connect_connect_worker_metrics_connector_failed_task_count{pods}) > 0"


def watch(site: ClusterSite) -> Watch:
    """What Connect shows, and what is alarming there."""
    if not _mounted(site):
        return Watch()
    rule = Rule(
        "KafkaExportStopped",
        failed(NAME),
        "5m",
        "critical",
        "Tasks of an export have failed: its store gets nothing new",
        "`kubectl describe kafkaconnector` says why. Nothing is lost while the topic keeps its records; it goes on "
        "where it was once the cause is gone.",
    )
    return Watch((Scrape("kafka-connect", site.namespace, PODS, "tcp-prometheus"),), (rule,))


def parity(site: ClusterSite) -> tuple[Parity, ...]:
    """A line for each export, of which this machine has none."""
    return tuple(
        Parity(
            f"export {name}",
            "",
            f"{export.from_} to {export.to}, at least once, written so that it is there once",
            "not representable",
            "Kafka Connect runs on clusters only",
        )
        for name, export in site.checked.platform.exports.items()
        if site.checked.placement.topics[export.from_] == site.cluster_name
    )
