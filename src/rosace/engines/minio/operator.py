"""MinIO's operator: its chart, images and what its own pods reach.

The project was archived on 20 March 2026 at v7.1.1; chart and images stayed where they were. Sources:
github.com/minio/operator/tree/v7.1.1/helm/operator; silo.pgsty.com, "Deploy a Silo Tenant" and "Operator Helm Charts".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rosace.contract.cluster import OfferedSite, resources
from rosace.contract.operator import Image, Operator
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, Own, Within, Workload
from rosace.kit.manifest import CONTAINER_SECURITY, name_labels, pod_security
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

OPERATOR = PINNED.image("minio-operator")
SIDECAR = PINNED.image("minio-operator-sidecar")
"""The sidecar that this operator puts beside each server where its values name none."""

PEERS = Own("peers")
"""What a tenant's servers serve each other, and the operator."""

SIDECAR_USES = (API_SERVER,)
"""It watches the Tenant and the secret with the administrator's words."""


def operator(site: OfferedSite, watched: tuple[str, ...], user: int) -> Operator:
    """The operator of one cluster, for the namespaces of its tenants.

    `crds` is empty: the chart carries the definitions among its templates and upgrades them itself; a second
    application with the same objects would fight with it.
    """
    upstream = PINNED.chart("minio-operator")
    namespace = site.operator_namespace(upstream, f"{site.checked.platform.delivery.prefix}minio-operator")
    return Operator(
        upstream=upstream,
        namespace=namespace,
        values={"operator": _values(site, watched, user)},
        watched=watched,
        workload=Workload(
            "minio-operator",
            "minio",
            namespace,
            name_labels("operator"),
            {},
            (API_SERVER, *(Within(f"minio-{_tenant(site, one)}", PEERS) for one in watched)),
        ),
    )


def _tenant(site: OfferedSite, namespace: str) -> str:
    return "platform" if namespace == site.namespace else namespace.removeprefix(f"{site.namespace}-")


def _values(site: OfferedSite, watched: tuple[str, ...], user: int) -> dict[str, Any]:
    return {
        "env": [
            # The service that gives tokens of Kubernetes for S3 keys: nobody uses it, and it needs a certificate.
            {"name": "OPERATOR_STS_ENABLED", "value": "off"},
            {"name": "CLUSTER_DOMAIN", "value": site.cluster.domain},
            {"name": "WATCHED_NAMESPACE", "value": ",".join(watched)},
        ],
        "image": _image(site, OPERATOR),
        "sidecarImage": _image(site, SIDECAR),
        "replicaCount": 2,
        "securityContext": pod_security(user),
        "containerSecurityContext": CONTAINER_SECURITY,
        # It writes below /tmp when it starts (minio/operator#1700).
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "100Mi"}}],
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
        "resources": resources(Resources(), "200m", Size.parse("256Mi")),
    }


def _image(site: OfferedSite, image: Image) -> dict[str, str]:
    repository, _, tag = site.image(image).rpartition(":")
    return {"repository": repository, "tag": tag, "pullPolicy": "IfNotPresent"}
