"""Trino on Kubernetes, as plain pods of the official image: what is decided. the chart lays it out.

Sources: trino.io/docs/476 (Deploying Trino, Metrics with OpenMetrics, Graceful shutdown); the image's Dockerfile and
start (github.com/trinodb/trino, folder core/docker at 476: user 1000, /etc/trino, /data/trino).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.values import FromSecret
from rosace.contract.versions import versions
from rosace.contract.workload import SCRAPED, Needs, Own, Serves, Within, Workload
from rosace.engines.trino import nodes, settings, watching
from rosace.engines.trino.spec import TrinoSpec
from rosace.engines.trino.sql import CATALOG_OF_TOPICS
from rosace.engines.trino.values import KafkaClient, TrinoValues
from rosace.kit import trial
from rosace.kit.lake import catalog_properties
from rosace.kit.manifest import name_labels, pod_security, spread
from rosace.model.capabilities import (
    Capability,
    IcebergCatalog,
    KafkaBootstrap,
    PostgresDatabase,
    S3Endpoint,
    Secret,
    SqlEndpoint,
)
from rosace.model.quantity import Size

HTTP = Own("http")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

NAME = "trino"
USER = 1000
"""The user `trino` of the image."""

TRINO = PINNED.image("trino")
WORKER, COORDINATOR = Size.parse("8Gi"), Size.parse("4Gi")
SECRET = f"{NAME}-internal"
END = 900
"""Seconds that a worker gets to finish the tasks it has."""


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "query"
    shape = TrinoValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (SqlEndpoint(site.address(NAME, settings.HTTP, "http"), site.platform),)

    def values(self, site: ClusterSite) -> TrinoValues:
        spec = site.words(TrinoSpec)
        zones = site.cluster.zones
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels(NAME),
            "name": NAME,
            "image": site.image(TRINO),
            "port": settings.HTTP,
            "securityContext": pod_security(USER),
            "node": nodes.node(site.platform),
            "log": settings.LEVELS,
            "access": nodes.ACCESS,
            "environment": _environment(site),
            "catalogs": _catalogs(site),
            "topics": {name: settings.table(name, site.checked.topics[name]) for name in _topics(site)},
            "kafka": _kafka(site),
            "resourceGroups": nodes.resource_groups(site.checked.platform.projects, spec.concurrency),
            "coordinator": {
                "config": _escaped(_coordinator(site)),
                "jvm": nodes.jvm(nodes.heap_of(spec.coordinator.memory or COORDINATOR)),
                "resources": resources(spec.coordinator, "1", COORDINATOR),
            },
            "workers": {
                "config": _escaped(_worker(site)),
                "jvm": nodes.jvm(nodes.heap_of(spec.resources.memory or WORKER)),
                "resources": resources(spec.resources, "2", WORKER),
                "autoscale": {"min": spec.autoscale.min, "max": spec.autoscale.max, "cpu": 70},
                "endSeconds": END,
                "topologySpreadConstraints": spread(_pods("worker"), zones),
            },
            "test": trial.trial(NAME, site.image(TRINO), USER, trial.JVM),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        stores = tuple(Needs(one) for one in (S3Endpoint, PostgresDatabase) if site.has(one) and _lake(site))
        uses = (*stores, *((Needs(KafkaBootstrap),) if _topics(site) else ()))
        nodes_of = (Within("trino-coordinator", HTTP), Within("trino-worker", HTTP))
        served: Serves = {HTTP: (settings.HTTP,), SCRAPED: (settings.HTTP,)}
        return (
            Workload(
                "trino-coordinator",
                "trino",
                site.namespace,
                _pods("coordinator"),
                {SqlEndpoint: (settings.HTTP,), **served},
                (*uses, *nodes_of),
            ),
            Workload("trino-worker", "trino", site.namespace, _pods("worker"), served, (*uses, *nodes_of)),
            trial.peer(NAME, site.namespace, (Within("trino-coordinator", SqlEndpoint),)),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (TRINO,)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Those of the stores and of the Kafka user are asked for by the rooms that own them."""
        return (SecretNeed(SECRET, site.namespace, ("shared-secret",), "by which Trino's nodes trust each other"),)

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(site)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        return {
            "coordinator/config.properties": _coordinator(site),
            "worker/config.properties": _worker(site),
            "node.properties": nodes.node(site.platform),
            **{f"catalog/{name}.properties": told for name, told in _catalogs(site).items()},
        }

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        spec = site.words(TrinoSpec)
        workers = f"{spec.autoscale.min} to {spec.autoscale.max} workers and a coordinator"
        heap = f"{nodes.heap_of(spec.resources.memory or WORKER).mib} MiB each"
        return (
            Parity("version", TRINO.tag, TRINO.tag, "same"),
            Parity("nodes", "1 that does both", workers, "mapped", "a coordinator that computes plans slowly"),
            Parity("heap", f"{spec.memory.mib} MiB", heap, "mapped", "three quarters of a worker's memory"),
            Parity("memory of a query on a node", "half of the heap", "half of the heap", "same"),
            Parity(
                "isolation of queries",
                "one after the other asks",
                "a resource group for each project",
                "mapped",
                "shares follow the projects' quotas",
            ),
            Parity(
                "topics as tables",
                "all",
                ", ".join(_topics(site)) or "none",
                "mapped",
                "on clusters its Kafka user may read those that queries name, and no others",
            ),
            Parity("people", "no password, loopback only", "no password, inside the cluster only", "mapped", _PEOPLE),
            Parity("catalogs", "dynamic", "static", "mapped", "here it saves the first query's wait"),
        )


