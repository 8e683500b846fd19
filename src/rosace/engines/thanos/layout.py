"""Thanos' objects as `charts/observability` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj, objects_of, pretty, secret_env
from rosace.engines.thanos.settings import DATA, arguments


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, in the order of the templates."""
    if not section["enabled"]:
        return []
    config = {"objstore.yml": pretty(section["objstore"])}
    return [
        obj("v1", "ConfigMap", "thanos-objstore", frame, section, data=config),
        *(one for _, part in objects_of(section, "servers") for one in _server(frame, section, part)),
        *(one for _, part in objects_of(section, "stores") for one in _store(frame, section, part)),
    ]


def _server(frame: Mapping[str, Any], section: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[Obj]:
    """A part without state of its own."""
    pod = _pod(frame, section, part)
    spec = {"replicas": part["replicas"], "selector": {"matchLabels": part["labels"]}, "template": pod}
    yield obj("apps/v1", "Deployment", part["name"], frame, part, namespace=section["namespace"], spec=spec)
    yield from _around(frame, section, part, headless=False)


def _store(frame: Mapping[str, Any], section: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[Obj]:
    """A part that reads and writes the bucket, with a volume for what it works on."""
    pod = _pod(frame, section, part)
    container, volumes = pod["spec"]["containers"][0], pod["spec"]["volumes"]
    credentials = section["credentials"]
    container["env"] = [
        secret_env(name, credentials["secret"], key) for name, key in sorted(credentials["variables"].items())
    ]
    container["volumeMounts"] += [
        {"name": "data", "mountPath": DATA},
        {"name": "objstore", "mountPath": "/etc/thanos", "readOnly": True},
    ]
    volumes.append({"name": "objstore", "configMap": {"name": "thanos-objstore"}})
    storage = part["storage"]
    claim: Obj = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage["size"]}}}
    if "class" in storage:
        claim["storageClassName"] = storage["class"]
    spec = {
        "replicas": part["replicas"],
        "serviceName": part["name"],
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": part["labels"]},
        "template": pod,
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
    }
    yield obj("apps/v1", "StatefulSet", part["name"], frame, part, namespace=section["namespace"], spec=spec)
    yield from _around(frame, section, part, headless=True)


def _pod(frame: Mapping[str, Any], section: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    container: Obj = {
        "name": "thanos",
        "image": section["image"],
        "args": arguments(part["command"], part["flags"], tuple(part.get("endpoints") or ())),
        "securityContext": frame["containerSecurity"],
        "ports": [
            {"name": "http", "containerPort": section["http"]},
            {"name": "grpc", "containerPort": section["grpc"]},
        ],
        "startupProbe": {"httpGet": {"path": "/-/ready", "port": "http"}, "failureThreshold": 60},
        "readinessProbe": {"httpGet": {"path": "/-/ready", "port": "http"}},
        "livenessProbe": {"httpGet": {"path": "/-/healthy", "port": "http"}, "failureThreshold": 6},
        "resources": part["resources"],
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    volumes: list[Obj] = [{"name": "tmp", "emptyDir": {}}]
    if part["certificate"]:
        container["volumeMounts"].append({"name": "store-tls", "mountPath": section["tls"]["path"], "readOnly": True})
        volumes.append({"name": "store-tls", "secret": {"secretName": section["tls"]["secret"]}})
    return {
        "metadata": {"labels": {**frame["labels"], **part["labels"]}},
        "spec": {
            "serviceAccountName": part["name"],
            "automountServiceAccountToken": False,
            **part["pod"],
            "containers": [container],
            "volumes": volumes,
        },
    }


def _around(
    frame: Mapping[str, Any], section: Mapping[str, Any], part: Mapping[str, Any], *, headless: bool
) -> Iterator[Obj]:
    """Account, service, and how many may be away at once."""
    name, where = part["name"], section["namespace"]
    ports = [{"name": word, "port": section[word], "targetPort": word} for word in ("http", "grpc")]
    service: Obj = {"selector": part["labels"], "ports": ports, **({"clusterIP": "None"} if headless else {})}
    yield obj("v1", "ServiceAccount", name, frame, part, namespace=where, automountServiceAccountToken=False)
    yield obj("v1", "Service", name, frame, part, namespace=where, spec=service)
    if part["replicas"] > 1:
        budget = {"maxUnavailable": 1, "selector": {"matchLabels": part["labels"]}}
        yield obj("policy/v1", "PodDisruptionBudget", name, frame, part, namespace=where, spec=budget)
