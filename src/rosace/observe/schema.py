"""The JSON Schema of what verbs print with `--output json`, made from the types that they print.

Comes in: nothing. Goes out: one document (draft 2020-12) with a definition for each verb. Must not: be written by hand
anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rosace.observe import shapes


def outputs() -> Mapping[str, Any]:
    """What each verb prints, by a name for it: the verb, and the kind that it was asked for."""
    from rosace.deliver.upgrade import Change
    from rosace.lab.status import LabStatus
    from rosace.observe.status import Observed
    from rosace.observe.verify.report import Report
    from rosace.plan.machine.revision import Edit
    from rosace.plan.machine.steps import Step

    return {
        "build": shapes.BuildSummary,
        "check": list[shapes.DiagnosticRow],
        "connect": list[shapes.WayRow],
        "describe": list[shapes.ResourceRow],
        "diff": list[Change],
        "doctor": list[shapes.FactRow],
        "get-artifacts": list[shapes.ArtifactRow],
        "get-edges": list[shapes.EdgeRow],
        "get-engines": list[shapes.EngineRow],
        "get-jobs": list[shapes.JobRow],
        "get-queries": list[shapes.QueryRow],
        "get-sources": list[shapes.SourceRow],
        "get-tables": list[shapes.TableRow],
        "get-topics": list[shapes.TopicRow],
        "lab-status": LabStatus,
        "open": list[shapes.PageRow],
        "place": list[shapes.PlaceRow],
        "plan": list[shapes.FetchRow | Step | Edit],
        "prune": list[shapes.PruneRow],
        "query": list[shapes.Row],
        "status": Observed,
        "status-all": list[shapes.PlatformRow],
        "topic-list": list[shapes.TopicNowRow],
        "topic-peek": list[shapes.RecordRow],
        "topic-produce": list[shapes.ProducedRow],
        "topic-replay": list[shapes.ProducedRow],
        "topic-tail": list[shapes.RecordRow],
        "topic-unfit": list[shapes.UnfitRow],
        "up": shapes.UpSummary,
        "verify": Report,
        "version": list[shapes.VersionRow],
    }


def output_schema() -> dict[str, Any]:
    """The whole document: `#/$defs/rosace-VERB` is what a verb prints."""
    from pydantic import TypeAdapter
    from pydantic.json_schema import JsonSchemaMode

    adapters: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (name, "serialization", TypeAdapter(kind)) for name, kind in outputs().items()
    ]
    made, types = TypeAdapter.json_schemas(adapters, ref_template="#/$defs/{model}")
    defined: dict[str, Any] = dict(types.get("$defs", {}))
    defined |= {f"rosace-{name}": value for (name, _), value in made.items()}
    # `Report.to_json` adds the verdict, which is no field: it follows from the flows.
    defined["Report"]["properties"]["exact"] = {"title": "Exact", "type": "boolean"}
    for value in defined.values():
        _close(value)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the verbs of rosace print with --output json",
        "$defs": dict(sorted(defined.items())),
    }


def _close(schema: Any) -> None:
    """Everything is always printed, and nothing else is."""
    if isinstance(schema, dict):
        if isinstance(properties := schema.get("properties"), dict):
            schema["required"] = list(properties)
            schema["additionalProperties"] = False
        # A default says what a constructor takes when nothing is said; what is printed has no such thing.
        schema.pop("default", None)
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _close(inner)
