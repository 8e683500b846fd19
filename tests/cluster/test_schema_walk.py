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
            "under": {"type": "number", "maximum": 9, "exclusiveMaximum": True},
            "from": {"type": "number", "minimum": 0},
            "small": {"type": "integer", "format": "int32"},
            "when": {"type": "string", "format": "date-time"},
            "bytes": {"type": "string", "format": "byte"},
            "any": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
            "all": {"type": "string", "allOf": [{"pattern": "a"}, {"pattern": "b"}]},
        }
    }
    walk = Walk({})
    right: dict[str, Any] = {"text": "abc", "list": [1], "low": 0.1, "high": 9, "any": True, "all": "ab"}
    right |= {"under": 8, "from": 0, "small": -(2**31), "when": "2026-11-23T04:00:00Z", "bytes": "aGk="}
    walk.check(right, schema, "")
    assert walk.problems == []
    wrong = {"text": "a", "list": [1, 1], "low": 0, "high": 10, "any": "x", "all": "a", "under": 9}
    wrong |= {"from": -1, "small": 2**31, "when": "2026-11-23T04:00:00", "bytes": "a,Gk="}
    walk.check(wrong, schema, "")
    assert {path for path, _ in walk.problems} == set(wrong)
    other = Walk({})
    other.check({"when": "2026-11-23"}, schema, "")
    other.check({"when": "noT"}, schema, "")
    assert len(other.problems) == 2


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("^(?i)(abort|warn)?$", ["ABORT", "", "warn"], ["x", "warns"]),
        ("^((?i)jan|feb)(:x)$", ["JAN:x", "Feb:x"], ["jan:X", "mar:x"]),
        (r"^((?i)a\)b)c$", ["A)Bc", "a)bc"], ["a)bC"]),
        ("(?i)^x$", ["X"], ["y"]),
    ],
)
def test_patterns_are_read_as_go_reads_them(pattern: str, fits: list[str], fails: list[str]) -> None:
    def said(value: str) -> bool:
        walk = Walk({})
        walk.check(value, {"type": "string", "pattern": pattern}, "")
        return not walk.problems

    assert [value for value in fits if not said(value)] == []
    assert [value for value in fails if said(value)] == []


def test_types_that_go_reads_in_its_own_way() -> None:
    names = ("Time", "RawExtension", "Quantity", "IntOrString")
    schema = {"properties": {name: {"$ref": f"#/definitions/io.k8s.{name}"} for name in names}}
    for right in (
        {"Time": None, "RawExtension": {"any": None}, "Quantity": 1.5, "IntOrString": "a"},
        {"Time": "2026-11-23T04:00:00.5Z", "RawExtension": [], "Quantity": "-1.5e3", "IntOrString": 1},
        {"Quantity": "100Mi"},
    ):
        walk = Walk({})
        walk.check(right, schema, "")
        assert walk.problems == []
    walk = Walk({})
    walk.check({"Time": "now", "Quantity": "1 Gi", "IntOrString": None}, schema, "")
    walk.check({"Quantity": True, "IntOrString": 1.5}, schema, "")
    assert [path for path, _ in walk.problems] == ["Time", "Quantity", "IntOrString", "Quantity", "IntOrString"]


def test_metadata_of_objects_that_are_not_ours() -> None:
    """Read back from a cluster, an object holds what the server wrote; inside others it is held as strictly."""
    schema = {"type": "object", "x-kubernetes-embedded-resource": True}
    walk = Walk({})
    managed = [{"manager": "kubectl", "fieldsV1": {"f:x": {}}}]
    walk.check({"apiVersion": "v1", "kind": "X", "metadata": {"name": "x", "managedFields": managed}}, schema, "")
    assert walk.problems == []
    walk.check({"apiVersion": "v1", "kind": "X", "spec": {}, "metadata": {"labels": {"a": "-"}}}, schema, "")
    assert [path for path, _ in walk.problems] == ["spec", "metadata.labels.a"]
