"""Scans of images on Kubernetes: what is decided. All of it is values of the operator's own chart.

Sources: aquasecurity/trivy-operator v0.33.0, deploy/helm (values, labels, ports), pkg/vulnerabilityreport/builder.go
and pkg/plugins/trivy/image.go (the pods of a scan).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rosace.contract.cluster import ClusterSite, KubernetesRoom, OfferedSite, PlacedSite, resources
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity
from rosace.contract.operator import Image, Operator
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, INTERNET, SCRAPED, Own, Within, Workload
from rosace.engines.trivy import settings, watching
from rosace.engines.trivy.spec import TrivySpec
from rosace.kit.manifest import CONTAINER_SECURITY, name_labels, pod_security
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

SCAN = Own("scan")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

NAME = "trivy-operator"

OPERATOR = PINNED.image(NAME)
SCANNER = PINNED.image("trivy")

USER, SERVER_USER = 10000, 65534
"""Those of the operator's image and of the chart; neither image minds another."""

KINDS = (
    "clustercompliancereports",
    "clusterconfigauditreports",
    "clusterinfraassessmentreports",
    "clusterrbacassessmentreports",
    "clustersbomreports",
    "clustervulnerabilityreports",
    "configauditreports",
    "exposedsecretreports",
    "infraassessmentreports",
    "rbacassessmentreports",
    "sbomreports",
    "vulnerabilityreports",
)
"""Its definitions, without the domain (its documentation, "Helm", "Uninstall")."""

_OPERATOR = name_labels(NAME)
_SERVER = name_labels("trivy-server")
_SCAN = {"app.kubernetes.io/managed-by": NAME}


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = ""

    def values(self, site: ClusterSite) -> dict[str, Any]:
        return {}

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        """The server, which keeps the database and what it has seen of images; and the pods of scans, which fetch what
        it has not seen."""
        space = _namespace(site)
        return (
            Workload("trivy-server", "trivy", space, _SERVER, {SCAN: (settings.SCAN,)}, (INTERNET,)),
            Workload("trivy-scan", "trivy", space, _SCAN, {}, (Within("trivy-server", SCAN), INTERNET)),
        )

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        space = _namespace(site)
        pods = Workload(
            NAME, "trivy", space, _OPERATOR, {SCRAPED: (settings.METRICS,)}, (API_SERVER, Within("trivy-server", SCAN))
        )
        return (
            Operator(
                upstream=PINNED.chart(NAME),
                namespace=space,
                crds=tuple(f"{kind}.aquasecurity.github.io" for kind in KINDS),
                values=_chart(site),
                workload=pods,
            ),
        )

    def operator_values(self, site: ClusterSite, operator: Operator) -> Mapping[str, Any]:
        """What it scans: the platform's namespaces on this cluster, those of its operators too."""
        return {"targetNamespaces": ",".join(sorted(site.around.inhabited)), **operator.values}

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (OPERATOR, SCANNER)

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(_namespace(site), _OPERATOR)

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        words = site.checked.platform.policies
        severities = ", ".join(site.words(TrivySpec).severities)
        return (
            Parity(
                "scan of images",
                "none",
                f"{words.vulnerabilities}: {severities}, where there is a fix",
                "not representable",
                "no image runs on this machine: engines are their projects' archives, checked by their checksums",
            ),
        )


def _namespace(site: PlacedSite) -> str:
    """Where the operator is really installed: scans run beside it."""
    return site.operator_namespace(PINNED.chart(NAME), f"{site.checked.platform.delivery.prefix}{NAME}")


def _chart(site: OfferedSite) -> dict[str, Any]:
    """Values of the operator's chart."""
    words = site.checked.platform.policies
    return {
        "image": _image(site, OPERATOR),
        "operator": settings.operator(words),
        "compliance": {"specs": []},
        "resources": resources(Resources(), "100m", Size.parse("512Mi")),
        "podSecurityContext": pod_security(USER),
        "securityContext": CONTAINER_SECURITY,
        "trivyOperator": {
            "scanJobPodTemplatePodSecurityContext": pod_security(USER),
            "scanJobPodTemplateContainerSecurityContext": CONTAINER_SECURITY,
            "scanJobPodPriorityClassName": site.priority("batch"),
        },
        "trivy": {
            "image": _image(site, SCANNER),
            **_databases(site),
            **settings.scanner(site.words(TrivySpec)),
            **({"storageClassName": name} if (name := site.cluster.storage_class) else {}),
            "server": {
                "resources": resources(Resources(), "200m", Size.parse("1Gi")),
                "podSecurityContext": pod_security(SERVER_USER),
                "securityContext": CONTAINER_SECURITY,
            },
        },
    }


def _image(site: OfferedSite, image: Image) -> dict[str, Any]:
    """An image in three parts, pinned by its digest where that is known: a tag may be moved, as this project's were."""
    digest = f"@{image.digest}" if image.digest else ""
    registry = site.checked.platform.delivery.registry or image.registry
    return {"registry": registry, "repository": image.repository, "tag": f"{image.tag}{digest}"}


def _databases(site: OfferedSite) -> dict[str, str]:
    """Which vulnerabilities are known (aquasec/trivy-db) and which archive of Maven is which (aquasec/trivy-java-db):
    from the platform's own registry, where it has one."""
    registry = site.checked.platform.delivery.registry
    return {"dbRegistry": registry, "javaDbRegistry": registry} if registry else {}


KUBERNETES = Kubernetes()
