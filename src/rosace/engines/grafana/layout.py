"""Grafana's objects as `charts/observability` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from rosace.engines.manifest import Obj, compact, obj, pretty, secret_env


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, in the order of the templates."""
    if not section["enabled"]:
        return []
    return [_deployment(frame, section), *_around(frame, section)]


def _deployment(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    name, said = section["name"], [section[key] for key in ("config", "datasources", "provider")]
    files = {
        "grafana.ini": "/etc/grafana/grafana.ini",
        "sources.yaml": "/etc/grafana/provisioning/datasources/sources.yaml",
        "provider.yaml": "/etc/grafana/provisioning/dashboards/provider.yaml",
    }
    mounts = [
        {"name": "data", "mountPath": section["config"]["paths"]["data"]},
        {"name": "tmp", "mountPath": "/tmp"},
        *({"name": "config", "mountPath": path, "subPath": one, "readOnly": True} for one, path in files.items()),
        {"name": "dashboards", "mountPath": section["dashboards"]["path"], "readOnly": True},
    ]
    admin = section["admin"]
    container: Obj = {
        "name": "grafana",
        "image": section["image"],
        "securityContext": frame["containerSecurity"],
        "ports": [{"name": "web", "containerPort": section["port"]}],
        "env": [
            secret_env("GF_SECURITY_ADMIN_USER", admin["secret"], admin["user"]),
            secret_env("GF_SECURITY_ADMIN_PASSWORD", admin["secret"], admin["password"]),
        ],
        "startupProbe": {**_health(), "failureThreshold": 30},
        "readinessProbe": _health(),
        "livenessProbe": {"tcpSocket": {"port": "web"}, "failureThreshold": 6},
        "resources": section["resources"],
        "volumeMounts": mounts,
    }
    holders = [{"configMap": {"name": holder, "optional": True}} for holder in section["dashboards"]["holders"]]
    pod: Obj = {
        "serviceAccountName": name,
        "automountServiceAccountToken": False,
        **section["pod"],
        "containers": [container],
        "volumes": [
            {"name": "data", "persistentVolumeClaim": {"claimName": name}},
            {"name": "tmp", "emptyDir": {}},
            {"name": "config", "configMap": {"name": name}},
            {"name": "dashboards", "projected": {"sources": holders}},
        ],
    }
    template = {
        "metadata": {
            "labels": {**frame["labels"], **section["labels"]},
            "annotations": {"checksum/config": sha256(compact(said).encode()).hexdigest()},
        },
        "spec": pod,
    }
    spec = {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": section["labels"]},
        "template": template,
    }
    return obj("apps/v1", "Deployment", name, frame, section, spec=spec)


def _health() -> Obj:
    return {"httpGet": {"path": "/api/health", "port": "web"}}


def _around(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    name = section["name"]
    files = {
        "grafana.ini": _ini(section["config"]),
        "sources.yaml": pretty(section["datasources"]),
        "provider.yaml": pretty(section["provider"]),
    }
    yield obj("v1", "ConfigMap", name, frame, section, data=files)
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": section["storage"]["size"]}},
    }
    if "class" in section["storage"]:
        claim["storageClassName"] = section["storage"]["class"]
    yield obj("v1", "PersistentVolumeClaim", name, frame, section, spec=claim)
    yield obj("v1", "ServiceAccount", name, frame, section, automountServiceAccountToken=False)
    ports = [{"name": "web", "port": section["port"], "targetPort": "web"}]
    yield obj("v1", "Service", name, frame, section, spec={"selector": section["labels"], "ports": ports})


def _ini(config: Mapping[str, Mapping[str, str]]) -> str:
    """Sections and keys in the order of Helm's `range`: by name."""
    lines: list[str] = []
    for part, keys in sorted(config.items()):
        lines += [f"[{part}]", *(f"{key} = {value}" for key, value in sorted(keys.items()))]
    return "\n".join(lines) + "\n"
