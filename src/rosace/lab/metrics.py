"""Metrics of nodes and pods, which `kubectl top` and autoscalers read: metrics-server, an API beside the server's own.

The objects are those of its manifests (v0.9.0, manifests/base), with our image, and with the cluster's own authority in
the place of an unproven kubelet.
"""

from __future__ import annotations

from typing import Any

from rosace.lab import settings
from rosace.lab.api import Api
from rosace.lab.watching import Watched

NAME = "metrics-server"
NAMESPACE = "kube-system"
LABELS = {"k8s-app": NAME}
RBAC = "rbac.authorization.k8s.io"
AUTHORITY = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"


def objects() -> list[tuple[str, dict[str, Any]]]:
    """Each object with the path of its list, in the order in which they are applied."""
    core, rbac = f"/api/v1/namespaces/{NAMESPACE}", f"/apis/{RBAC}/v1"
    return [
        (f"{core}/serviceaccounts", _named("v1", "ServiceAccount", NAME, NAMESPACE)),
        (f"{rbac}/clusterroles", _reading()),
        (f"{rbac}/clusterroles", _asking()),
        (f"{rbac}/clusterrolebindings", _bound("ClusterRoleBinding", "system:metrics-server", "ClusterRole")),
        (f"{rbac}/clusterrolebindings", _delegating()),
        (f"{rbac}/namespaces/{NAMESPACE}/rolebindings", _authenticating()),
        (f"{core}/services", _service()),
        (f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments", _deployment()),
    ]


PODS = "/api/v1/pods"


def serve(api: Api, seen: Watched) -> None:
    """Lets the API server ask it as soon as it is ready: before, every client would be told of an API that is not."""
    for pod in seen.objects(PODS):
        ours = (pod["metadata"].get("labels") or {}).get("k8s-app") == NAME
        states = {each["type"]: each["status"] for each in (pod.get("status") or {}).get("conditions") or ()}
        if ours and states.get("Ready") == "True":
            api.apply("/apis/apiregistration.k8s.io/v1/apiservices", _served())


def _named(version: str, kind: str, name: str, namespace: str = "") -> dict[str, Any]:
    placed = {"namespace": namespace} if namespace else {}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **placed, "labels": LABELS}}


def _reading() -> dict[str, Any]:
    """Whoever may view, edit or administer may read metrics."""
    role = _named(f"{RBAC}/v1", "ClusterRole", "system:aggregated-metrics-reader")
    parts = {f"{RBAC}/aggregate-to-{each}": "true" for each in ("view", "edit", "admin")}
    role["metadata"]["labels"] = {**LABELS, **parts}
    rule = {"apiGroups": ["metrics.k8s.io"], "resources": ["pods", "nodes"], "verbs": ["get", "list", "watch"]}
    return {**role, "rules": [rule]}


def _asking() -> dict[str, Any]:
    return {
        **_named(f"{RBAC}/v1", "ClusterRole", "system:metrics-server"),
        "rules": [
            {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
            {"apiGroups": [""], "resources": ["pods", "nodes"], "verbs": ["get", "list", "watch"]},
        ],
    }


def _bound(kind: str, role: str, of: str, name: str = "", namespace: str = "") -> dict[str, Any]:
    return {
        **_named(f"{RBAC}/v1", kind, name or role, namespace),
        "roleRef": {"apiGroup": RBAC, "kind": of, "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
    }


def _delegating() -> dict[str, Any]:
    """Its callers are whom the API server says they are."""
    return _bound("ClusterRoleBinding", "system:auth-delegator", "ClusterRole", f"{NAME}:system:auth-delegator")


def _authenticating() -> dict[str, Any]:
    role = "extension-apiserver-authentication-reader"
    return _bound("RoleBinding", role, "Role", f"{NAME}-auth-reader", NAMESPACE)


def _service() -> dict[str, Any]:
    ports = [{"name": "https", "port": 443, "targetPort": "https"}]
    return {**_named("v1", "Service", NAME, NAMESPACE), "spec": {"selector": LABELS, "ports": ports}}


def _served() -> dict[str, Any]:
    spec = {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "service": {"name": NAME, "namespace": NAMESPACE},
        # It makes its certificate itself; the way to it does not leave the node.
        "insecureSkipTLSVerify": True,
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
    }
    return {**_named("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io"), "spec": spec}


def _deployment() -> dict[str, Any]:
    port = settings.METRICS_PORT
    probe = {"path": "/readyz", "port": "https", "scheme": "HTTPS"}
    container = {
        "name": NAME,
        "image": settings.METRICS,
        "imagePullPolicy": "Never",
        "args": [
            "--cert-dir=/tmp",
            f"--secure-port={port}",
            "--kubelet-preferred-address-types=InternalIP",
            "--kubelet-use-node-status-port",
            f"--kubelet-certificate-authority={AUTHORITY}",
            "--metric-resolution=15s",
        ],
        "resources": {"requests": {"cpu": "20m", "memory": "50Mi"}},
        "ports": [{"name": "https", "containerPort": port}],
        "readinessProbe": {"httpGet": probe, "periodSeconds": 2},
        "livenessProbe": {"httpGet": {**probe, "path": "/livez"}, "initialDelaySeconds": 10},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    pod = {
        "serviceAccountName": NAME,
        "priorityClassName": "system-cluster-critical",
        "containers": [container],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
    template = {"metadata": {"labels": LABELS}, "spec": pod}
    spec = {"replicas": 1, "selector": {"matchLabels": LABELS}, "template": template}
    return {**_named("apps/v1", "Deployment", NAME, NAMESPACE), "spec": spec}
