"""Trino's objects as `charts/query` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, name_labels, obj, objects_of, secret_env

END = """\
curl --silent --show-error --request PUT --data '"SHUTTING_DOWN"' --header 'Content-Type: application/json' \\
  http://localhost:%s/v1/info/state
while curl --silent --fail --output /dev/null http://localhost:%s/v1/info; do sleep 2; done
"""


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section."""
    if not section["enabled"]:
        return []
    return [
        obj("v1", "ServiceAccount", section["name"], frame, section, automountServiceAccountToken=False),
        *_configuration(frame, section),
        _service(frame, section),
        _coordinator(frame, section),
        *_workers(frame, section),
    ]


def _properties(values: Mapping[str, str]) -> str:
    return "".join(f"{key}={value}\n" for key, value in sorted(values.items()))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _configuration(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    name = section["name"]
    shared = {
        "node.properties": _properties(section["node"]),
        "log.properties": _properties(section["log"]),
        "access-control.properties": "access-control.name=file\nsecurity.config-file=/etc/trino/access.json\n",
        "access.json": _json(section["access"]),
    }
    if section["kafka"]["config"]:
        shared["kafka-client.properties"] = _properties(section["kafka"]["config"])
    groups = {
        "resource-groups.properties": (
            "resource-groups.configuration-manager=file\nresource-groups.config-file=/etc/trino/resource-groups.json\n"
        ),
        "resource-groups.json": _json(section["resourceGroups"]),
    }
    for role, part, more in (("coordinator", "coordinator", groups), ("worker", "workers", {})):
        own = {
            "config.properties": _properties(section[part]["config"]),
            "jvm.config": "".join(f"{line}\n" for line in section[part]["jvm"]),
        }
        yield obj("v1", "ConfigMap", f"{name}-{role}", frame, section, data={**shared, **own, **more})
    catalogs = {f"{one}.properties": _properties(told) for one, told in section["catalogs"].items()}
    yield obj("v1", "ConfigMap", f"{name}-catalogs", frame, section, data=catalogs)
    topics = {f"{one}.json": _json(told) for one, told in section["topics"].items()}
    yield obj("v1", "ConfigMap", f"{name}-topics", frame, section, data=topics)


def _pods(section: Mapping[str, Any], role: str) -> dict[str, str]:
    return name_labels(section["name"], **{"app.kubernetes.io/component": role})


def _service(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    ports = [{"name": "http", "port": section["port"], "targetPort": "http", "protocol": "TCP"}]
    spec = {"selector": _pods(section, "coordinator"), "ports": ports}
    return obj("v1", "Service", section["name"], frame, section, spec=spec)


def _coordinator(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Obj:
    spec: Obj = {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": _pods(section, "coordinator")},
        "template": _template(frame, section, "coordinator", {"terminationGracePeriodSeconds": 60}, {}),
    }
    return obj("apps/v1", "Deployment", f"{section['name']}-coordinator", frame, section, spec=spec)


def _workers(frame: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[Obj]:
    name, workers = f"{section['name']}-worker", section["workers"]
    pod = {
        "terminationGracePeriodSeconds": workers["endSeconds"],
        "topologySpreadConstraints": workers["topologySpreadConstraints"],
    }
    end = {"preStop": {"exec": {"command": ["sh", "-c", END % (section["port"], section["port"])]}}}
    spec: Obj = {
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "selector": {"matchLabels": _pods(section, "worker")},
        "template": _template(frame, section, "worker", pod, {"lifecycle": end}),
    }
    yield obj("apps/v1", "Deployment", name, frame, section, spec=spec)
    scale = workers["autoscale"]
    yield obj(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        name,
        frame,
        section,
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": scale["min"],
            "maxReplicas": scale["max"],
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": scale["cpu"]}},
                }
            ],
            "behavior": {
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
                }
            },
        },
    )
    if scale["min"] > 1:
        budget = {"maxUnavailable": 1, "selector": {"matchLabels": _pods(section, "worker")}}
        yield obj("policy/v1", "PodDisruptionBudget", name, frame, section, spec=budget)


def _template(
    frame: Mapping[str, Any], section: Mapping[str, Any], role: str, pod: Obj, container: Obj
) -> dict[str, Any]:
    part = section["coordinator" if role == "coordinator" else "workers"]
    probe = {"httpGet": {"path": "/v1/info", "port": "http"}}
    ready = {"exec": {"command": ["/usr/lib/trino/bin/health-check"]}, "timeoutSeconds": 5}
    server: Obj = {
        "name": "trino",
        "image": section["image"],
        "env": [secret_env(name, told["secret"], told["key"]) for name, told in objects_of(section, "environment")],
        "ports": [{"name": "http", "containerPort": section["port"], "protocol": "TCP"}],
        "startupProbe": {**ready, "periodSeconds": 5, "failureThreshold": 60},
        "readinessProbe": {**ready, "periodSeconds": 10},
        "livenessProbe": {**probe, "periodSeconds": 20, "timeoutSeconds": 5, "failureThreshold": 6},
        "resources": part["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": _mounts(section),
        **container,
    }
    return {
        "metadata": {"labels": {**frame["labels"], **section["labels"], **_pods(section, role)}},
        "spec": {
            "serviceAccountName": section["name"],
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": section["securityContext"],
            **pod,
            "containers": [server],
            "volumes": _volumes(section, role),
        },
    }


def _mounts(section: Mapping[str, Any]) -> list[Obj]:
    found: list[Obj] = [
        {"name": "configuration", "mountPath": "/etc/trino", "readOnly": True},
        {"name": "catalogs", "mountPath": "/etc/trino/catalog", "readOnly": True},
        {"name": "topics", "mountPath": "/etc/trino/kafka", "readOnly": True},
        {"name": "data", "mountPath": "/data/trino"},
        {"name": "temporary", "mountPath": "/tmp"},
    ]
    for name in sorted(section["kafka"]["secrets"]):
        found.append({"name": f"kafka-{name}", "mountPath": f"/etc/kafka/{name}", "readOnly": True})
    return found


def _volumes(section: Mapping[str, Any], role: str) -> list[Obj]:
    name = section["name"]
    found: list[Obj] = [
        {"name": "configuration", "configMap": {"name": f"{name}-{role}"}},
        {"name": "catalogs", "configMap": {"name": f"{name}-catalogs"}},
        {"name": "topics", "configMap": {"name": f"{name}-topics"}},
        {"name": "data", "emptyDir": {}},
        {"name": "temporary", "emptyDir": {}},
    ]
    for one, secret in sorted(section["kafka"]["secrets"].items()):
        found.append({"name": f"kafka-{one}", "secret": {"secretName": secret, "defaultMode": 0o440}})
    return found
