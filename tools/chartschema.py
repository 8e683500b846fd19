"""What a chart's values may be, made of the typed dictionaries of its sections.

Comes in: the chart's name, its sections with their types. Goes out: the schema that Helm holds values against, and what
each key means, for people. Must not: know a room.

Helm reads drafts up to 2020-12 (github.com/helm/helm/pull/13283). Tried with Helm 3.22.0: what stands beside a `$ref`
counts there, while draft 7 passes over it, and with it over the meaning of a key whose kind has a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import TypedDictSchema
from typing_extensions import get_original_bases, is_typeddict

from rosace.contract.values import Frame

Schema = dict[str, Any]


class Generator(GenerateJsonSchema):
    """Pydantic's schemas without titles that only repeat a name, and with the docstrings of inherited keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def typed_dict_schema(self, schema: TypedDictSchema) -> Schema:
        found = super().typed_dict_schema(schema)
        found.pop("title", None)
        for base in get_original_bases(schema["cls"]) if "cls" in schema else ():
            if is_typeddict(base):
                for key, said in meanings(base).items():
                    found["properties"][key].setdefault("description", said)
        return found


def meanings(shape: type) -> dict[str, str]:
    """What each key of a typed dictionary means."""
    said = TypeAdapter(shape).json_schema(schema_generator=Generator).get("properties", {})
    return {key: one["description"] for key, one in said.items() if "description" in one}


def whole(chart: str, shapes: Mapping[str, type]) -> Schema:
    """The schema of a chart with these sections."""
    asked = [(name, "validation", TypeAdapter(shape)) for name, shape in {"global": Frame, **shapes}.items()]
    found, shared = TypeAdapter.json_schemas(asked, schema_generator=Generator)  # pyright: ignore[reportArgumentType]
    definitions: dict[str, Schema] = shared["$defs"]
    bodies = {name: _taken(found[name, "validation"], definitions) for name, _, _ in asked}
    # Charts below an umbrella share `global` with upstream's, which put words of theirs there.
    told = {**bodies.pop("global"), "additionalProperties": True}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Values of the chart {chart}",
        "type": "object",
        "properties": {
            "enabled": {"type": "boolean", "description": "Asked by an umbrella: whether the chart is there."},
            "global": told,
            "extraObjects": {
                "type": "array",
                "items": {"type": "object"},
                "description": "Further objects, each a template that Helm fills in.",
            },
            **{name: _switched(body) for name, body in bodies.items()},
        },
        "additionalProperties": False,
        "$defs": {_short(name): definitions[name] for name in sorted(definitions, key=_short)},
    }
    return _renamed(schema, {f"#/$defs/{name}": f"#/$defs/{_short(name)}" for name in definitions})


def rows(schema: Schema, section: str) -> list[tuple[str, str, str]]:
    """For each key of a section: its name, its kind, its meaning."""
    body = schema["properties"][section]
    return [(key, _kind(one), _meaning(one, schema)) for key, one in body["properties"].items()]


def resolved(said: Schema, schema: Schema) -> Schema:
    """What a reference stands for; of several kinds, the one that has keys."""
    if "$ref" in said:
        return resolved(schema["$defs"][said["$ref"].rpartition("/")[2]], schema)
    for one in said.get("anyOf", ()):
        if "properties" in (found := resolved(one, schema)):
            return found
    return said


def required(said: Schema) -> list[str]:
    """The keys that a mapping must have; a section, when it is on."""
    return [*said.get("required", []), *said.get("then", {}).get("required", [])]


def _meaning(said: Schema, schema: Schema) -> str:
    """Its own, or that of its kind: Pydantic leaves out what both say."""
    kind = schema["$defs"][said["$ref"].rpartition("/")[2]] if "$ref" in said else {}
    return said.get("description") or kind["description"]


def _taken(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """A section's own body: it is used once, so it needs no name."""
    return definitions.pop(schema["$ref"].removeprefix("#/$defs/")) if "$ref" in schema else schema


def _switched(body: Schema) -> Schema:
    """A section that is off needs nothing else; one that is on has everything that its templates need."""
    needed = [key for key in body["required"] if key != "enabled"]
    on = {"properties": {"enabled": {"const": True}}, "required": ["enabled"]}
    return {**body, "required": ["enabled"], "if": on, "then": {"required": needed}}


def _short(name: str) -> str:
    """Pydantic tells types of one name apart by their modules; here the last word of that is enough."""
    *module, own = name.split("__")
    place = [part for part in module if part != "values"]
    return f"{place[-1]}.{own}" if place else own


def _renamed(said: Any, names: Mapping[str, str]) -> Any:
    """The same, with other names of definitions where it refers to them."""
    if isinstance(said, list):
        return [_renamed(one, names) for one in said]
    if not isinstance(said, dict):
        return said
    return {key: names.get(one, one) if key == "$ref" else _renamed(one, names) for key, one in said.items()}


def _kind(schema: Schema) -> str:
    """A key's kind in words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2].rpartition('.')[2]}`"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema.get("enum") or [schema["const"]])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}" if schema.get("items") else "list"
    if schema.get("type") == "object":
        more = schema.get("additionalProperties")
        return f"map of {_kind(more)}" if isinstance(more, dict) else "map"
    return schema.get("type", "anything")
