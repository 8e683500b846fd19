"""Scans of a cluster against the CIS benchmark: what is decided. the chart lays it out.

Sources: rancher/compliance-operator v1.4, chart/ (labels, values), pkg/securityscan/job/job.go and
core/templates/pluginConfig.template (the pods of a scan); ranchermanager.docs.rancher.com v2.14, "Compliance Scans".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rosace.contract.cluster import ClusterSite, KubernetesRoom, OfferedSite, resources
from rosace.contract.needs import Parity
from rosace.contract.operator import OPEN, Image, Operator
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, Workload
from rosace.engines.compliance import settings
from rosace.engines.compliance.spec import ComplianceSpec
from rosace.engines.compliance.values import ComplianceValues
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

NAMESPACE = "compliance-operator-system"
"""Where the operator starts the pods of its scans, whatever its own namespace (pkg/apis: ClusterScanNS)."""

OPERATOR, SCAN = PINNED.image("compliance-operator"), PINNED.image("security-scan")
SONOBUOY, KUBECTL = PINNED.image("sonobuoy"), PINNED.image("kubectl")
"""Its own; what looks at nodes, and what leads that; what changes the namespace's account after the installation."""


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "policies"
    shape = ComplianceValues

    def values(self, site: ClusterSite) -> ComplianceValues:
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": {"app.kubernetes.io/name": "compliance"},
            "scan": settings.scan(site.checked.platform.policies, site.words(ComplianceSpec)),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        """The pod that leads a scan. Those on nodes have no addresses but the nodes', so that no policy knows them."""
        return (
            Workload(
                "security-scan",
                "compliance",
                NAMESPACE,
                {"app.kubernetes.io/name": "rancher-compliance", "run": "sonobuoy-master"},
                uses=(API_SERVER,),
                by_nodes=(settings.AGGREGATOR,),
                security="privileged",
            ),
        )

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        upstream = PINNED.chart("rancher-compliance")
        space = site.operator_namespace(upstream, NAMESPACE)
        registry = site.checked.platform.delivery.registry
        found = resources(Resources(), "50m", Size.parse("256Mi"))
        pods = Workload(
            "compliance-operator",
            "compliance",
            space,
            {"compliance.cattle.io/operator": "compliance-operator"},
            {},
            (API_SERVER,),
            security="privileged",
        )
        return (
            Operator(
                upstream=upstream,
                namespace=space,
                crds=tuple(
                    f"{kind}.compliance.cattle.io"
                    for kind in ("clusterscanbenchmarks", "clusterscanprofiles", "clusterscanreports", "clusterscans")
                ),
                values={
                    "resources": found,
                    "image": {"operator": _told(OPERATOR), "securityScan": _told(SCAN), "sonobuoy": _told(SONOBUOY)},
                    "global": {"kubectl": _told(KUBECTL), **(_from(registry) if registry else {})},
                },
                workload=pods,
            ),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (OPERATOR, SCAN, SONOBUOY, KUBECTL)

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        managed = site.cluster.provider in ("aws", "azure", "gcp")
        profile = site.words(ComplianceSpec).profile or "the profile of its provider"
        return (
            Parity("network of its namespace", "none", f"open: {NAMESPACE}", "not representable", OPEN),
            Parity(
                "scan of nodes",
                "none",
                f"{site.checked.platform.policies.scan}: {profile}",
                "not representable",
                "nobody hardens this machine for the platform"
                + ("; the provider's control plane is out of its sight" if managed else ""),
            ),
        )


def _told(image: Image) -> dict[str, str]:
    """As the chart names an image; it puts the registry before it."""
    return {"repository": image.repository, "tag": image.tag}


def _from(registry: str) -> dict[str, Any]:
    return {"cattle": {"systemDefaultRegistry": registry}}


KUBERNETES = Kubernetes()
