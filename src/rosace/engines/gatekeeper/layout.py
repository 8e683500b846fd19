"""Gatekeeper's objects as `charts/policies` lays them out from the same values. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rosace.engines.manifest import Obj, obj, objects_of

TEMPLATES = "templates.gatekeeper.sh/v1"
CONSTRAINTS = "constraints.gatekeeper.sh/v1beta1"
TARGET = "admission.k8s.gatekeeper.sh"
AFTER = {
    "argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true",
    "argocd.argoproj.io/sync-wave": "1",
}
"""Gatekeeper makes a constraint's kind of its template: it comes when that is there."""


def layout(frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
    """Templates, then the constraints that hold them against objects."""
    if not section["enabled"]:
        return []
    found = [_template(frame, section, policy) for _, policy in objects_of(section, "policies")]
    if section["constrain"]:
        found += [_constraint(frame, section, name, policy) for name, policy in objects_of(section, "policies")]
    return found


def _template(frame: Mapping[str, Any], section: Mapping[str, Any], policy: Mapping[str, Any]) -> Obj:
    parameters = {"type": "object", "properties": policy["schema"]}
    source = {"version": "v1", "rego": policy["rego"], "libs": [section["library"]]}
    return obj(
        TEMPLATES,
        "ConstraintTemplate",
        policy["kind"].lower(),
        frame,
        section,
        namespace=None,
        spec={
            "crd": {"spec": {"names": {"kind": policy["kind"]}, "validation": {"openAPIV3Schema": parameters}}},
            "targets": [{"target": TARGET, "code": [{"engine": "Rego", "source": source}]}],
        },
    )


def _constraint(frame: Mapping[str, Any], section: Mapping[str, Any], name: str, policy: Mapping[str, Any]) -> Obj:
    match = {
        "kinds": policy["kinds"],
        "namespaceSelector": {"matchLabels": section["namespaces"]["labels"]},
        "excludedNamespaces": section["namespaces"]["without"],
    }
    spec = {"enforcementAction": section["enforcement"], "match": match, "parameters": policy["parameters"]}
    named = f"{frame['platform']}-{name}"
    return obj(CONSTRAINTS, policy["kind"], named, frame, section, namespace=None, annotations=AFTER, spec=spec)
