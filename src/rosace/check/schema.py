"""The grammar of `platform.yaml` for editors: JSON Schema, draft-07, which YAML editors understand best.

Comes in: the model and the rooms that are installed. Goes out: one schema with every engine's section.
Must not: say anything that the model does not; what the model takes in short, the schema takes too.
"""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import Any, TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from rosace.contract.engine import Engine
from rosace.contract.registry import engines
from rosace.model.capabilities import S3Endpoint
from rosace.model.platform import Job, Platform, Storage, Table
from rosace.model.words import Words

Schema: TypeAlias = dict[str, Any]


def json_schema() -> Schema:
    """The schema of `platform.yaml`, every installed engine's section included."""
    rooms = engines()
    models: list[tuple[type[BaseModel], Any]] = [(Platform, "validation")]
    models += [(room.spec, "validation") for room in rooms.values()]
    references, whole = models_json_schema(
        models, ref_template="#/definitions/{model}", schema_generator=_Generator, title="platform.yaml"
    )
    definitions = cast("dict[str, Schema]", whole["$defs"])
    named = {model: definitions[_name(reference)] for (model, _), reference in references.items()}
    _sections(named[Platform], rooms, {room.name: references[room.spec, "validation"] for room in rooms.values()})
    _choices(definitions, rooms)
    top = definitions.pop(_name(references[Platform, "validation"]))
    return cast(
        "Schema",
        _downgraded(
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                **top,
                "title": "Rosace platform",
                "definitions": definitions,
            }
        ),
    )


class _Generator(GenerateJsonSchema):
    """Adds what fields mean, and what validators take before the model sees it: a word for a list, for a mapping."""

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        found = super().model_schema(schema)
        properties, model = found["properties"], cast("type[BaseModel]", schema["cls"])
        for field, meaning in meanings(model).items():
            key = model.model_fields[field].alias or field
            properties[key] = {"description": meaning, **properties[key]}
        return found

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        inner = super().function_before_schema(schema)
        call = cast("Any", schema["function"]["function"])
        word = _result(call, "word")
        if word == ["word"]:
            return {"anyOf": [inner.get("items", {"type": "string"}), inner]}
        if isinstance(word, dict):
            return {"anyOf": [{"type": "string"}, *inner.get("anyOf", [inner])]}
        return _scalars(inner) if _result(call, {"key": 1}) == {"key": "1"} else inner


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a model means, as the text below it in the source says; fields that it inherits too.

    Only who publishes or tests them wants them: Pydantic, told to (`use_attribute_docstrings`), parses the source of
    every model whenever one is imported.
    """
    found: dict[str, str] = {}
    for one in (cls for cls in reversed(model.__mro__) if issubclass(cls, Words)):
        body = cast("ast.ClassDef", ast.parse(dedent(inspect.getsource(one))).body[0]).body
        for field, said in pairwise(body):
            match field, said:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = inspect.cleandoc(text)
                case _:
                    pass
    return found


def _scalars(mapping: Schema) -> Schema:
    """A mapping of texts whose values may be written as what YAML takes them for."""
    scalar = {"type": ["string", "number", "boolean"]}
    out = dict(mapping)
    if "patternProperties" in mapping:
        out["patternProperties"] = dict.fromkeys(mapping["patternProperties"], scalar)
    elif "additionalProperties" in mapping:
        out["additionalProperties"] = scalar
    return out


def _result(call: Any, value: object) -> object:
    """What a validator makes of a value; the value itself where it takes none like it."""
    try:
        return call(value)
    except (ValueError, TypeError):
        return value


def _name(reference: Any) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _sections(top: Schema, rooms: dict[str, Engine], references: dict[str, Any]) -> None:
    sections: Schema = top["properties"]["engines"]
    sections.pop("additionalProperties", None)
    sections["additionalProperties"] = False
    sections["properties"] = {
        name: {"anyOf": [references[name], {"type": "null"}], "description": f"{room.title}: {room.summary}."}
        for name, room in rooms.items()
    }


def _choices(definitions: dict[str, Schema], rooms: dict[str, Engine]) -> None:
    """What the model leaves to `check`: which engines there are, and that one of two keys is written."""
    job, table, storage = (definitions[model.__name__] for model in (Job, Table, Storage))
    job["properties"]["engine"]["enum"] = [name for name, room in rooms.items() if room.runs]
    job["oneOf"] = [{"required": ["sql"]}, {"required": ["python"]}]
    table["oneOf"] = [{"required": ["columns"]}, {"required": ["like"]}]
    able = [name for name, room in rooms.items() if S3Endpoint in room.offers]
    provider = storage["properties"]["provider"]
    storage["properties"]["provider"] = {
        **{key: value for key, value in provider.items() if key != "anyOf"},
        "enum": [*able, None],
    }


def _downgraded(node: object) -> object:
    """2020-12 to draft-07: words beside `$ref` are not read there, and fixed lists are spelled `items`."""
    if isinstance(node, list):
        return [_downgraded(item) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: _downgraded(value) for key, value in node.items()}
    if "prefixItems" in out:
        out["items"], rest = out.pop("prefixItems"), out.pop("items", None)
        if rest is not None:
            out["additionalItems"] = rest
    if "patternProperties" in out:
        # The patterns are those of names: a key that matches none is a mistake.
        out["additionalProperties"] = False
    if isinstance(out.get("description"), str):
        out["markdownDescription"] = out["description"]
    if "$ref" in out and len(out) > 1:
        out["allOf"] = [{"$ref": out.pop("$ref")}]
    return out
