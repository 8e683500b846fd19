"""Prometheus' objects as `charts/observability` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj, objects_of, pretty, secret_env
from rosace.engines.prometheus.alertmanager_layout import alertmanager

API = "monitoring.coreos.com/v1"
RBAC = "rbac.authorization.k8s.io/v1"
_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, in the order of the templates' names."""
    if not section["enabled"]:
        return []
    return [
        *alertmanager(frame, section),
        *_components(frame, section),
        _prometheus(frame, section),
        *_access(frame, section),
        *_services(frame, section),
    ]


def _components(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    for name, part in objects_of(section, "components"):
        endpoints = [
            {
                "port": part["port"],
                "scheme": "https",
                "path": path,
                "honorLabels": True,
                "bearerTokenFile": _TOKEN,
                "tlsConfig": part["tls"],
                "metricRelabelings": [{"sourceLabels": ["__name__"], "regex": part["drop"], "action": "drop"}],
            }
            for path in part["paths"]
        ]
        yield obj(
            API,
            "ServiceMonitor",
            f"{section['name']}-{name}",
            frame,
            section,
            spec={
                "namespaceSelector": {"matchNames": [part["namespace"]]},
                "selector": {"matchLabels": part["selector"]},
                "endpoints": endpoints,
            },
        )
        yield obj(
            RBAC,
            "Role",
            f"{section['namespace']}-{section['name']}",
            frame,
            section,
            namespace=part["namespace"],
            rules=[
                {
                    "apiGroups": [""],
                    "resources": ["services", "endpoints", "pods"],
                    "verbs": ["get", "list", "watch"],
                }
            ],
        )
        yield obj(
            RBAC,
            "RoleBinding",
            f"{section['namespace']}-{section['name']}",
            frame,
            section,
            namespace=part["namespace"],
            **_bound("Role", section),
        )


def _bound(kind: str, section: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": kind,
            "name": f"{section['namespace']}-{section['name']}",
        },
        "subjects": [{"kind": "ServiceAccount", "name": section["name"], "namespace": section["namespace"]}],
    }


def _prometheus(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    secure = {"securityContext": frame["containerSecurity"]}
    sidecar, alerts = section["sidecar"], section["alertmanager"]
    reloader = {**secure, "resources": section["reloader"]["resources"]}
    storage = section["storage"]
    claim: Obj = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage["size"]}}}
    if "class" in storage:
        claim["storageClassName"] = storage["class"]
    spec: Obj = {
        "version": section["version"],
        "image": section["image"],
        "replicas": section["replicas"],
        "serviceAccountName": section["name"],
        "scrapeInterval": section["scrapeInterval"],
        "scrapeTimeout": section["scrapeTimeout"],
        "evaluationInterval": section["scrapeInterval"],
        "retention": section["retention"],
        "retentionSize": section["retentionSize"],
        "externalLabels": section["externalLabels"],
        "replicaExternalLabelName": "replica",
        "prometheusExternalLabelName": "",
        "podMonitorSelector": {},
        "serviceMonitorSelector": {},
        "ruleSelector": {},
        "alerting": {
            "alertmanagers": [
                {
                    "namespace": section["namespace"],
                    "name": alerts["name"],
                    "port": "web",
                    "apiVersion": "v2",
                }
            ]
        },
        "resources": section["resources"],
        "storage": {"volumeClaimTemplate": {"spec": claim}},
        **section["pod"],
        "containers": [{"name": "prometheus", **secure}, {"name": "config-reloader", **reloader}],
        "initContainers": [{"name": "init-config-reloader", **reloader}],
    }
    if sidecar["enabled"]:
        mounts: list[Obj] = [{"name": "objstore", "mountPath": "/etc/thanos", "readOnly": True}]
        spec["thanos"] = {
            "version": sidecar["version"],
            "image": sidecar["image"],
            "resources": sidecar["resources"],
            "objectStorageConfigFile": "/etc/thanos/objstore.yml",
            "volumeMounts": mounts,
        }
        spec["volumes"] = [{"name": "objstore", "configMap": {"name": f"{section['name']}-objstore"}}]
        if tls := sidecar.get("tls"):
            files = {"certFile": "tls.crt", "keyFile": "tls.key", "caFile": "ca.crt"}
            spec["thanos"]["grpcServerTlsConfig"] = {key: f"{tls['path']}/{name}" for key, name in files.items()}
            mounts.append({"name": "store-tls", "mountPath": tls["path"], "readOnly": True})
            spec["volumes"].append({"name": "store-tls", "secret": {"secretName": tls["secret"]}})
        credentials = sidecar["credentials"]
        variables = [
            secret_env(name, credentials["secret"], key) for name, key in sorted(credentials["variables"].items())
        ]
        spec["containers"].append({"name": "thanos-sidecar", **secure, "env": variables})
    return obj(API, "Prometheus", section["name"], frame, section, spec=spec)


def _access(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    yield obj("v1", "ServiceAccount", section["name"], frame, section)
    name = f"{section['namespace']}-{section['name']}"
    yield obj(
        RBAC,
        "ClusterRole",
        name,
        frame,
        section,
        namespace=None,
        rules=[
            {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
            {"nonResourceURLs": ["/metrics", "/metrics/cadvisor"], "verbs": ["get"]},
        ],
    )
    yield obj(RBAC, "ClusterRoleBinding", name, frame, section, namespace=None, **_bound("ClusterRole", section))
    rules = [
        {"apiGroups": [""], "resources": ["services", "endpoints", "pods"], "verbs": ["get", "list", "watch"]},
    ]
    yield obj(RBAC, "Role", name, frame, section, rules=rules)
    yield obj(RBAC, "RoleBinding", name, frame, section, **_bound("Role", section))


def _services(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    selector = {"app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": section["name"]}
    yield obj(
        "v1",
        "Service",
        section["name"],
        frame,
        section,
        spec={
            "selector": selector,
            "sessionAffinity": "ClientIP",
            "ports": [{"name": "web", "port": section["port"], "targetPort": "web"}],
        },
    )
    yield obj(
        "policy/v1",
        "PodDisruptionBudget",
        section["name"],
        frame,
        section,
        spec={**section["disruptions"], "selector": {"matchLabels": selector}},
    )
    sidecar = section["sidecar"]
    if sidecar["enabled"]:
        yield obj(
            "v1",
            "Service",
            sidecar["service"],
            frame,
            section,
            spec={
                "clusterIP": "None",
                "selector": selector,
                "ports": [{"name": "grpc", "port": sidecar["port"], "targetPort": "grpc"}],
            },
        )
        yield obj(
            "v1",
            "ConfigMap",
            f"{section['name']}-objstore",
            frame,
            section,
            data={"objstore.yml": pretty(sidecar["objstore"])},
        )
