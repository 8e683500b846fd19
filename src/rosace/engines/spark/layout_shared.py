"""The shared Spark cluster's objects as `charts/processing` lays them out. Decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines import pods
from rosace.engines.manifest import Obj, obj

HASH = "rosace.io/sum"


def shared(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Iterator[Obj]:
    """Master, workers with what scales them, and the server that people connect to."""
    told = spark["shared"]
    if not told["enabled"]:
        return
    yield obj("v1", "ConfigMap", told["name"], frame, spark, data=dict(told["files"]))
    yield _service(frame, spark, "master", headless=True)
    yield _master(frame, spark)
    yield _service(frame, spark, "connect", headless=False)
    yield _deployment(frame, spark, "connect", replicas=1)
    yield _deployment(frame, spark, "worker", replicas=None)
    yield _scaler(frame, spark)
    yield _budget(frame, spark)
    for role in ("connect", "master", "worker"):
        yield obj("v1", "ServiceAccount", f"{told['name']}-{role}", frame, spark, automountServiceAccountToken=False)


def _match(spark: Mapping[str, Any], role: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": spark["shared"]["name"], "app.kubernetes.io/component": role}


def _service(frame: Mapping[str, Any], spark: Mapping[str, Any], role: str, *, headless: bool) -> Obj:
    ports = spark["shared"][role]["ports"]
    spec: Obj = {
        "selector": _match(spark, role),
        "ports": [{"name": name, "port": port, "targetPort": name} for name, port in sorted(ports.items())],
    }
    if headless:
        # Workers find the master before it is ready to take them: they try again by themselves.
        spec |= {"clusterIP": "None", "publishNotReadyAddresses": True}
    return obj(
        "v1", "Service", f"{spark['shared']['name']}-{role}", frame, spark, labels=_match(spark, role), spec=spec
    )


def _pod(frame: Mapping[str, Any], spark: Mapping[str, Any], role: str) -> Obj:
    told = spark["shared"]
    one = told[role]
    ready, live = ({"tcpSocket": {"port": one["probe"][word]}} for word in ("ready", "live"))
    container: Obj = {
        "name": role,
        "image": spark["image"],
        "imagePullPolicy": "IfNotPresent",
        "command": one["command"],
        "env": pods.environment(one["env"]),
        "ports": [{"name": name, "containerPort": port} for name, port in sorted(one["ports"].items())],
        "resources": one["resources"],
        "securityContext": frame["containerSecurity"],
        "readinessProbe": {**ready, "periodSeconds": 5, "timeoutSeconds": 3},
        "livenessProbe": {**live, "initialDelaySeconds": 90, "periodSeconds": 20, "timeoutSeconds": 5},
        "volumeMounts": pods.mounts(one["volumes"]),
    }
    if "preStop" in one:
        container["lifecycle"] = {"preStop": {"exec": {"command": one["preStop"]}}}
    sums = hashlib.sha256("\n".join(sorted(told["files"].values())).encode()).hexdigest()[:16]
    return {
        "metadata": {"labels": {**frame["labels"], **_match(spark, role)}, "annotations": {HASH: sums}},
        "spec": {
            "serviceAccountName": f"{told['name']}-{role}",
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": one["grace"],
            **spark["pod"],
            "topologySpreadConstraints": one["spread"],
            "initContainers": [pods.prepare(frame, spark, one["volumes"], one["prepare"])],
            "containers": [container],
            "volumes": pods.volumes(one["volumes"]),
        },
    }


def _master(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Obj:
    told = spark["shared"]
    storage = told["master"]["storage"]
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": storage["size"]}},
        **({"storageClassName": storage["class"]} if "class" in storage else {}),
    }
    spec = {
        "serviceName": f"{told['name']}-master",
        "replicas": 1,
        "selector": {"matchLabels": _match(spark, "master")},
        "template": _pod(frame, spark, "master"),
        "volumeClaimTemplates": [{"metadata": {"name": "state"}, "spec": claim}],
    }
    return obj(
        "apps/v1", "StatefulSet", f"{told['name']}-master", frame, spark, labels=_match(spark, "master"), spec=spec
    )


def _deployment(frame: Mapping[str, Any], spark: Mapping[str, Any], role: str, *, replicas: int | None) -> Obj:
    spec: Obj = {"selector": {"matchLabels": _match(spark, role)}, "template": _pod(frame, spark, role)}
    if replicas is not None:
        spec["replicas"] = replicas
        # Two servers at once would be two sessions of the same people.
        spec["strategy"] = {"type": "Recreate"}
    name = f"{spark['shared']['name']}-{role}"
    return obj("apps/v1", "Deployment", name, frame, spark, labels=_match(spark, role), spec=spec)


def _scaler(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Obj:
    told = spark["shared"]
    scale = told["autoscaling"]
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": f"{told['name']}-worker"},
        "minReplicas": scale["min"],
        "maxReplicas": scale["max"],
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": scale["cpu"]}},
            }
        ],
        "behavior": scale["behavior"],
    }
    name = f"{told['name']}-worker"
    return obj(
        "autoscaling/v2", "HorizontalPodAutoscaler", name, frame, spark, labels=_match(spark, "worker"), spec=spec
    )


def _budget(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Obj:
    name = f"{spark['shared']['name']}-worker"
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": _match(spark, "worker")}}
    return obj("policy/v1", "PodDisruptionBudget", name, frame, spark, labels=_match(spark, "worker"), spec=spec)
