"""Holds one value against an OpenAPI schema of Kubernetes, strictly: what the schema does not know is a problem.

Comes in: a schema as Kubernetes publishes it (structural, of a CRD; or a definition of its own swagger.json) and a
value. Goes out: problems as (path, sentence). Stricter than the API server in two ways: unknown fields are refused
where it only drops them, and a null is refused wherever the schema does not ask for it.
Not looked at: rules in CEL (x-kubernetes-validations), formats beyond those in FORMATS, enums of Kubernetes' own kinds
(swagger.json has none).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Any

Schema = Mapping[str, Any]

QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?")
"""apimachinery, pkg/api/resource: the grammar in the comment of Quantity."""
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
QUALIFIED = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
"""apimachinery, pkg/util/validation: IsValidLabelValue and IsQualifiedName."""
TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list | tuple),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, Mapping),
    "string": lambda value: isinstance(value, str),
}
OBJECT_META: Schema = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("name", "generateName", "namespace", "uid", "resourceVersion")},
        **{name: {"type": "string", "format": "date-time"} for name in ("creationTimestamp", "deletionTimestamp")},
        **{name: {"type": "integer"} for name in ("generation", "deletionGracePeriodSeconds")},
        **{name: {"type": "object", "additionalProperties": {"type": "string"}} for name in ("labels", "annotations")},
        **{name: {"type": "array", "items": {"type": "object", "x-any": True}} for name in ("managedFields",)},
        "finalizers": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "ownerReferences": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["apiVersion", "kind", "name", "uid"],
                "properties": {
                    **{name: {"type": "string"} for name in ("apiVersion", "kind", "name", "uid")},
                    **{name: {"type": "boolean"} for name in ("controller", "blockOwnerDeletion")},
                },
            },
        },
    },
}
"""meta/v1 ObjectMeta (Kubernetes 1.37), for CRDs, which never spell it out."""
FREE: Schema = {"x-any": True}


@dataclass
class Walk:
    """One object's problems. `definitions`: what `$ref` leads to."""

    definitions: Mapping[str, Schema]
    problems: list[tuple[str, str]] = field(default_factory=list)

    def check(self, value: Any, schema: Schema, path: str, known_only: bool = True) -> None:
        """Holds `value` against `schema`. `known_only`: unknown fields are problems (not inside anyOf and the like)."""
        if (reference := schema.get("$ref")) is not None:
            name = reference.rpartition("/")[2]
            if special := SPECIAL.get(name.rpartition(".")[2]):
                special(self, value, path)
                return
            schema = self.definitions[name]
            if name.endswith(".ObjectMeta"):
                self.metadata(value, path)
        if value is None:
            typed = schema.get("type") or schema.get("x-kubernetes-int-or-string")
            if typed and not (schema.get("nullable") or "default" in schema):
                self.say(path, "is null: leave the field out")
            return
        kind = schema.get("type")
        if schema.get("x-kubernetes-int-or-string"):
            kind = None
            if isinstance(value, bool) or not isinstance(value, int | str):
                self.say(path, f"is {_kind_of(value)}, not integer or string")
                return
        if kind is not None and not TYPES[kind](value):
            self.say(path, f"is {_kind_of(value)}, not {kind}")
            return
        if "enum" in schema and value not in schema["enum"]:
            self.say(path, f"is {value!r}, not one of {', '.join(map(str, schema['enum']))}")
        if isinstance(value, Mapping):
            self.fields(value, schema, path, known_only)
        elif isinstance(value, str):
            self.text(value, schema, path)
        elif isinstance(value, list | tuple):
            self.entries(value, schema, path, known_only)
        elif not isinstance(value, bool):
            self.number(value, schema, path)
        if "allOf" in schema or "anyOf" in schema or "oneOf" in schema or "not" in schema:
            self.combined(value, schema, path)

    def say(self, path: str, message: str) -> None:
        self.problems.append((path or "(the object)", message))

    def fields(self, value: Mapping[str, Any], schema: Schema, path: str, known_only: bool) -> None:
        """An object: its fields one by one, those that it needs, and no other."""
        known: Mapping[str, Schema] = schema.get("properties") or {}
        more = schema.get("additionalProperties")
        embedded = bool(schema.get("x-kubernetes-embedded-resource"))
        free = more is True or schema.get("x-kubernetes-preserve-unknown-fields") or "x-any" in schema
        for name, part in value.items():
            at = f"{path}.{name}" if path else str(name)
            if embedded and name == "metadata":
                self.metadata(part, at)
                self.check(part, OBJECT_META, at)
            elif name in known:
                self.check(part, known[name], at, known_only)
            elif isinstance(more, Mapping):
                self.check(part, more, at, known_only)
            elif not (free or (embedded and name in ("apiVersion", "kind"))) and known_only:
                near = get_close_matches(str(name), known, 1)
                self.say(at, f"unknown field{f'; did you mean {near[0]}?' if near else ''}")
        for name in (*schema.get("required", ()), *(("apiVersion", "kind") if embedded else ())):
            if name not in value and "default" not in known.get(name, {}):
                self.say(path, f"the field {name} is missing")
        self.size(len(value), schema, path, "Properties", "fields")

    def entries(self, value: Sequence[Any], schema: Schema, path: str, known_only: bool) -> None:
        """A list: its entries, and that none is there twice where they have a key."""
        items: Schema = schema.get("items") or FREE
        for number, part in enumerate(value):
            self.check(part, items, f"{path}[{number}]", known_only)
        self.size(len(value), schema, path, "Items", "entries")
        keys: Sequence[str] = schema.get("x-kubernetes-list-map-keys") or ()
        if schema.get("x-kubernetes-list-type") in ("map", "set") or schema.get("uniqueItems"):
            said = Counter(_key_of(part, keys) for part in value)
            for twice in [one for one, times in said.items() if times > 1]:
                self.say(path, f"two entries have the same {'/'.join(keys) or 'value'}: {twice}")

    def text(self, value: str, schema: Schema, path: str) -> None:
        self.size(len(value), schema, path, "Length", "characters")
        if (pattern := schema.get("pattern")) and not _compiled(pattern).search(value):
            self.say(path, f"{value!r} does not match {pattern}")
        if (holds := FORMATS.get(schema.get("format", ""))) and not holds(value):
            self.say(path, f"{value!r} is no {schema['format']}")

    def number(self, value: float, schema: Schema, path: str) -> None:
        bits = {"int32": 31, "int64": 63}.get(schema.get("format", ""))
        if bits and not -(2**bits) <= value < 2**bits:
            self.say(path, f"{value} does not fit into {schema['format']}")
        low, high = schema.get("minimum"), schema.get("maximum")
        if low is not None and (value < low or (value == low and schema.get("exclusiveMinimum"))):
            self.say(path, f"{value} is below {low}")
        if high is not None and (value > high or (value == high and schema.get("exclusiveMaximum"))):
            self.say(path, f"{value} is above {high}")

    def size(self, length: int, schema: Schema, path: str, of: str, unit: str) -> None:
        if length < schema.get(f"min{of}", 0):
            self.say(path, f"has {length} {unit}, fewer than {schema[f'min{of}']}")
        if length > schema.get(f"max{of}", length):
            self.say(path, f"has {length} {unit}, more than {schema[f'max{of}']}")

    def combined(self, value: Any, schema: Schema, path: str) -> None:
        """allOf, anyOf, oneOf and not: they judge values, fields are known from the schema around them."""
        for part in schema.get("allOf", ()):
            self.check(value, part, path, known_only=False)
        for word in ("anyOf", "oneOf"):
            if parts := schema.get(word):
                fitting = sum(self.holds(value, part) for part in parts)
                if not fitting or (word == "oneOf" and fitting > 1):
                    self.say(path, f"fits {fitting} of the {len(parts)} shapes of {word}, of which it needs one")
        if "not" in schema and self.holds(value, schema["not"]):
            self.say(path, "has a shape that the schema excludes")

    def holds(self, value: Any, schema: Schema) -> bool:
        other = Walk(self.definitions)
        other.check(value, schema, "", known_only=False)
        return not other.problems

    def metadata(self, value: Any, path: str) -> None:
        """What no schema says of labels and annotations, and the API server refuses all the same."""
        if not isinstance(value, Mapping):
            return
        for field_name in ("labels", "annotations"):
            pairs = value.get(field_name)
            for key, said in pairs.items() if isinstance(pairs, Mapping) else ():
                if not QUALIFIED.fullmatch(str(key)):
                    self.say(f"{path}.{field_name}", f"{key!r} is no key of a label or annotation")
                if field_name == "labels" and isinstance(said, str) and not LABEL_VALUE.fullmatch(said):
                    self.say(f"{path}.labels.{key}", f"{said!r} is no value of a label (63 characters, no spaces)")

    def quantity(self, value: Any, path: str) -> None:
        if not TYPES["number"](value) and not (isinstance(value, str) and QUANTITY.fullmatch(value)):
            self.say(path, f"{value!r} is no quantity")

    def int_or_string(self, value: Any, path: str) -> None:
        self.check(value, {"x-kubernetes-int-or-string": True, "type": "string"}, path)

    def time(self, value: Any, path: str) -> None:
        """The API server itself writes null for a time that is not set."""
        if value is not None:
            self.check(value, {"type": "string", "format": "date-time"}, path)

    def anything(self, value: Any, path: str) -> None:
        """RawExtension and JSON: a document of its own."""


