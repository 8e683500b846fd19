"""The policies: what each asks, of which kinds, in Gatekeeper's words. Pure.

The texts in Rego lie beside this file, in `policies/`. Sources: open-policy-agent.github.io/gatekeeper/website, "How to
use Gatekeeper" (v3.23.x), "Constraint Templates"; kubernetes.io/docs, "Images".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rosace.contract.values import Passed
from rosace.engines.gatekeeper.values import Policy
from rosace.kit.balancers import WHY
from rosace.model.cluster_words import Policies

WEBHOOK, METRICS = 8443, 8888

LIBRARY = "pods"
"""What several policies share."""

PODS = {"apiGroups": [""], "kinds": ["Pod"]}
SERVICES = {"apiGroups": [""], "kinds": ["Service"]}
MAKERS = [
    {"apiGroups": ["apps"], "kinds": ["DaemonSet", "Deployment", "StatefulSet"]},
    {"apiGroups": ["batch"], "kinds": ["CronJob", "Job"]},
]
"""Kinds that people and charts write, and that make pods."""

PART_OF = "app.kubernetes.io/part-of"
RESOURCES = {"requests": ["cpu", "memory"], "limits": ["memory"]}
"""What lasting containers say. No limit of cores: it would slow a pod down while cores are idle."""

TEXTS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
EXEMPT: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "namespace": {"type": "string"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    },
}


@cache
def text(name: str) -> str:
    """A policy in Rego."""
    return files("rosace.engines.gatekeeper").joinpath("policies", f"{name}.rego").read_text(encoding="utf-8")


def policies(words: Policies, registry: str | None, exempt: Sequence[Passed]) -> dict[str, Policy]:
    """All policies by name. `registry` is where the platform's own images come from; `exempt` are operators' pods."""
    pods = {"exempt": [dict(one) for one in exempt]}
    found: dict[str, tuple[list[Passed], Passed]] = {
        "container-resources": ([PODS], {"resources": RESOURCES, **pods}),
        "host-access": ([PODS], pods),
        "image-tags": ([PODS], pods),
        "required-labels": (MAKERS, {"labels": [PART_OF], **pods}),
        "service-entrances": ([SERVICES], {"annotations": [WHY]}),
    }
    if words.registries:
        allowed = list(dict.fromkeys([*words.registries, *([registry] if registry else [])]))
        found["image-registries"] = ([PODS], {"registries": allowed, **pods})
    return {name: _policy(name, *found[name]) for name in sorted(found)}


def kind(name: str) -> str:
    """The kind of a policy's constraints: `RosaceImageTags`."""
    return "Rosace" + "".join(part.title() for part in name.split("-"))


def _policy(name: str, kinds: list[Passed], parameters: Passed) -> Policy:
    return {
        "kind": kind(name),
        "rego": text(name),
        "kinds": kinds,
        "schema": {key: _SCHEMA.get(key, TEXTS) for key in sorted(parameters)},
        "parameters": parameters,
    }


_SCHEMA: Mapping[str, Mapping[str, Any]] = {
    "exempt": EXEMPT,
    "resources": {"type": "object", "additionalProperties": TEXTS},
}
