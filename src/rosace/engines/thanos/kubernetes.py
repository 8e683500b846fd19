"""Thanos on Kubernetes: what is decided. the chart lays it out.

Source: thanos.io/v0.39/components, thanos.io/v0.39/operating/compactor-backlog.md (one compactor a bucket).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.versions import versions
from rosace.contract.workload import SCRAPED, Needs, NeedsOfAll, Own, Serves, Use, Within, Workload
from rosace.engines.thanos import settings, watching
from rosace.engines.thanos.settings import GRPC, HTTP
from rosace.engines.thanos.spec import ThanosSpec
from rosace.engines.thanos.values import Part, Pods, Server, Store, ThanosValues
from rosace.kit import objstore, storetls, trial
from rosace.kit.manifest import name_labels, pod_security, spread
from rosace.model.capabilities import Capability, LongTermMetrics, MetricStores, S3Endpoint
from rosace.model.cluster_words import LongTerm, Resources
from rosace.model.quantity import Size

QUERIES, SERIES = Own("api"), Own("grpc")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

USER = 1001
"""The user of the image (thanos-io/thanos, Dockerfile.multi-arch, `USER 1001`)."""

THANOS = PINNED.image("thanos")

MEMORY, SMALL = Size.parse("1Gi"), Size.parse("512Mi")


class Kubernetes(KubernetesRoom):
    """Thanos' cluster side."""

    chart = "observability"
    shape = ThanosValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        """Where metrics of all clusters are asked."""
        return (LongTermMetrics(site.address("thanos-frontend", HTTP, "http")),)

    def values(self, site: ClusterSite) -> ThanosValues:
        """Section `thanos`: two parts that answer, two that work on the bucket."""
        s3 = site.need(S3Endpoint)
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels("thanos"),
            "image": site.image(THANOS),
            "http": HTTP,
            "grpc": GRPC,
            "objstore": objstore.objstore(s3, _long_term(site).bucket),
            "credentials": objstore.user(s3),
            **storetls.values(site),
            "servers": {"query": self._query(site), "frontend": self._frontend(site)},
            "stores": {"store": self._store(site), "compactor": self._compactor(site)},
            "test": trial.trial("thanos", site.image(THANOS), USER),
        }

    def _query(self, site: ClusterSite) -> Server:
        spec = site.words(ThanosSpec)
        own = f"{site.service('thanos-store')}:{GRPC}"
        endpoints = [f"dns+{one}" for one in (*site.need(MetricStores).stores, own)]
        return {
            "command": "query",
            "certificate": storetls.wanted(site),
            "replicas": spec.replicas,
            "flags": {**settings.query(), **storetls.client(site)},
            "endpoints": endpoints,
            "resources": resources(spec.resources, "250m", MEMORY),
            **_around(site, "query"),
        }

    def _frontend(self, site: ClusterSite) -> Server:
        return {
            "command": "query-frontend",
            "certificate": False,
            "replicas": site.words(ThanosSpec).replicas,
            "flags": settings.frontend(f"http://{site.service('thanos-query')}:{HTTP}", SMALL),
            "endpoints": [],
            "resources": resources(Resources(), "100m", SMALL),
            **_around(site, "frontend"),
        }

    def _store(self, site: ClusterSite) -> Store:
        spec = site.words(ThanosSpec)
        index = spec.disk.model_copy(update={"size": None})
        return {
            "command": "store",
            "certificate": storetls.wanted(site),
            "replicas": spec.replicas,
            "flags": {**settings.store(spec.resources.memory or MEMORY), **storetls.server(site)},
            "resources": resources(spec.resources, "250m", MEMORY),
            "storage": storage(index, Size.parse("10Gi"), site.cluster),
            **_around(site, "store"),
        }

    def _compactor(self, site: ClusterSite) -> Store:
        """Exactly one: two at one bucket would undo each other's work."""
        spec = site.words(ThanosSpec)
        return {
            "command": "compact",
            "certificate": False,
            "replicas": 1,
            "flags": settings.compactor(_long_term(site)),
            "resources": resources(spec.resources, "250m", MEMORY),
            "storage": storage(spec.disk, Size.parse("50Gi"), site.cluster),
            **_around(site, "compactor"),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        """Query reaches the stores of all clusters; only store and compactor reach the bucket."""
        metrics: Serves = {SCRAPED: (HTTP,)}
        query: Serves = {QUERIES: (HTTP,), SERIES: (GRPC,), **metrics}
        stores = (NeedsOfAll(MetricStores), Within("thanos-store", SERIES))
        return (
            _workload(site, "query", query, stores),
            _workload(site, "frontend", {LongTermMetrics: (HTTP,), **metrics}, (Within("thanos-query", QUERIES),)),
            _workload(site, "store", {SERIES: (GRPC,), **metrics}, (Needs(S3Endpoint),)),
            _workload(site, "compactor", metrics, (Needs(S3Endpoint),)),
            trial.peer("thanos", site.namespace, (Within("thanos-frontend", LongTermMetrics),)),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (THANOS,)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """The bucket's credentials, and between clusters the certificate of the stores."""
        return (*objstore.credentials(site), *storetls.secrets(site))

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(site)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """The flags of each program, and where its bucket is."""
        section = self.values(site)
        parts: dict[str, Part] = {**section["servers"], **section["stores"]}
        bucket = {key: str(value).lower() for key, value in section["objstore"]["config"].items()}
        return {"objstore.yml": bucket, **{f"{name}.flags": one["flags"] for name, one in parts.items()}}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        """One machine keeps no metrics."""
        keep = str(_long_term(site).keep)
        return (Parity("metrics kept", "none", keep, "not representable", "one machine keeps no history of metrics"),)


def _long_term(site: ClusterSite) -> LongTerm:
    monitoring = site.checked.platform.monitoring
    return (monitoring and monitoring.long_term) or LongTerm()


def _labels(part: str) -> dict[str, str]:
    return name_labels("thanos", **{"app.kubernetes.io/component": part})


def _around(site: ClusterSite, part: str) -> Pods:
    """What the pods of a part are known by, and who they run as."""
    labels = _labels(part)
    spread_over = spread(labels, site.cluster.zones)
    return {
        "name": f"thanos-{part}",
        "labels": labels,
        "pod": {"securityContext": pod_security(USER), "topologySpreadConstraints": spread_over},
    }


def _workload(site: OfferedSite, part: str, serves: Serves, uses: tuple[Use, ...]) -> Workload:
    return Workload(f"thanos-{part}", "thanos", site.namespace, _labels(part), serves, uses)


KUBERNETES = Kubernetes()
