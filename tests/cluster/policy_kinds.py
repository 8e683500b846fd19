"""The kinds that Gatekeeper makes of ConstraintTemplates: each template becomes a definition (CRD) of its constraint.

Comes in: objects. Goes out: the definitions that Gatekeeper's controller would write for the templates among them, as
its documentation says ("Constraint Templates": kind from `spec.crd.spec.names`, parameters from its schema).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from schemas import Shape

GROUP = "constraints.gatekeeper.sh"
ANYTHING: dict[str, Any] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def definitions(objects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One CustomResourceDefinition for each template."""
    return [_definition(one) for one in objects if one["kind"] == "ConstraintTemplate"]


def _definition(template: dict[str, Any]) -> dict[str, Any]:
    words = template["spec"]["crd"]["spec"]
    kind = words["names"]["kind"]
    parameters = words.get("validation", {}).get("openAPIV3Schema", {"type": "object"})
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.lower()}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": {"kind": kind, "plural": kind.lower(), "singular": kind.lower(), "listKind": f"{kind}List"},
            "scope": "Cluster",
            "versions": [
                {
                    "name": "v1beta1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": _schema(parameters)},
                    "subresources": {"status": {}},
                }
            ],
        },
    }


def _schema(parameters: dict[str, Any]) -> dict[str, Any]:
    spec = {
        "type": "object",
        "properties": {"enforcementAction": {"type": "string"}, "match": ANYTHING, "parameters": parameters},
    }
    return {"type": "object", "properties": {"spec": spec, "status": ANYTHING}}


@dataclass(frozen=True)
class Constraints:
    """Those kinds as a source of schemas."""

    objects: tuple[dict[str, Any], ...]

    def shape(self, api_version: str, kind: str) -> Shape | str:
        """The schema of a constraint, if one of the templates makes its kind."""
        for one in definitions(self.objects):
            if api_version == f"{GROUP}/v1beta1" and one["spec"]["names"]["kind"] == kind:
                schema = one["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
                return Shape(schema, {}, namespaced=False, custom=True)
        return ""