_PEOPLE = (
    "network policies say who reaches it; Trino takes passwords over HTTPS only, which needs a certificate of your own"
)


def _pods(part: str) -> dict[str, str]:
    return name_labels(NAME, **{"app.kubernetes.io/component": part})


def _address(site: ClusterSite) -> str:
    return f"http://{site.service(NAME)}:{settings.HTTP}"


def _coordinator(site: ClusterSite) -> dict[str, str]:
    spec = site.words(TrinoSpec)
    heap = nodes.heap_of(spec.coordinator.memory or COORDINATOR)
    return nodes.coordinator(spec, platform=site.platform, port=settings.HTTP, address=_address(site), heap=heap)


def _worker(site: ClusterSite) -> dict[str, str]:
    spec = site.words(TrinoSpec)
    return nodes.worker(
        spec, port=settings.HTTP, address=_address(site), heap=nodes.heap_of(spec.resources.memory or WORKER)
    )


def _escaped(values: Mapping[str, str]) -> dict[str, str]:
    return {key: settings.escaped(value) for key, value in values.items()}


def _lake(site: OfferedSite) -> bool:
    return site.has(IcebergCatalog) and site.has(S3Endpoint)


def _topics(site: OfferedSite) -> list[str]:
    """The topics that queries name: those that its Kafka user may read."""
    if not site.has(KafkaBootstrap):
        return []
    return sorted({ref.name for query in site.checked.queries.values() for ref in query.reads if ref.kind == "topic"})


def _catalogs(site: ClusterSite) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if _lake(site):
        catalog = site.need(IcebergCatalog)
        told = catalog_properties(catalog, site.need(S3Endpoint))
        found[catalog.name] = settings.lake(catalog.name, told, lambda secret: f"${{ENV:{_variable(secret)}}}")
    if names := _topics(site):
        folder = f"{nodes.FOLDER}/kafka"
        client = f"{nodes.FOLDER}/kafka-client.properties"
        found[CATALOG_OF_TOPICS] = settings.topics(site.need(KafkaBootstrap), names, folder, client)
    return {name: _escaped(told) for name, told in found.items()}


def _variable(secret: Secret) -> str:
    return secret.name.upper().replace(".", "_").replace("-", "_")


def _environment(site: ClusterSite) -> dict[str, FromSecret]:
    """Variables of the servers and the keys of secrets they come from."""
    found: dict[str, FromSecret] = {nodes.SHARED_SECRET: {"secret": SECRET, "key": "shared-secret"}}
    if _lake(site):
        store, database = site.need(S3Endpoint), site.need(IcebergCatalog).database
        found[_variable(database.password)] = {"secret": database.secret, "key": "password"}
        found[_variable(store.access_key)] = {"secret": store.secret, "key": "access-key"}
        found[_variable(store.secret_key)] = {"secret": store.secret, "key": "secret-key"}
    return found


def _kafka(site: ClusterSite) -> KafkaClient:
    """The client's settings, and the secrets that its files come from; empty where no topic is read."""
    if not _topics(site):
        return {"config": {}, "secrets": {}}
    secured = site.need(KafkaBootstrap).secured
    secrets = {"user": secured.secret(NAME), "ca": secured.ca} if secured else {}
    return {"config": _escaped(nodes.kafka_client(secured, NAME)), "secrets": secrets}


KUBERNETES = Kubernetes()