SPECIAL: dict[str, Callable[[Walk, Any, str], None]] = {
    "Quantity": Walk.quantity,
    "IntOrString": Walk.int_or_string,
    "MicroTime": Walk.time,
    "Time": Walk.time,
    **dict.fromkeys(("FieldsV1", "JSON", "JSONSchemaPropsOrArray", "RawExtension"), Walk.anything),
    **dict.fromkeys(("JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray"), Walk.anything),
}
"""Definitions whose Go type reads more, or less, than swagger.json says."""


def _key_of(part: Any, keys: Sequence[str]) -> str:
    """What makes an entry of a list the only one. A port that says no protocol is TCP; other keys are always said."""
    return repr([part.get(key, "TCP") for key in keys] if keys and isinstance(part, Mapping) else part)


def _date_time(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {"date-time": _date_time, "byte": _base64}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of Go's: there `(?i)` holds from where it stands to the end of its group, here only as `(?i:...)`."""
    while (start := pattern.find("(?i)")) >= 0:
        depth, end = 0, start + 4
        while end < len(pattern) and depth >= 0:
            if pattern[end] == "\\":
                end += 1
            else:
                depth += {"(": 1, ")": -1}.get(pattern[end], 0)
            end += 1
        end -= depth < 0
        pattern = f"{pattern[:start]}(?i:{pattern[start + 4 : end]}){pattern[end:]}"
    return re.compile(pattern)


def _kind_of(value: Any) -> str:
    return next((name for name, fits in TYPES.items() if fits(value)), "null")
