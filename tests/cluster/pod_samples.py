"""One object of each kind that asks for pods, each keeping the Pod Security Standard *restricted* by what it says.

The tests of `podspecs` take parts away from them; the tests of `schemas` hold them against their makers' schemas, so
that a field written here is one that the operator reads.
"""

from __future__ import annotations

import json
from typing import Any

POD: dict[str, Any] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
CONTAINER: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
LABELS = {"app": "x"}


def manifest(api_version: str, kind: str, spec: dict[str, Any], /, **labels: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": kind.lower(), "namespace": "data"}
    if labels:
        metadata["labels"] = {key.replace("__", ".").replace("_", "/"): value for key, value in labels.items()}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


def copied(one: dict[str, Any]) -> dict[str, Any]:
    """A copy whose parts are all its own: the samples here share theirs, and deepcopy would keep that."""
    return json.loads(json.dumps(one))


def container(name: str = "main") -> dict[str, Any]:
    return {"name": name, "image": "example/image:1", "securityContext": CONTAINER}


def pod_spec(**more: Any) -> dict[str, Any]:
    return {"securityContext": POD, "containers": [container()], **more}


def template(**more: Any) -> dict[str, Any]:
    return {"metadata": {"labels": LABELS}, "spec": pod_spec(**more)}


def strimzi(*containers: str) -> dict[str, Any]:
    return {"pod": {"securityContext": POD}, **{name: {"securityContext": CONTAINER} for name in containers}}


def overlay(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "securityContext": CONTAINER} for name in names]


SELECTED = {"selector": {"matchLabels": LABELS}, "template": template()}
ONCE = {"template": template(restartPolicy="Never")}
LISTENER = {"name": "tls", "port": 9093, "type": "internal", "tls": True}
KAFKA = manifest(
    "kafka.strimzi.io/v1",
    "Kafka",
    {
        "kafka": {"listeners": [LISTENER], "template": strimzi("kafkaContainer")},
        "entityOperator": {
            "topicOperator": {},
            "userOperator": {},
            "template": strimzi("topicOperatorContainer", "userOperatorContainer"),
        },
        "kafkaExporter": {"template": strimzi("container")},
        "cruiseControl": {"template": strimzi("cruiseControlContainer")},
    },
)
POOL = manifest(
    "kafka.strimzi.io/v1",
    "KafkaNodePool",
    {
        "replicas": 3,
        "roles": ["broker"],
        "storage": {"type": "ephemeral"},
        "template": strimzi("kafkaContainer"),
    },
    strimzi__io_cluster="kafka",
)
CONNECT = {
    "replicas": 1,
    "bootstrapServers": "kafka:9093",
    "groupId": "connect",
    "configStorageTopic": "configs",
    "statusStorageTopic": "status",
    "offsetStorageTopic": "offsets",
    "rack": {"topologyKey": "topology.kubernetes.io/zone"},
    "template": strimzi("connectContainer", "initContainer"),
}
TARGET = {key: CONNECT[key] for key in CONNECT if key not in ("replicas", "rack", "template")} | {"alias": "target"}
MIRROR = {
    "replicas": 1,
    "target": TARGET,
    "mirrors": [{"source": {"alias": "source", "bootstrapServers": "far:9093"}}],
    "template": strimzi("connectContainer"),
}
ROLE = {"podSecurityContext": POD, "securityContext": CONTAINER}
SPARK = {
    "type": "Scala",
    "mode": "cluster",
    "sparkVersion": "4.0.1",
    "mainApplicationFile": "local:///job.jar",
    "driver": ROLE,
    "executor": ROLE,
}
FLINK_POD = pod_spec(containers=[container("flink-main-container")])
TENANT_POOL = {
    "name": "pool-0",
    "servers": 4,
    "volumesPerServer": 1,
    "volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}},
    "securityContext": POD,
    "containerSecurityContext": CONTAINER,
}
OBSERVED = {
    "securityContext": POD,
    "containers": overlay("prometheus", "config-reloader"),
    "initContainers": overlay("init-config-reloader"),
}
RULER = {
    "securityContext": POD,
    "containers": overlay("thanos-ruler", "config-reloader"),
    "queryEndpoints": ["query:10902"],
    "ruleSelector": {},
}

GOOD: dict[str, dict[str, Any]] = {
    one["kind"]: one
    for one in [
        manifest("v1", "Pod", pod_spec()),
        manifest("apps/v1", "Deployment", SELECTED),
        manifest("apps/v1", "StatefulSet", {"serviceName": "x", **SELECTED}),
        manifest("apps/v1", "DaemonSet", SELECTED),
        manifest("apps/v1", "ReplicaSet", SELECTED),
        manifest("batch/v1", "Job", ONCE),
        manifest("batch/v1", "CronJob", {"schedule": "0 * * * *", "jobTemplate": {"spec": ONCE}}),
        KAFKA,
        POOL,
        manifest("kafka.strimzi.io/v1", "KafkaConnect", CONNECT),
        manifest("kafka.strimzi.io/v1", "KafkaMirrorMaker2", MIRROR),
        manifest("sparkoperator.k8s.io/v1beta2", "SparkApplication", SPARK),
        manifest(
            "sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication", {"schedule": "0 * * * *", "template": SPARK}
        ),
        manifest(
            "sparkoperator.k8s.io/v1alpha1",
            "SparkConnect",
            {
                "sparkVersion": "4.0.1",
                "server": {"template": template()},
                "executor": {"instances": 1, "template": template()},
            },
        ),
        manifest(
            "flink.apache.org/v1beta1",
            "FlinkDeployment",
            {"flinkVersion": "v2_0", "podTemplate": {"spec": FLINK_POD}, "jobManager": {}, "taskManager": {}},
        ),
        manifest("minio.min.io/v2", "Tenant", {"pools": [TENANT_POOL]}),
        manifest("monitoring.coreos.com/v1", "Prometheus", OBSERVED),
        manifest("monitoring.coreos.com/v1alpha1", "PrometheusAgent", OBSERVED),
        manifest(
            "monitoring.coreos.com/v1",
            "Alertmanager",
            {**OBSERVED, "containers": overlay("alertmanager", "config-reloader")},
        ),
        manifest("monitoring.coreos.com/v1", "ThanosRuler", RULER),
    ]
}
