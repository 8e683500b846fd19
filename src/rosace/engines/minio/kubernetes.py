"""MinIO on Kubernetes, by its operator: what is decided. the chart lays it out.

One Tenant of the operator for the platform (lake, checkpoints, its own buckets) and one for each of `storage.tenants`,
each in a namespace of its own: the operator calls every tenant's service `minio`, "because each namespace has only one
Tenant" (minio/operator v7.1.1, pkg/apis/minio.min.io/v2/names.go). A client has the same user in every tenant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image, Operator
from rosace.contract.versions import versions
from rosace.contract.workload import INTERNET, SCRAPED, Own, Within, Workload
from rosace.engines.minio import operator, saying, settings, tenants, watching
from rosace.engines.minio.spec import MinioSpec
from rosace.engines.minio.tenants import Part
from rosace.engines.minio.values import MinioValues
from rosace.kit import buckets
from rosace.kit.backing import CLIENT
from rosace.kit.manifest import name_labels, pod_security
from rosace.model.capabilities import USUAL_PORTS, Address, Capability, S3Endpoint, Secret
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

CONSOLE = Own("console")
"""What its pods serve to people."""

PINNED = versions(Path(__file__).parent)

USER = 1000
"""The user that the operator itself would choose (pkg/resources/statefulsets/minio-statefulset.go)."""

SERVER = PINNED.image("minio")


class Kubernetes(KubernetesRoom):
    """MinIO's cluster side."""

    chart = "storage"
    shape = MinioValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        """One address for all; the buckets of other tenants are said beside it."""
        parts = tenants.parts(site)
        elsewhere = {
            bucket: _address(site, part) for part in parts if part.name != settings.PLATFORM for bucket in part.buckets
        }
        return (
            S3Endpoint(
                address=_address(site, parts[0]),
                region=buckets.REGION,
                access_key=Secret("s3.access-key"),
                secret_key=Secret("s3.secret-key"),
                secret=buckets.SECRET,
                elsewhere=elsewhere,
            ),
        )

    def values(self, site: ClusterSite) -> MinioValues:
        spec = site.words(MinioSpec)
        storage = site.checked.platform.storage
        layout_ = tenants.geometry(storage)
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels("minio"),
            "image": site.image(SERVER),
            "port": settings.S3,
            "consolePort": settings.CONSOLE,
            "servers": layout_.servers,
            "volumesPerServer": layout_.drives,
            "config": settings.environment(layout_),
            "resources": resources(spec.resources, "500m", Size.parse("4Gi")),
            "priority": site.priority("critical"),
            "securityContext": pod_security(USER),
            "temporary": {"size": "1Gi"},
            "sidecar": {"resources": resources(Resources(), "50m", Size.parse("128Mi"))},
            "setup": {
                "image": site.image(CLIENT),
                "script": settings.SETUP,
                "resources": resources(Resources(), "50m", Size.parse("256Mi")),
            },
            "tenants": {part.name: tenants.values(site, part, spec) for part in tenants.parts(site)},
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        return tuple(one for part in tenants.parts(site) for one in _workloads(site, part))

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        return (operator.operator(site, tuple(part.namespace for part in tenants.parts(site)), USER),)

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (SERVER, CLIENT, operator.OPERATOR, operator.SIDECAR)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Each client's user where the client is and in each tenant that knows it; administrators; tiers."""
        mine = (need for part in tenants.parts(site) for need in tenants.secrets(site, part))
        return (*buckets.needs(site), *mine)

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(tenants.parts(site))

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        return {"environment": settings.environment(tenants.geometry(site.checked.platform.storage))}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        return saying.parity(site, site.words(MinioSpec))


def _address(site: PlacedSite, part: Part) -> Address:
    """The address of a tenant: its service within the cluster; the servers' own port where other clusters enter."""
    port = settings.S3 if site.outside else USUAL_PORTS["http"]
    return site.address("minio", port, "http", part.namespace)


def _workloads(site: OfferedSite, part: Part) -> Iterator[Workload]:
    peers = Within(f"minio-{part.name}", operator.PEERS)
    remote = tenants.tiers(site, part, site.words(MinioSpec))
    warm = (
        (Within(f"minio-{settings.PLATFORM}", operator.PEERS),) if settings.tier_name(settings.WARM) in remote else ()
    )
    outside = (INTERNET,) if len(remote) > len(warm) else ()
    rights = buckets.rights(site)
    yield Workload(
        f"minio-{part.name}",
        "minio",
        part.namespace,
        {"v1.min.io/tenant": part.name},
        {
            S3Endpoint: (settings.S3,),
            operator.PEERS: (settings.S3,),
            CONSOLE: (settings.CONSOLE,),
            SCRAPED: (settings.S3,),
        },
        (peers, *operator.SIDECAR_USES, *warm, *outside),
        clients=tuple(client for client in tenants.clients(site, part) if client in rights),
    )
    yield Workload(
        f"minio-{part.name}-setup",
        "minio",
        part.namespace,
        {**name_labels("minio-setup"), "app.kubernetes.io/instance": part.name},
        {},
        (peers,),
    )


KUBERNETES = Kubernetes()
