"""Copies of other clusters' topics as `charts/streaming` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj, objects_of

API = "kafka.strimzi.io/v1"


def authority(kafka: Mapping[str, Any]) -> Obj:
    """Whom a client of Kafka trusts: one authority signs for the brokers of every cluster."""
    return {"trustedCertificates": [{"secretName": f"{kafka['name']}-cluster-ca-cert", "certificate": "ca.crt"}]}


def login(user: str) -> Obj:
    """How a client of Kafka proves who it is."""
    return {
        "type": "scram-sha-512",
        "username": user,
        "passwordSecret": {"secretName": f"kafka-{user}", "password": "password"},
    }


def mirrors(frame: Mapping[str, Any], kafka: Mapping[str, Any]) -> Iterator[Obj]:
    """MirrorMaker 2, on the cluster where the copies are."""
    told = kafka["mirrors"]
    name, known = told["name"], {"tls": authority(kafka), "authentication": login(told["user"])}
    spec = {
        "version": kafka["version"],
        "replicas": told["replicas"],
        "image": kafka["image"],
        "target": {
            "alias": told["alias"],
            "bootstrapServers": told["bootstrapServers"],
            "groupId": name,
            "configStorageTopic": f"{name}-configs",
            "offsetStorageTopic": f"{name}-offsets",
            "statusStorageTopic": f"{name}-status",
            **known,
            "config": told["config"],
        },
        "mirrors": [
            {
                "source": {"alias": cluster, "bootstrapServers": source["bootstrapServers"], **known},
                "topicsPattern": source["topics"],
                "sourceConnector": {
                    "tasksMax": source["tasks"],
                    "autoRestart": {"enabled": True},
                    "config": source["config"],
                },
            }
            for cluster, source in objects_of(told, "sources")
        ],
        "resources": told["resources"],
        "jvmOptions": told["jvm"],
        "metricsConfig": {"type": "strimziMetricsReporter", "values": {"allowList": ["kafka_connect_.*"]}},
        "template": {
            "pod": told["pod"],
            "connectContainer": {"securityContext": frame["containerSecurity"]},
        },
    }
    yield obj(API, "KafkaMirrorMaker2", name, frame, kafka, spec=spec)
