"""Parts of pods that a chart's helpers lay out from short words, for engines whose jobs come as pods of their own.

Comes in: values. Goes out: parts of a pod as the API server takes them. Decides nothing; `charts/processing/templates/
_pods.tpl` says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rosace.engines.manifest import Obj, secret_env

Volume = Mapping[str, Any]
"""`name`, `path`, and one of `configMap`, `secret` (names), `emptyDir`, `claim` (of the pod's own set)."""


def volumes(said: Iterable[Volume]) -> list[Obj]:
    """The pod's volumes."""
    return [_volume(one) for one in said if "claim" not in one]


def _volume(one: Volume) -> Obj:
    if "configMap" in one:
        return {"name": one["name"], "configMap": {"name": one["configMap"]}}
    if "secret" in one:
        return {"name": one["name"], "secret": {"secretName": one["secret"]}}
    return {"name": one["name"], "emptyDir": one["emptyDir"]}


def mounts(said: Iterable[Volume]) -> list[Obj]:
    """Where a container finds them; what is a file of somebody else's is read only."""
    return [
        {
            "name": one["name"],
            "mountPath": one["path"],
            **({"readOnly": True} if "configMap" in one or "secret" in one else {}),
        }
        for one in said
    ]


def placement(told: Mapping[str, Any]) -> dict[str, str]:
    """The annotation of a job that says why it is on this cluster."""
    return {"rosace.io/placement": told["placement"]} if "placement" in told else {}


def affinity(told: Mapping[str, Any]) -> Obj:
    """Beside whom a job's pods would like to be."""
    return {"affinity": told["affinity"]} if "affinity" in told else {}


def environment(said: Mapping[str, Any]) -> list[Obj]:
    """Variables: from secrets first, since plain ones may name them (`$(KAFKA_PASSWORD)`), then from the pod itself."""
    out = [secret_env(name, one["secret"], one["key"]) for name, one in sorted((said.get("secrets") or {}).items())]
    out += [{"name": name, "value": value} for name, value in sorted((said.get("plain") or {}).items())]
    fields = sorted((said.get("fields") or {}).items())
    return out + [{"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields]


def prepare(
    frame: Mapping[str, Any], section: Mapping[str, Any], said: Iterable[Volume], env: Mapping[str, Any]
) -> Obj:
    """The init container that fetches jars and writes down what comes of secrets."""
    told = section["prepare"]
    return {
        "name": "prepare",
        "image": section["image"],
        "command": ["bash", "-c", told["script"]],
        "env": environment(env),
        "resources": told["resources"],
        "securityContext": frame["containerSecurity"],
        "volumeMounts": mounts(said),
    }
