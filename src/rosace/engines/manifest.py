"""The words of Kubernetes objects that every room says the same way.

Comes in: decisions. Goes out: plain dicts as the API server takes them. Must not: decide anything about an engine.
Charts lay out the same from the same values; a test renders both and compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Obj = dict[str, Any]
"""One Kubernetes object, JSON as the API server takes it."""


def obj(api: str, kind: str, name: str, frame: Mapping[str, Any], section: Mapping[str, Any], **body: Any) -> Obj:
    """An object of a section of a chart's values.

    `frame` is the chart's `global` values; `section` is the engine's own, with `namespace` and `labels`. `annotations`
    and `labels` in `body` go into the metadata (labels beside those of all), `namespace=None` says cluster-wide.
    """
    namespace = body.pop("namespace", section.get("namespace"))
    more, annotations = body.pop("labels", {}), body.pop("annotations", {})
    metadata: Obj = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    metadata["labels"] = {**frame["labels"], **section.get("labels", {}), **more}
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **body}


def name_labels(name: str, **more: str) -> dict[str, str]:
    """The labels by which the pods of `name` are known; they never change between releases, selectors use them."""
    return {"app.kubernetes.io/name": name, **more}


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without what is not said: a chart's values show only decisions."""
    return {key: value for key, value in values.items() if value is not None}


POD_SECURITY: Obj = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
"""What Pod Security's *restricted* level asks of a pod (kubernetes.io, Pod Security Standards, v1.34)."""

CONTAINER_SECURITY: Obj = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "privileged": False,
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""What it asks of a container, with a root file system that nobody can write to."""


def pod_security(user: int, group: int | None = None) -> Obj:
    """A pod that runs as an ordinary user, whose volumes belong to it."""
    number = user if group is None else group
    return {
        **POD_SECURITY,
        "runAsUser": user,
        "runAsGroup": number,
        "fsGroup": number,
        "fsGroupChangePolicy": "OnRootMismatch",
    }


def spread(labels: Mapping[str, str], zones: int) -> list[Obj]:
    """Pods of one kind apart from each other: one a node and one a zone as far as there are any."""
    keys = ["kubernetes.io/hostname", *(["topology.kubernetes.io/zone"] if zones > 1 else [])]
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
        for key in keys
    ]


def env(pairs: Mapping[str, str]) -> list[Obj]:
    """Plain environment variables."""
    return [{"name": name, "value": value} for name, value in pairs.items()]


def secret_env(name: str, secret: str, key: str) -> Obj:
    """An environment variable from a secret's key."""
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def objects_of(values: Mapping[str, Any], *names: str) -> Iterable[tuple[str, Any]]:
    """The entries of a section's mappings, in the order of Helm's `range`: by key."""
    for name in names:
        yield from sorted((values.get(name) or {}).items())


_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def pretty(value: Any) -> str:
    """Plain data as Helm's `toPrettyJson` writes it: keys in order, what HTML reads escaped. YAML readers take it."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).translate(_ESCAPED)


def compact(value: Any) -> str:
    """Plain data as Helm's `toJson` writes it."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).translate(_ESCAPED)
