"""One pod that an object asks for, and where each of its parts is written in that object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class PodTemplate:
    """`owner`: "Kind/name" of the object. `places`: part of the spec -> where the object says it; "" is the rest."""

    owner: str
    spec: Manifest
    annotations: Mapping[str, str]
    places: Mapping[str, str]

    def place(self, path: str) -> str:
        """Where the object says `path` of the pod's spec."""
        for part in sorted(self.places, key=len, reverse=True):
            rest = path[len(part) :]
            if path.startswith(part) and (not part or rest[:1] in ("", ".", "[")):
                start, rest = self.places[part], rest.lstrip(".")
                return f"{start}{'' if not start or not rest or rest[0] == '[' else '.'}{rest}"
        return path


def title(owner: Manifest) -> str:
    """What messages call an object."""
    metadata = owner.get("metadata") or {}
    return f"{owner.get('kind')}/{metadata.get('name') or metadata.get('generateName')}"


def of_template(owner: Manifest, path: str, template: Manifest) -> PodTemplate:
    """A PodTemplateSpec (metadata and spec) that lies at `path` of its owner."""
    dot = f"{path}." if path else ""
    return PodTemplate(
        title(owner),
        template.get("spec") or {},
        (template.get("metadata") or {}).get("annotations") or {},
        {"": f"{dot}spec", "annotations": f"{dot}metadata.annotations"},
    )
