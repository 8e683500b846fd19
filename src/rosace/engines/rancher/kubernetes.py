"""What is asked of Rancher on its own cluster: what is decided. the chart lays it out.

Sources: rancher/backup-restore-operator v10.0.5, charts/rancher-backup (labels, values); rancher/charts#7911 (the
chart's version for Rancher 2.14); ranchermanager.docs.rancher.com v2.14.
"""

from __future__ import annotations

from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, OfferedSite, resources
from rosace.contract.monitoring import Panel, Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import OPEN, Image, Operator
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, INTERNET, Workload
from rosace.engines.rancher import settings
from rosace.engines.rancher.spec import RancherSpec
from rosace.engines.rancher.values import RancherValues
from rosace.kit.teams import managed
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

OPERATOR, KUBECTL = PINNED.image("rancher-backup"), PINNED.image("kubectl")
"""Its own, and what changes the namespace's account after the installation."""

PANELS = (
    Panel(
        "Nodes that are ready",
        'sum by (cluster) (kube_node_status_condition{condition="Ready",status="true"})',
        legend="{{cluster}}",
    ),
    Panel(
        "Pods that run",
        'sum by (cluster) (kube_pod_status_phase{phase="Running"})',
        legend="{{cluster}}",
    ),
    Panel(
        "Cores asked for, of those there are",
        'sum by (cluster) (kube_pod_container_resource_requests{resource="cpu"})'
        ' / sum by (cluster) (kube_node_status_allocatable{resource="cpu"})',
        "percentunit",
        "{{cluster}}",
    ),
    Panel(
        "Share of each project's quota",
        'sum by (cluster, namespace, resource) (kube_resourcequota{type="used"})'
        ' / sum by (cluster, namespace, resource) (kube_resourcequota{type="hard"})',
        "percentunit",
        "{{cluster}} {{namespace}} {{resource}}",
    ),
)
"""The clusters as kube-state-metrics shows them (github.com/kubernetes/kube-state-metrics, docs/metrics, v2.17)."""


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "management"
    shape = RancherValues

    def values(self, site: ClusterSite) -> RancherValues:
        platform, spec = site.checked.platform, site.words(RancherSpec)
        found: RancherValues = {
            "enabled": True,
            "namespace": site.namespace,
            "labels": {"app.kubernetes.io/name": "rancher"},
            "projects": settings.projects(platform, spec),
            "clustersIn": settings.FLEET,
            "snapshots": settings.snapshots(platform, spec),
        }
        if backup := settings.backup(platform, spec, site.namespace):
            found["backup"] = backup
        return found

    def outposts(self, site: ClusterSite) -> tuple[str, ...]:
        """Where Rancher keeps what it knows of clusters (a namespace for each) and of their projects: it makes both."""
        platform, spec = site.checked.platform, site.words(RancherSpec)
        found = {settings.FLEET} if settings.snapshots(platform, spec) else set[str]()
        for cluster, projects in settings.projects(platform, spec).items():
            found |= {cluster, *(f"{cluster}-{name}" for name, one in projects.items() if one["members"])}
        return tuple(sorted(found))

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        """The backup operator, where there is somewhere to store what it copies."""
        if settings.backup(site.checked.platform, site.words(RancherSpec), site.namespace) is None:
            return ()
        upstream = PINNED.chart("rancher-backup")
        space = site.operator_namespace(upstream, site.namespace)
        registry = site.checked.platform.delivery.registry
        pods = Workload(
            "rancher-backup",
            "rancher",
            space,
            {"app.kubernetes.io/name": "rancher-backup", "resources.cattle.io/operator": "backup-restore"},
            {},
            (API_SERVER, INTERNET),
            security="baseline",
        )
        return (
            Operator(
                upstream=upstream,
                namespace=space,
                crds=tuple(f"{kind}.resources.cattle.io" for kind in ("backups", "resourcesets", "restores")),
                values={
                    "image": _told(OPERATOR),
                    "imagePullPolicy": "IfNotPresent",
                    "resources": resources(Resources(), "100m", Size.parse("512Mi")),
                    "global": {
                        "kubectl": _told(KUBECTL),
                        **({"cattle": {"systemDefaultRegistry": registry}} if registry else {}),
                    },
                },
                workload=pods,
            ),
        )

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (OPERATOR, KUBECTL) if self.operators(site) else ()

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        if not self.operators(site):
            return ()
        encryption = "Kubernetes' EncryptionConfiguration by which backups of Rancher are encrypted"
        user = "user of the bucket that backups of Rancher go to"
        return (
            SecretNeed(settings.ENCRYPTION, site.namespace, ("encryption-provider-config.yaml",), encryption),
            SecretNeed(settings.CREDENTIAL, site.namespace, ("accessKey", "secretKey"), user),
        )

    def watch(self, site: ClusterSite) -> Watch:
        """What Rancher governs, by cluster: its own server is not measured, the clusters below it are."""
        return Watch(panels=PANELS)

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        platform, spec = site.checked.platform, site.words(RancherSpec)
        kept = settings.snapshots(platform, spec)
        others = {name: one for name, one in managed(platform).items() if spec.names.get(name, name) not in kept}
        spaces = {one.namespace for one in self.operators(site)}
        return (
            *(Parity("network of its operator", "none", f"open: {one}", "not representable", OPEN) for one in spaces),
            Parity("members and quotas", "none", "Rancher projects", "not representable", "one person, one machine"),
            Parity(
                "snapshots of etcd",
                "none",
                f"{settings.names(kept)}; not of {settings.names(others)}",
                "not representable",
                "a provider keeps the etcd of its own clusters, Rancher that of clusters it provisioned (RKE2); "
                "what they hold is in Git, and comes back by Argo CD",
            ),
            Parity(
                "backup of Rancher",
                "none",
                "encrypted, outside" if self.operators(site) else "none: `engines.rancher.store` says no bucket",
                "not representable",
                "the platform's own object storage is not asked: what brings clusters back may not lie on them",
            ),
        )


def _told(image: Image) -> dict[str, str]:
    """As the chart names an image; it puts the registry before it."""
    return {"repository": image.repository, "tag": image.tag}


KUBERNETES = Kubernetes()
