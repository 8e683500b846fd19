"""SeaweedFS's objects as `charts/storage` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, env, obj, objects_of


def layout(frame: Mapping[str, Any], weed: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section."""
    if not weed["enabled"]:
        return []
    name = weed["name"]
    data = _files(weed)
    components = objects_of(weed, "components")
    return [
        obj("v1", "ServiceAccount", name, frame, weed, automountServiceAccountToken=False),
        obj("v1", "ConfigMap", name, frame, weed, data=data),
        obj("v1", "Service", f"{name}-s3", frame, weed, spec=_service(weed, "filer", {"s3": weed["ports"]["s3"]})),
        *(one for role, words in components for one in _component(frame, weed, role, words, _digest(data))),
        _setup(frame, weed, _digest({**data, "buckets": " ".join(weed["setup"]["buckets"])})),
    ]


def _files(weed: Mapping[str, Any]) -> dict[str, str]:
    found = dict(weed["files"])
    for client, words in objects_of(weed, "clients"):
        found[f"actions-{client}.json"] = json.dumps(words["actions"], separators=(",", ":"))
    return found


def _digest(files: Mapping[str, str]) -> str:
    text = "\n".join(value for _, value in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _pods(weed: Mapping[str, Any], role: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": weed["name"], "app.kubernetes.io/component": role}


def _service(weed: Mapping[str, Any], role: str, ports: Mapping[str, int], **more: Any) -> Obj:
    listed = [{"name": name, "port": port, "targetPort": name} for name, port in sorted(ports.items())]
    return {**more, "selector": _pods(weed, role), "ports": listed}


def _component(
    frame: Mapping[str, Any], weed: Mapping[str, Any], role: str, words: Mapping[str, Any], digest: str
) -> Iterator[Obj]:
    title, more = f"{weed['name']}-{role}", {"labels": {"app.kubernetes.io/component": role}}
    headless = _service(weed, role, words["ports"], clusterIP="None", publishNotReadyAddresses=True)
    yield obj("v1", "Service", title, frame, weed, **more, spec=headless)
    if words["replicas"] > 1:
        budget = {"maxUnavailable": 1, "selector": {"matchLabels": _pods(weed, role)}}
        yield obj("policy/v1", "PodDisruptionBudget", title, frame, weed, **more, spec=budget)
    storage = words["storage"]
    claim: Obj = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage["size"]}}}
    if "class" in storage:
        claim["storageClassName"] = storage["class"]
    metadata = {
        "labels": {**frame["labels"], **weed["labels"], "app.kubernetes.io/component": role},
        "annotations": {"rosace.io/configuration": digest},
    }
    spec = {
        "replicas": words["replicas"],
        "serviceName": title,
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": _pods(weed, role)},
        "template": {"metadata": metadata, "spec": _pod(frame, weed, role, words)},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
    }
    yield obj("apps/v1", "StatefulSet", title, frame, weed, **more, spec=spec)


def _pod(frame: Mapping[str, Any], weed: Mapping[str, Any], role: str, words: Mapping[str, Any]) -> Obj:
    ports = {**words["ports"], "metrics": weed["ports"]["metrics"]}
    container: Obj = {
        "name": role,
        "image": weed["image"],
        "command": ["/usr/bin/weed"],
        "args": words["arguments"],
        "workingDir": "/",
        "env": [
            {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            {"name": "NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
            *env({"HOME": "/tmp"}),
        ],
        "ports": [{"name": name, "containerPort": port} for name, port in sorted(ports.items())],
        "readinessProbe": _probe(words, 3),
        "livenessProbe": _probe(words, 12),
        "resources": words["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "data", "mountPath": "/data"},
            {"name": "configuration", "mountPath": "/etc/seaweedfs", "readOnly": True},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }
    pod = {**_shared(weed), "topologySpreadConstraints": words["topologySpreadConstraints"]}
    if role == "filer":
        container["volumeMounts"].append({"name": "identities", "mountPath": "/run/seaweedfs"})
        pod["initContainers"] = [_identities(frame, weed, words)]
        sources = [_keys(one["secret"], client) for client, one in objects_of(weed, "clients")]
        pod["volumes"] = [
            *pod["volumes"],
            {"name": "identities", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {"name": "secrets", "projected": {"sources": sources}},
        ]
    return {**pod, "containers": [container]}


def _shared(weed: Mapping[str, Any]) -> Obj:
    return {
        "serviceAccountName": weed["name"],
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 60,
        "securityContext": weed["securityContext"],
        "volumes": [
            {"name": "configuration", "configMap": {"name": weed["name"]}},
            {"name": "temporary", "emptyDir": {"sizeLimit": "100Mi"}},
        ],
    }


def _probe(words: Mapping[str, Any], failures: int) -> Obj:
    port = "s3" if "s3" in words["ports"] else "http"
    return {
        "httpGet": {"path": words["health"], "port": port},
        "initialDelaySeconds": 10,
        "periodSeconds": 10,
        "timeoutSeconds": 5,
        "failureThreshold": failures,
    }


def _identities(frame: Mapping[str, Any], weed: Mapping[str, Any], words: Mapping[str, Any]) -> Obj:
    return {
        "name": "identities",
        "image": weed["image"],
        "command": ["/bin/sh", "/etc/seaweedfs/identities.sh"],
        "resources": words["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "configuration", "mountPath": "/etc/seaweedfs", "readOnly": True},
            {"name": "secrets", "mountPath": "/secrets", "readOnly": True},
            {"name": "identities", "mountPath": "/run/seaweedfs"},
        ],
    }


def _keys(secret: str, folder: str) -> Obj:
    items = [{"key": key, "path": f"{folder}/{key}"} for key in ("access-key", "secret-key")]
    return {"secret": {"name": secret, "items": items}}


def _setup(frame: Mapping[str, Any], weed: Mapping[str, Any], digest: str) -> Obj:
    setup = weed["setup"]
    told = {
        "BUCKETS": " ".join(setup["buckets"]),
        "FILER": setup["filer"],
        "HOME": "/tmp",
        "MASTERS": setup["masters"],
    }
    container = {
        "name": "setup",
        "image": weed["image"],
        "command": ["/bin/sh", "/etc/seaweedfs/buckets.sh"],
        "env": env(told),
        "resources": setup["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": [
            {"name": "configuration", "mountPath": "/etc/seaweedfs", "readOnly": True},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
    }
    own = {"app.kubernetes.io/component": "setup"}
    template = {
        "metadata": {"labels": {**frame["labels"], **weed["labels"], **own}},
        "spec": {**_shared(weed), "restartPolicy": "OnFailure", "containers": [container]},
    }
    spec = {"backoffLimit": 20, "template": template}
    return obj("batch/v1", "Job", f"{weed['name']}-setup-{digest}", frame, weed, labels=own, spec=spec)
