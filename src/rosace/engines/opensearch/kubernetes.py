"""OpenSearch on Kubernetes, as a plain StatefulSet of the project's image: what is decided. the chart lays it out.

Sources: docs.opensearch.org/latest; the image's entry point and Dockerfile (github.com/opensearch-project/opensearch-
build, docker/release: user 1000, /usr/share/opensearch); github.com/prometheus-community/elasticsearch_exporter.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.registry import engines
from rosace.contract.versions import versions
from rosace.contract.workload import SCRAPED, Needs, Own, Serves, Within, Workload
from rosace.engines.opensearch import settings, watching
from rosace.engines.opensearch.spec import NAMES, OpensearchSpec
from rosace.engines.opensearch.values import OpensearchValues
from rosace.kit import trial
from rosace.kit.manifest import name_labels, pod_security, spread
from rosace.model.capabilities import Capability, KafkaBootstrap, SearchEndpoint
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

TRANSPORT = Own("transport")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

NAME = "opensearch"
USER = 1000
"""The user `opensearch` of the image."""

SERVER = PINNED.image("opensearch")
EXPORTER = PINNED.image("elasticsearch-exporter")
MEMORY = Size.parse("4Gi")


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "serving"
    shape = OpensearchValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (SearchEndpoint(site.address(NAME, settings.HTTP, "https"), f"{NAME}-{settings.WRITER}"),)

    def values(self, site: ClusterSite) -> OpensearchValues:
        spec = site.words(OpensearchSpec)
        heap = (spec.resources.memory or MEMORY) // 2 >> 20
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels(NAME),
            "name": NAME,
            "image": site.image(SERVER),
            "replicas": spec.replicas,
            "ports": {"http": settings.HTTP, "transport": settings.TRANSPORT},
            "config": settings.server(NAME, spec.replicas),
            "security": settings.security(_indexes(site)),
            "heap": f"{heap}m",
            "resources": resources(spec.resources, "1", MEMORY),
            "storage": storage(spec.disk, Size.parse("50Gi"), site.cluster),
            "priority": site.priority("critical"),
            "securityContext": pod_security(USER),
            "topologySpreadConstraints": spread(_pods("server"), site.cluster.zones),
            "certificate": f"{NAME}-tls",
            "passwords": {
                variable: {"secret": f"{NAME}-{user}", "key": "password"}
                for user, variable in settings.PASSWORDS.items()
            },
            "exporter": {
                "image": site.image(EXPORTER),
                "port": settings.METRICS,
                "secret": f"{NAME}-{settings.EXPORTER}",
                "securityContext": pod_security(USER),
                "resources": resources(Resources(), "20m", Size.parse("64Mi")),
            },
            "test": trial.trial(NAME, site.image(SERVER), USER),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        ports: Serves = {SearchEndpoint: (settings.HTTP,), TRANSPORT: (settings.TRANSPORT,)}
        return (
            Workload("opensearch", NAME, site.namespace, _pods("server"), ports, (Within("opensearch", TRANSPORT),)),
            Workload(
                "opensearch-exporter",
                NAME,
                site.namespace,
                _pods("exporter"),
                {SCRAPED: (settings.METRICS,)},
                (Needs(SearchEndpoint),),
            ),
            trial.peer(NAME, site.namespace, (Within("opensearch", SearchEndpoint),)),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (SERVER, EXPORTER)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        certificate = f"OpenSearch's certificate (subject {settings.SUBJECT}, PKCS#8 key), and who signed it"
        own = [SecretNeed(f"{NAME}-tls", site.namespace, ("tls.crt", "tls.key", "ca.crt"), certificate)]
        own += [_user(user, site.namespace) for user in settings.PASSWORDS]
        return (*own, *(_user(settings.WRITER, namespace) for namespace in _clients(site)))

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(site)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        told = settings.server(NAME, site.words(OpensearchSpec).replicas)
        return {"opensearch.yml": {key: _plain(value) for key, value in told.items()}}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        why = "there is no package of it that runs as a process here"
        return (
            Parity("search", "", f"{site.words(OpensearchSpec).replicas} servers", "not representable", why),
            Parity(
                "Elasticsearch",
                "",
                "OpenSearch",
                "mapped",
                "the same REST API for what is exported, under Apache-2.0, with TLS and users in the free edition",
            ),
            Parity(
                "memory-mapped files",
                "",
                "off",
                "mapped",
                "they need vm.max_map_count on the nodes, which a restricted pod may not set",
            ),
        )


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _user(user: str, namespace: str) -> SecretNeed:
    return SecretNeed(f"{NAME}-{user}", namespace, ("username", "password"), f"OpenSearch's user {user}")


def _indexes(site: ClusterSite) -> list[str]:
    """What is exported to it."""
    exports = site.checked.platform.exports.values()
    return sorted({export.name or export.from_ for export in exports if export.to in NAMES})


def _clients(site: ClusterSite) -> list[str]:
    """Namespaces of who exports: where the brokers are."""
    names = [name for name in site.checked.engines if KafkaBootstrap in engines()[name].offers]
    return sorted({site.namespaces.engines[name] for name in names} - {site.namespace}) if _indexes(site) else []


def _pods(part: str) -> dict[str, str]:
    return name_labels(NAME, **{"app.kubernetes.io/component": part})


KUBERNETES = Kubernetes()
