"""Topics kept in step in other stores by Kafka Connect: what is decided.

Connect delivers at least once; every record is written under its key, or under its topic, partition and offset, so
that it is there exactly once (see `rosace.kit.exported`). Only committed records are read.

Sources: strimzi.io/docs/operators/1.0.1, "Deploying Kafka Connect" and "Loading configuration values from external
sources"; github.com/Aiven-Open/opensearch-connector-for-apache-kafka, docs at v3.1.1; github.com/Aiven-Open/
jdbc-connector-for-apache-kafka, docs at v6.10.0; kafka.apache.org/41 (HoistField, StringConverter).

Connectors are in an image of the platform's own. `spec.build` would make it in the cluster, in a pod that runs as root,
which Pod Security refuses; `spec.plugins` mounts images, which clusters do by default from Kubernetes 1.35 on only.
"""

from __future__ import annotations

from rosace.contract.cluster import ClusterSite, resources
from rosace.contract.monitoring import Rule, Scrape, Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.registry import offering
from rosace.contract.workload import Workload
from rosace.engines.kafka.values import Connector, Exports
from rosace.kit.exported import COORDINATES, KEY, RECORD, SCHEMA, Exported, exported
from rosace.kit.manifest import pod_security, spread
from rosace.model.capabilities import Capability, KafkaBootstrap, PostgresDatabase, SearchEndpoint
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

NAME = "exports"
"""The name of the KafkaConnect resource, and of its Kafka user."""

API, METRICS = 8083, 9404
USER = 1001
"""The user of Strimzi's images (docker-images/artifacts, `USER 1001`)."""

STORES = (SearchEndpoint, PostgresDatabase)
"""What can be exported to."""

MOUNTS = "/mnt"
"""Where Strimzi lets volumes be mounted."""

IMAGE = Image(
    "kafka-connect",
    "localhost",
    "rosace/kafka-connect",
    "1.0.1-kafka-4.1.2-opensearch-3.1.1-jdbc-6.10.0",
    "charts/streaming/connect/Containerfile",
    licence="Apache-2.0",
)
PODS = {"strimzi.io/cluster": NAME, "strimzi.io/kind": "KafkaConnect"}
HEAP = Size.mebibytes(1024)


def values(site: ClusterSite) -> Exports:
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


def connectors(site: ClusterSite) -> dict[str, Connector]:
    """A connector for each export, by the export's name."""
    found: dict[str, Connector] = {}
    if site.has(SearchEndpoint):
        address = site.need(SearchEndpoint).url
        for export in here(site, SearchEndpoint):
            found[export.name] = _connector(
                "io.aiven.kafka.connect.opensearch.OpensearchSinkConnector", export, _search(export, address)
            )
    if site.has(PostgresDatabase):
        for export in here(site, PostgresDatabase):
            found[export.name] = _connector(
                "io.aiven.connect.jdbc.JdbcSinkConnector", export, _serving(export, site.need(PostgresDatabase))
            )
    return found


def here(site: ClusterSite, *stores: type[Capability]) -> list[Exported]:
    """The exports into these stores, into all where none is said, of topics that live on this cluster."""
    words = [word for store in stores or STORES for room in offering(store) for word in room.exports]
    homes = site.checked.placement.topics
    return [one for one in exported(site.checked, tuple(words)) if homes[one.topic] == site.cluster_name]


def _connector(kind: str, export: Exported, config: dict[str, str]) -> Connector:
    told = {"topics": export.topic, **config}
    return {"class": kind, "tasks": min(export.partitions, 4), "config": told}


def _secret(folder: str, key: str) -> str:
    return f"${{dir:{MOUNTS}/{folder}:{key}}}"


def _search(export: Exported, address: str) -> dict[str, str]:
    """A document for each key (the offset is its version: an older record never overwrites a newer), or each record."""
    ids = (
        {
            "key.ignore": "false",
            "behavior.on.null.values": "delete",
            "behavior.on.version.conflict": "ignore",
        }
        if export.by_key
        else {"key.ignore": "true", "key.ignore.id.strategy": "topic.partition.offset"}
    )
    renamed = (
        {
            "transforms": "rename",
            "transforms.rename.type": "org.apache.kafka.connect.transforms.RegexRouter",
            "transforms.rename.regex": ".*",
            "transforms.rename.replacement": export.target,
        }
        if export.target != export.topic
        else {}
    )
    return {
        "connection.url": address,
        "connection.username": _secret("search", "username"),
        "connection.password": _secret("search", "password"),
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter.schemas.enable": "false",
        "schema.ignore": "true",
        "max.retries": "10",
        "read.timeout.ms": "30000",
        **ids,
        **renamed,
    }


def _serving(export: Exported, database: PostgresDatabase) -> dict[str, str]:
    """The record as it is into a column; the database's views read it. A deleted key's record becomes NULL."""
    keys = (
        {"pk.mode": "record_key", "pk.fields": KEY}
        if export.by_key
        else {"pk.mode": "kafka", "pk.fields": ",".join(COORDINATES)}
    )
    return {
        "connection.url": f"{database.jdbc}?sslmode=require",
        "connection.user": _secret("database", "username"),
        "connection.password": _secret("database", "password"),
        "table.name.format": f"{SCHEMA}.{export.records}",
        "insert.mode": "upsert",
        **keys,
        "auto.create": "false",
        "auto.evolve": "false",
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
        "transforms": "record",
        "transforms.record.type": "org.apache.kafka.connect.transforms.HoistField$Value",
        "transforms.record.field": RECORD,
    }


def _mounted(site: ClusterSite) -> dict[str, str]:
    """Folder to secret; they are brought by the rooms whose stores they open."""
    found: dict[str, str] = {}
    if site.has(SearchEndpoint) and here(site, SearchEndpoint):
        found["search"] = site.need(SearchEndpoint).secret
    if site.has(PostgresDatabase) and here(site, PostgresDatabase):
        found["database"] = site.need(PostgresDatabase).secret
    return found


def workloads(site: ClusterSite) -> tuple[Workload, ...]:
    mounted = _mounted(site)
    if not mounted:
        return ()
    stores = {"search": SearchEndpoint.__name__, "database": PostgresDatabase.__name__}
    uses = (KafkaBootstrap.__name__, "kafka-connect/api", *(stores[name] for name in mounted))
    served = {"api": (API,), "metrics": (METRICS,)}
    return (Workload("kafka-connect", "kafka", site.namespace, PODS, served, uses),)


def images(site: ClusterSite) -> tuple[Image, ...]:
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
