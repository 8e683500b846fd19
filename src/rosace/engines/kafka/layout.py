"""Kafka's objects as `charts/streaming` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.kafka.layout_mirrors import API, authority, login, mirrors
from rosace.engines.manifest import Obj, obj, objects_of

_REPORTER = {"type": "strimziMetricsReporter", "values": {"allowList": ["kafka_.*"]}}


def layout(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> list[Obj]:
    """All objects of the section, in the order of the templates' names."""
    if not kafka["enabled"]:
        return []
    own = [_kafka(frame, kafka), *_pools(frame, kafka), *_topics(frame, kafka), *_users(frame, kafka)]
    if kafka.get("connect"):
        own += [*_connect(frame, kafka), *_connectors(frame, kafka)]
    return [*own, *mirrors(frame, kafka)] if kafka.get("mirrors") else own


def _kafka(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Obj:
    listener = kafka["listener"]
    spec: Obj = {
        "kafka": {
            "version": kafka["version"],
            "image": kafka["image"],
            "listeners": [
                {
                    "name": listener["name"],
                    "port": listener["port"],
                    "type": "internal",
                    "tls": True,
                    "authentication": {"type": "scram-sha-512"},
                },
                *([_outside(kafka["outside"])] if kafka.get("outside") else []),
            ],
            "authorization": {"type": "simple"},
            "config": kafka["config"],
            "metricsConfig": _REPORTER,
        },
        "clusterCa": {"generateCertificateAuthority": False},
        "entityOperator": {
            "topicOperator": {"resources": kafka["entityOperator"]["resources"]},
            "userOperator": {"resources": kafka["entityOperator"]["resources"]},
            "template": {
                "pod": kafka["entityOperator"]["pod"],
                "topicOperatorContainer": {"securityContext": frame["containerSecurity"]},
                "userOperatorContainer": {"securityContext": frame["containerSecurity"]},
            },
        },
        "kafkaExporter": {
            "groupRegex": ".*",
            "topicRegex": ".*",
            "resources": kafka["exporter"]["resources"],
            "template": {
                "pod": kafka["exporter"]["pod"],
                "container": {"securityContext": frame["containerSecurity"]},
            },
        },
    }
    if kafka["rack"]:
        spec["kafka"]["rack"] = {"topologyKey": kafka["rack"]}
    if kafka["cruiseControl"]["enabled"]:
        spec["cruiseControl"] = {
            "resources": kafka["cruiseControl"]["resources"],
            "template": {
                "pod": kafka["cruiseControl"]["pod"],
                "cruiseControlContainer": {"securityContext": frame["containerSecurity"]},
            },
        }
    return obj(API, "Kafka", kafka["name"], frame, kafka, spec=spec)


def _outside(listener: Mapping[str, Any]) -> Obj:
    return {
        "name": listener["name"],
        "port": listener["port"],
        "type": "loadbalancer",
        "tls": True,
        "authentication": {"type": "scram-sha-512"},
        "configuration": {
            "externalTrafficPolicy": "Local",
            "loadBalancerSourceRanges": listener["addresses"],
            "bootstrap": {"alternativeNames": [listener["host"]], "annotations": listener["annotations"]},
            "advertisedHostTemplate": listener["brokerHost"],
            "perBrokerAnnotationsTemplate": listener["brokerAnnotations"],
        },
    }


def _pools(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Iterator[Obj]:
    yield _pool(frame, kafka, "broker", kafka)
    yield _pool(frame, kafka, "controller", kafka["controllers"])


def _pool(frame: Mapping[str, Any], kafka: Mapping[str, Any], role: str, pool: Mapping[str, Any]) -> Obj:
    storage = pool["storage"]
    volumes = [
        {
            "id": number,
            "type": "persistent-claim",
            "size": storage["size"],
            "deleteClaim": False,
            **({"class": storage["class"]} if "class" in storage else {}),
            **({"kraftMetadata": "shared"} if number == 0 else {}),
        }
        for number in range(storage["volumes"])
    ]
    spec = {
        "replicas": pool["replicas"],
        "roles": [role],
        "storage": {"type": storage["type"], "volumes": volumes},
        "resources": pool["resources"],
        "jvmOptions": pool["jvm"],
        "template": {
            "pod": pool["pod"],
            "kafkaContainer": {"securityContext": frame["containerSecurity"]},
            "initContainer": {"securityContext": frame["containerSecurity"]},
        },
    }
    return obj(API, "KafkaNodePool", role, frame, kafka, labels={"strimzi.io/cluster": kafka["name"]}, spec=spec)


def _topics(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Iterator[Obj]:
    for name, topic in objects_of(kafka, "topics"):
        yield obj(
            API,
            "KafkaTopic",
            name,
            frame,
            kafka,
            labels={"strimzi.io/cluster": kafka["name"]},
            spec={"partitions": topic["partitions"], "replicas": topic["replicas"], "config": topic["config"]},
        )


def _users(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Iterator[Obj]:
    for name, user in objects_of(kafka, "users"):
        secret = {"name": f"kafka-{name}", "key": "password"}
        yield obj(
            API,
            "KafkaUser",
            name,
            frame,
            kafka,
            labels={"strimzi.io/cluster": kafka["name"]},
            spec={
                "authentication": {"type": "scram-sha-512", "password": {"valueFrom": {"secretKeyRef": secret}}},
                "authorization": {"type": "simple", "acls": user["acls"]},
            },
        )


def _connect(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Iterator[Obj]:
    connect = kafka["connect"]
    secrets = sorted(connect["secrets"].items())
    volumes = [{"name": name, "secret": {"secretName": secret}} for name, secret in secrets]
    spec = {
        "version": kafka["version"],
        "replicas": connect["replicas"],
        "image": connect["image"],
        "bootstrapServers": connect["bootstrapServers"],
        "groupId": "connect-cluster",
        "configStorageTopic": "connect-cluster-configs",
        "offsetStorageTopic": "connect-cluster-offsets",
        "statusStorageTopic": "connect-cluster-status",
        "tls": authority(kafka),
        "authentication": login(connect["user"]),
        "config": connect["config"],
        "resources": connect["resources"],
        "jvmOptions": connect["jvm"],
        "metricsConfig": {"type": "strimziMetricsReporter", "values": {"allowList": ["kafka_connect_.*"]}},
        "template": {
            "pod": {**connect["pod"], "volumes": volumes},
            "connectContainer": {
                "securityContext": frame["containerSecurity"],
                "volumeMounts": [{"name": name, "mountPath": f"/mnt/{name}"} for name, _ in secrets],
            },
        },
    }
    resources = {"strimzi.io/use-connector-resources": "true"}
    yield obj(API, "KafkaConnect", connect["name"], frame, kafka, annotations=resources, spec=spec)


def _connectors(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Iterator[Obj]:
    for name, connector in objects_of(kafka, "connectors"):
        spec = {
            "class": connector["class"],
            "tasksMax": connector["tasks"],
            "autoRestart": {"enabled": True},
            "config": connector["config"],
        }
        labels = {"strimzi.io/cluster": kafka["connect"]["name"]}
        yield obj(API, "KafkaConnector", name, frame, kafka, labels=labels, spec=spec)
