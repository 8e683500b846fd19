"""Parts of Kubernetes objects that every room says the same way in its values, word for word as the API server takes
them: charts hand them on (`toYaml`).

Comes in: decisions. Goes out: plain dicts. Must not: decide anything about an engine, or lay out an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Obj = dict[str, Any]
"""One Kubernetes object, JSON as the API server takes it."""


def name_labels(name: str, **more: str) -> dict[str, str]:
    """The labels by which the pods of `name` are known; they never change between releases, selectors use them."""
    return {"app.kubernetes.io/name": name, **more}


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
