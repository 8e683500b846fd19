"""Every word of a structural schema that the walk knows, on a CRD of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from schema_walk import Walk
from schemas import Crds, crds, problems

CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  scope: Cluster
  names:
    kind: Thing
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            properties:
              size:
                x-kubernetes-int-or-string: true
                anyOf: [{type: integer}, {type: string}]
                pattern: '^[0-9]+Gi$'
              free:
                type: object
                x-kubernetes-preserve-unknown-fields: true
                properties: {known: {type: integer}}
              whole:
                type: object
                x-kubernetes-preserve-unknown-fields: true
                x-kubernetes-embedded-resource: true
              maybe: {type: string, nullable: true}
              word: {type: string, pattern: '^((?i)yes|no)$', enum: [=, Yes, no]}
              either:
                type: object
                properties: {a: {type: string}, b: {type: string}}
                oneOf: [{required: [a]}, {required: [b]}]
              never: {type: object, properties: {a: {type: string}}, not: {required: [a]}}
              keyed:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [k]
                items: {type: object, properties: {k: {type: string}}}
  - name: v1alpha1
    served: false
    schema: {openAPIV3Schema: {type: object}}
"""


def thing(version: str, **parts: Any) -> dict[str, Any]:
    return {"apiVersion": f"example.org/{version}", "kind": "Thing", "metadata": {"name": "x"}, **parts}


THINGS: list[tuple[str, Any, str | None]] = [
    ("size", 3, None),
    ("size", "3Gi", None),
    ("size", "3Mi", "does not match"),
    ("size", [], "not integer or string"),
    ("free", {"anything": {"goes": 1}, "known": 1}, None),
    ("free", {"known": "x"}, "spec.free.known: is string, not integer"),
    ("whole", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {}}, None),
    ("whole", {"apiVersion": "v1", "kind": "X", "metadata": {"nam": "x"}}, "spec.whole.metadata.nam: unknown field"),
    ("whole", {"apiVersion": "v1"}, "the field kind is missing"),
    ("maybe", None, None),
    ("size", None, "is null"),
    ("word", "Yes", None),
    ("word", "YES", "not one of =, Yes, no"),
    ("either", {"a": "x"}, None),
    ("either", {"a": "x", "b": "y"}, "fits 2 of the 2 shapes of oneOf"),
    ("either", {"a": "x", "c": "y"}, "spec.either.c: unknown field"),
    ("never", {}, None),
    ("never", {"a": "x"}, "excludes"),
    ("keyed", [{"k": "a"}, {"k": "b"}], None),
    ("keyed", [{"k": "a"}, {"k": "a"}], "two entries have the same k: ['a']"),
]


@pytest.mark.parametrize(("field", "value", "expected"), THINGS)
def test_words_of_structural_schemas(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, field: str, value: Any, expected: str | None
) -> None:
    monkeypatch.setenv("ROSACE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "thing.yaml").write_text(CRD)
    source = crds(tmp_path)
    assert isinstance(source, Crds)
    found = problems([thing("v1", spec={field: value})], source)
    assert len(found) == (expected is not None)
    assert expected is None or expected in found[0]
    assert "served as v1, not as v1alpha1" in problems([thing("v1alpha1")], source)[0]


def test_sizes_and_bounds() -> None:
    schema = {
        "properties": {
            "text": {"type": "string", "minLength": 2, "maxLength": 3},
            "list": {"type": "array", "maxItems": 1, "uniqueItems": True},
            "low": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            "high": {"type": "number", "maximum": 9},
            "any": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
            "all": {"type": "string", "allOf": [{"pattern": "a"}, {"pattern": "b"}]},
        }
    }
    walk = Walk({})
    walk.check({"text": "abc", "list": [1], "low": 0.1, "high": 9, "any": True, "all": "ab"}, schema, "")
    assert walk.problems == []
    walk.check({"text": "a", "list": [1, 1], "low": 0, "high": 10, "any": "x", "all": "a"}, schema, "")
    assert [path for path, _ in walk.problems] == ["text", "list", "list", "low", "high", "any", "all"]
