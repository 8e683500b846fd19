"""Flink's objects as `charts/processing` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines import pods
from rosace.engines.manifest import Obj, obj, objects_of

API = "flink.apache.org/v1beta1"
RBAC = "rbac.authorization.k8s.io/v1"
MAIN = "flink-main-container"


def layout(frame: Mapping[str, Any], flink: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, in the order of the templates' names."""
    if not flink["enabled"]:
        return []
    return [*_applications(frame, flink), *_rights(frame, flink), *_sessions(frame, flink)]


def _applications(frame: Mapping[str, Any], flink: Mapping[str, Any]) -> Iterator[Obj]:
    for name, told in objects_of(flink, "jobs"):
        where = {"namespace": told["namespace"], "labels": {"rosace.io/job": name}}
        yield obj("v1", "ConfigMap", f"flink-{name}", frame, flink, data=dict(told["files"]), **where)
        sums = hashlib.sha256("\n".join(sorted(told["files"].values())).encode()).hexdigest()[:16]
        spec = _deployment(frame, flink, name, told, {"rosace.io/sum": sums})
        where["annotations"] = pods.placement(told)
        yield obj(API, "FlinkDeployment", name, frame, flink, spec={**spec, "job": told["job"]}, **where)


def _sessions(frame: Mapping[str, Any], flink: Mapping[str, Any]) -> Iterator[Obj]:
    for namespace, told in objects_of(flink, "sessions"):
        where = {"namespace": namespace, "labels": {"rosace.io/job": "session"}}
        yield obj("v1", "ConfigMap", "flink-session", frame, flink, data=dict(told["files"]), **where)
        spec = _deployment(frame, flink, "session", told, {})
        where["annotations"] = pods.placement(told)
        yield obj(API, "FlinkDeployment", "session", frame, flink, spec=spec, **where)
        for name, job in objects_of(told, "jobs"):
            spec = {"deploymentName": "session", "flinkConfiguration": job["config"], "job": job["job"]}
            labels = {"rosace.io/job": name}
            yield obj(API, "FlinkSessionJob", name, frame, flink, spec=spec, namespace=namespace, labels=labels)


def _deployment(
    frame: Mapping[str, Any],
    flink: Mapping[str, Any],
    name: str,
    told: Mapping[str, Any],
    annotations: Mapping[str, str],
) -> Obj:
    metadata: Obj = {"labels": {**frame["labels"], **flink["labels"], "rosace.io/job": name}}
    if annotations:
        metadata["annotations"] = dict(annotations)
    manager = told["jobManager"]
    return {
        "image": flink["image"],
        "imagePullPolicy": "IfNotPresent",
        "flinkVersion": flink["version"],
        "mode": "native",
        "serviceAccount": told["serviceAccount"],
        "restartNonce": flink["restartNonce"],
        "flinkConfiguration": told["config"],
        "logConfiguration": {"log4j-console.properties": flink["logging"]},
        "podTemplate": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": _pod(frame, flink, told)},
        "jobManager": {
            "replicas": manager["replicas"],
            "resource": {"cpu": manager["cpu"], "memory": manager["memory"]},
            "podTemplate": _probes({"httpGet": {"path": "/config", "port": 8081}}, 8081),
        },
        "taskManager": {
            "resource": {"cpu": told["taskManager"]["cpu"], "memory": told["taskManager"]["memory"]},
            "podTemplate": _probes({"tcpSocket": {"port": 6122}}, 9249),
        },
    }


def _pod(frame: Mapping[str, Any], flink: Mapping[str, Any], told: Mapping[str, Any]) -> Obj:
    """Job manager and task managers alike: both ask the API server who leads."""
    return {
        **flink["pod"],
        **pods.affinity(told),
        "initContainers": [pods.prepare(frame, flink, told["volumes"], told["prepare"])],
        "containers": [
            {
                "name": MAIN,
                "env": pods.environment(told["env"]),
                "ports": [{"name": "metrics", "containerPort": 9249}],
                "securityContext": frame["containerSecurity"],
                "volumeMounts": pods.mounts(told["volumes"]),
            }
        ],
        "volumes": pods.volumes(told["volumes"]),
    }


def _probes(ready: Mapping[str, Any], live: int) -> Obj:
    """Ready by what its peers ask for; alive while it listens at all."""
    container = {
        "name": MAIN,
        "readinessProbe": {**ready, "periodSeconds": 5, "timeoutSeconds": 3},
        "livenessProbe": {
            "tcpSocket": {"port": live},
            "initialDelaySeconds": 90,
            "periodSeconds": 20,
            "timeoutSeconds": 5,
        },
    }
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}


def _rights(frame: Mapping[str, Any], flink: Mapping[str, Any]) -> Iterator[Obj]:
    for namespace, accounts in objects_of(flink, "accounts"):
        where = {"namespace": namespace}
        for account in accounts:
            yield obj("v1", "ServiceAccount", account, frame, flink, **where)
        yield obj(RBAC, "Role", "flink-job", frame, flink, rules=flink["rights"], **where)
        yield obj(
            RBAC,
            "RoleBinding",
            "flink-job",
            frame,
            flink,
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "flink-job"},
            subjects=[{"kind": "ServiceAccount", "name": one, "namespace": namespace} for one in accounts],
            **where,
        )
