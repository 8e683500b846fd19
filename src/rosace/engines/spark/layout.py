"""Spark's objects as `charts/processing` lays them out from the same values. Decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rosace.engines import pods
from rosace.engines.manifest import Obj, obj, objects_of
from rosace.engines.spark.layout_shared import shared

API = "sparkoperator.k8s.io/v1beta2"
RBAC = "rbac.authorization.k8s.io/v1"
RUNNER = Path(__file__).with_name("runner")


def layout(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, in the order of the templates' names."""
    if not spark["enabled"]:
        return []
    return [
        *_applications(frame, spark),
        *_connect(frame, spark),
        *_rights(frame, spark),
        *_runner(frame, spark),
        *shared(frame, spark),
    ]


def sum_of(files: Mapping[str, str]) -> str:
    """A short sum of files, so that a change of what a job is told makes a new pod."""
    return hashlib.sha256("\n".join(sorted(files.values())).encode()).hexdigest()[:16]


def _labels(name: str, job: str) -> dict[str, str]:
    return {"app.kubernetes.io/component": name, "rosace.io/job": job}


def _applications(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Iterator[Obj]:
    for name, job in objects_of(spark, "jobs"):
        where = {"namespace": job["namespace"], "labels": {"rosace.io/job": name}}
        yield obj("v1", "ConfigMap", f"spark-{name}", frame, spark, data=dict(job["files"]), **where)
        where["annotations"] = pods.placement(job)
        spec = _application(frame, spark, name, job)
        if "schedule" not in job:
            yield obj(API, "SparkApplication", name, frame, spark, spec=spec, **where)
            continue
        scheduled = {
            "schedule": job["schedule"],
            "timeZone": "UTC",
            "concurrencyPolicy": "Forbid",
            "successfulRunHistoryLimit": 3,
            "failedRunHistoryLimit": 3,
            "template": spec,
        }
        yield obj(API, "ScheduledSparkApplication", name, frame, spark, spec=scheduled, **where)


def _application(frame: Mapping[str, Any], spark: Mapping[str, Any], name: str, job: Mapping[str, Any]) -> Obj:
    spec: Obj = {
        "type": "Python",
        "mode": "cluster",
        "pythonVersion": "3",
        "sparkVersion": spark["version"],
        "image": spark["image"],
        "imagePullPolicy": "IfNotPresent",
        "mainApplicationFile": f"local://{spark['runner']}/boot.py",
        "arguments": job["arguments"],
        "restartPolicy": job["restart"],
        "sparkConf": job["config"],
        "driver": {
            **_role(frame, spark, name, job, "driver"),
            "serviceAccount": job["serviceAccount"],
        },
        "executor": _role(frame, spark, name, job, "executor"),
    }
    if "instances" in job["executor"]:
        spec["executor"]["instances"] = job["executor"]["instances"]
    if "dynamicAllocation" in job:
        spec["dynamicAllocation"] = job["dynamicAllocation"]
    return spec


def _role(frame: Mapping[str, Any], spark: Mapping[str, Any], name: str, job: Mapping[str, Any], role: str) -> Obj:
    told = job[role]
    out = {key: told[key] for key in ("cores", "coreRequest", "memory", "memoryOverhead")}
    if "coreLimit" in told:
        out["coreLimit"] = told["coreLimit"]
    labels = {**frame["labels"], **spark["labels"], **_labels(role, name)}
    near = {**told, **pods.affinity(job)}
    inner = pod(frame, spark, f"spark-kubernetes-{role}", role == "driver", job["volumes"], near)
    return {
        **out,
        "labels": labels,
        "annotations": {"rosace.io/sum": sum_of(job["files"])},
        "template": {"spec": inner},
    }


def pod(
    frame: Mapping[str, Any],
    spark: Mapping[str, Any],
    container: str,
    token: bool,
    volumes: list[Any],
    told: Mapping[str, Any],
) -> Obj:
    """A driver's or executor's pod: what Spark itself does not write."""
    return {
        "automountServiceAccountToken": token,
        **spark["pod"],
        **pods.affinity(told),
        "initContainers": [pods.prepare(frame, spark, volumes, told["prepare"])],
        "containers": [
            {
                "name": container,
                "env": pods.environment(told["env"]),
                "securityContext": frame["containerSecurity"],
                "volumeMounts": pods.mounts(volumes),
            }
        ],
        "volumes": pods.volumes(volumes),
    }


def _connect(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Iterator[Obj]:
    for project, told in objects_of(spark, "interactive"):
        name = f"{project}-connect"
        where = {"namespace": told["namespace"], "labels": {"rosace.io/job": name}}
        yield obj("v1", "ConfigMap", f"spark-{name}", frame, spark, data=dict(told["files"]), **where)
        spec = {
            "sparkVersion": spark["version"],
            "image": spark["image"],
            "dynamicAllocation": told["dynamicAllocation"],
            "server": {
                "cores": told["server"]["cores"],
                "memory": told["server"]["memory"],
                "template": _connect_pod(frame, spark, name, told, "server"),
            },
            "executor": {
                "cores": told["executor"]["cores"],
                "memory": told["executor"]["memory"],
                "template": _connect_pod(frame, spark, name, told, "executor"),
            },
        }
        yield obj("sparkoperator.k8s.io/v1alpha1", "SparkConnect", name, frame, spark, spec=spec, **where)


def _connect_pod(
    frame: Mapping[str, Any], spark: Mapping[str, Any], name: str, told: Mapping[str, Any], role: str
) -> Obj:
    """The server's pod is all there is to say of it; Spark writes the rest of an executor's."""
    one = told[role]
    server = role == "server"
    inner = pod(frame, spark, f"spark-kubernetes-{'driver' if server else role}", server, told["volumes"], one)
    main = inner["containers"][0]
    main["resources"] = one["resources"]
    if server:
        inner["serviceAccountName"] = told["serviceAccount"]
        main["image"] = spark["image"]
        main["ports"] = [{"name": word, "containerPort": number} for word, number in sorted(one["ports"].items())]
        ready, live = ({"tcpSocket": {"port": port}} for port in ("connect", "metrics"))
        main["readinessProbe"] = {**ready, "periodSeconds": 5, "timeoutSeconds": 3}
        main["livenessProbe"] = {**live, "initialDelaySeconds": 90, "periodSeconds": 20, "timeoutSeconds": 5}
    metadata = {
        "labels": {**frame["labels"], **spark["labels"], **_labels(f"connect-{role}", name)},
        "annotations": {"rosace.io/sum": sum_of(told["files"])},
    }
    return {"metadata": metadata, "spec": inner}


def _rights(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Iterator[Obj]:
    for namespace, accounts in objects_of(spark, "accounts"):
        where = {"namespace": namespace}
        for account in accounts:
            yield obj("v1", "ServiceAccount", account, frame, spark, automountServiceAccountToken=False, **where)
        yield obj(RBAC, "Role", "spark-driver", frame, spark, rules=spark["rights"], **where)
        yield obj(
            RBAC,
            "RoleBinding",
            "spark-driver",
            frame,
            spark,
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "spark-driver"},
            subjects=[{"kind": "ServiceAccount", "name": one, "namespace": namespace} for one in accounts],
            **where,
        )


def _runner(frame: Mapping[str, Any], spark: Mapping[str, Any]) -> Iterator[Obj]:
    """The chart holds a copy of the runner in `files/spark-runner`; a test keeps the two the same."""
    data = {path.name: path.read_text("utf-8") for path in sorted(RUNNER.glob("*.py"))}
    for namespace in sorted({job["namespace"] for _, job in objects_of(spark, "jobs")}):
        yield obj("v1", "ConfigMap", "spark-runner", frame, spark, data=data, namespace=namespace)
