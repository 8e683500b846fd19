"""What must be installed beside Prometheus: its operator, and two exporters. Pinned, with evidence.

kube-prometheus-stack 77.6.2 ships prometheus-operator v0.85.0, prometheus-node-exporter 4.47 (v1.9.1) and
kube-state-metrics 6.3 (v2.17.0). Of it only the operator is switched on: exporters are installed apart, so
that only the namespace of the one that reads the nodes' own files is let off Pod Security.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rosace.contract.cluster import OfferedSite, PlacedSite, resources
from rosace.contract.operator import Operator
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, SCRAPED, Workload
from rosace.engines.prometheus import settings
from rosace.engines.prometheus.values import Component
from rosace.kit.manifest import CONTAINER_SECURITY, name_labels, pod_security
from rosace.model.cluster_words import Resources
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

_CA = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"

NODE_EXPORTER = name_labels("prometheus-node-exporter")
STATE_METRICS = name_labels("kube-state-metrics")
"""Labels that the two charts give their pods (`selectorLabels` in their `_helpers.tpl`)."""

IMAGES = (
    PINNED.image("prometheus-operator"),
    PINNED.image("prometheus-config-reloader"),
    PINNED.image("node-exporter"),
    PINNED.image("kube-state-metrics"),
)

CRDS = tuple(
    f"{plural}.monitoring.coreos.com"
    for plural in (
        "alertmanagerconfigs",
        "alertmanagers",
        "podmonitors",
        "probes",
        "prometheusagents",
        "prometheuses",
        "prometheusrules",
        "scrapeconfigs",
        "servicemonitors",
        "thanosrulers",
    )
)

COMPONENTS: dict[str, Component] = {
    "apiserver": {
        "namespace": "default",
        "selector": {"component": "apiserver", "provider": "kubernetes"},
        "port": "https",
        "paths": ["/metrics"],
        "tls": {"caFile": _CA, "serverName": "kubernetes"},
        # Tens of thousands of series that no rule and no panel of ours asks for.
        "drop": "(apiserver|etcd|workqueue)_.*_bucket",
    },
    "kubelet": {
        "namespace": "kube-system",
        "selector": {"app.kubernetes.io/name": "kubelet", "k8s-app": "kubelet"},
        "port": "https-metrics",
        "paths": ["/metrics", "/metrics/cadvisor"],
        # Most kubelets sign their certificate themselves; so theirs is not looked at.
        "tls": {"insecureSkipVerify": True},
        "drop": "container_(tasks_state|memory_failures_total)|kubelet_.*_bucket",
    },
}
"""Kubernetes' own parts that Prometheus scrapes. The operator keeps the service of kubelets."""


OPERATOR, NODES, STATES = "prometheus-operator", "prometheus-node-exporter", "kube-state-metrics"
"""Its three upstream charts, as `versions.toml` names them."""


def operators(site: OfferedSite) -> tuple[Operator, ...]:
    """The operator and the exporters of a cluster."""
    return (_operator(site, home(site, OPERATOR)), _nodes(site, home(site, NODES)), _states(site, home(site, STATES)))


def home(site: PlacedSite, name: str) -> str:
    """Where one of the three is installed: each in a namespace of its own, kube-state-metrics beside Prometheus."""
    prefix = site.checked.platform.delivery.prefix
    usual = {OPERATOR: f"{prefix}prometheus-operator", NODES: f"{prefix}node-exporter", STATES: site.namespace}
    return site.operator_namespace(PINNED.chart(name), usual[name])


def _operator(site: OfferedSite, namespace: str) -> Operator:
    off = {"enabled": False}
    small = resources(Resources(), "100m", Size.parse("256Mi"))
    pods = Workload(
        "prometheus-operator",
        "prometheus",
        namespace,
        {"app": "kube-prometheus-stack-operator"},
        {SCRAPED: (settings.OPERATOR,)},
        (API_SERVER,),
    )
    return Operator(
        upstream=PINNED.chart(OPERATOR),
        namespace=namespace,
        crds=CRDS,
        values={
            **_mirror(site),
            "crds": off,
            "defaultRules": {"create": False},
            "alertmanager": off,
            "grafana": off,
            "kubernetesServiceMonitors": off,
            "kubeStateMetrics": off,
            "nodeExporter": off,
            "prometheus": off,
            "prometheusOperator": {
                "namespaces": {"releaseNamespace": False, "additional": [site.namespace]},
                "admissionWebhooks": off,
                "tls": off,
                "kubeletService": {"enabled": True, "namespace": "kube-system", "name": "kubelet"},
                "serviceMonitor": {"selfMonitor": False},
                "resources": small,
                "securityContext": pod_security(65534),
                "containerSecurityContext": CONTAINER_SECURITY,
            },
        },
        watched=(site.namespace,),
        workload=pods,
    )


def _nodes(site: OfferedSite, namespace: str) -> Operator:
    """One on each node, also on those that take no other pods. It reads /proc, /sys and the file systems."""
    pods = Workload(
        "node-exporter",
        "prometheus",
        namespace,
        NODE_EXPORTER,
        {SCRAPED: (settings.NODE_EXPORTER,)},
        security="privileged",
    )
    return _exporter(
        NODES,
        namespace,
        {
            **_mirror(site),
            "service": {"port": settings.NODE_EXPORTER, "portName": "metrics"},
            "resources": resources(Resources(), "50m", Size.parse("64Mi")),
            "containerSecurityContext": CONTAINER_SECURITY,
        },
        pods,
    )


def _states(site: OfferedSite, namespace: str) -> Operator:
    """What the API server knows of pods, volumes and jobs, as metrics; in the namespace of Prometheus."""
    pods = Workload(
        "kube-state-metrics",
        "prometheus",
        namespace,
        STATE_METRICS,
        {SCRAPED: (settings.STATE_METRICS,)},
        (API_SERVER,),
    )
    return _exporter(
        STATES,
        namespace,
        {
            **_mirror(site),
            "collectors": _COLLECTORS,
            "resources": resources(Resources(), "50m", Size.parse("256Mi")),
            "securityContext": {"enabled": True, **pod_security(65534)},
            "containerSecurityContext": CONTAINER_SECURITY,
        },
        pods,
    )


def _mirror(site: OfferedSite) -> dict[str, Any]:
    """Where the three charts take their images from, where the platform has a registry of its own."""
    registry = site.checked.platform.delivery.registry
    return {"global": {"imageRegistry": registry}} if registry else {}


_COLLECTORS = [
    "cronjobs",
    "daemonsets",
    "deployments",
    "horizontalpodautoscalers",
    "jobs",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "poddisruptionbudgets",
    "pods",
    "resourcequotas",
    "statefulsets",
]
"""All but ConfigMaps and Secrets: it need not read those."""


def _exporter(chart: str, namespace: str, values: Mapping[str, Any], pods: Workload) -> Operator:
    return Operator(
        upstream=PINNED.chart(chart),
        namespace=namespace,
        values=values,
        workload=pods,
    )
