"""What runs in the cluster itself from the start: CoreDNS, which gives services their names."""

from __future__ import annotations

from typing import Any

from rosace.lab import settings, volumes
from rosace.lab.layout import Cluster

NAMESPACE = "kube-system"
LABELS = {"k8s-app": "kube-dns"}

COREFILE = f"""\
.:53 {{
  errors
  health {{
    lameduck 1s
  }}
  ready
  kubernetes {settings.DOMAIN} in-addr.arpa ip6.arpa {{
    pods insecure
    ttl 5
  }}
  prometheus :{settings.DNS_METRICS_PORT}
  cache 5
}}
"""


def objects(cluster: Cluster) -> list[tuple[str, dict[str, Any]]]:
    """Each object with the path of its list, in the order in which they are applied."""
    core, rbac = f"/api/v1/namespaces/{NAMESPACE}", "/apis/rbac.authorization.k8s.io/v1"
    return [
        ("/apis/storage.k8s.io/v1/storageclasses", volumes.storage_class()),
        (f"{core}/serviceaccounts", _named("v1", "ServiceAccount")),
        (f"{core}/configmaps", {**_named("v1", "ConfigMap"), "data": {"Corefile": COREFILE}}),
        (f"{rbac}/clusterroles", _role()),
        (f"{rbac}/clusterrolebindings", _binding()),
        (f"{core}/services", _service(cluster)),
        (f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments", _deployment()),
    ]


def _named(version: str, kind: str, name: str = "coredns", namespace: str | None = NAMESPACE) -> dict[str, Any]:
    placed = {"namespace": namespace} if namespace else {}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **placed, "labels": LABELS}}


def _role() -> dict[str, Any]:
    looks = ["list", "watch"]
    return {
        **_named("rbac.authorization.k8s.io/v1", "ClusterRole", "system:coredns", None),
        "rules": [
            {"apiGroups": [""], "resources": ["endpoints", "services", "pods", "namespaces"], "verbs": looks},
            {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": looks},
        ],
    }


def _binding() -> dict[str, Any]:
    return {
        **_named("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "system:coredns", None),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:coredns"},
        "subjects": [{"kind": "ServiceAccount", "name": "coredns", "namespace": NAMESPACE}],
    }


def _service(cluster: Cluster) -> dict[str, Any]:
    ports = [
        {"name": "dns", "port": 53, "protocol": "UDP"},
        {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
    ]
    address = settings.service(cluster.index, 10)
    return {**_named("v1", "Service", "kube-dns"), "spec": {"clusterIP": address, "selector": LABELS, "ports": ports}}


def _deployment() -> dict[str, Any]:
    container = {
        "name": "coredns",
        "image": settings.COREDNS,
        "imagePullPolicy": "Never",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "resources": {"requests": {"cpu": "20m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "ports": [
            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
        ],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": settings.DNS_READY_PORT}, "periodSeconds": 1},
        "livenessProbe": {"httpGet": {"path": "/health", "port": settings.DNS_HEALTH_PORT}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        },
        "volumeMounts": [{"name": "config", "mountPath": "/etc/coredns"}],
    }
    pod = {
        "serviceAccountName": "coredns",
        "priorityClassName": "system-cluster-critical",
        "dnsPolicy": "Default",
        # Its port is below 1024, and only root keeps the right to it over the start of the program.
        "securityContext": {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "config", "configMap": {"name": "coredns"}}],
    }
    template = {"metadata": {"labels": LABELS}, "spec": pod}
    spec = {"replicas": 1, "selector": {"matchLabels": LABELS}, "template": template}
    return {**_named("apps/v1", "Deployment"), "spec": spec}
