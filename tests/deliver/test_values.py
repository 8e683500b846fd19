"""Values are what their types say: what is built conforms, and Helm refuses a key that is misspelt or missing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chartschema import rows, whole
from compiled import EXAMPLES, ROOT, compiled, example, helm, plain
from pydantic import TypeAdapter

from charts import charted
from rosace.contract.registry import engines
from rosace.contract.values import Frame, Section
from rosace.deliver.build import Built
from rosace.deliver.charts import charts_folder
from rosace.deliver.concerns import CONCERNS
from rosace.deliver.releases import Release
from rosace.deliver.yamltext import dump

Change = Callable[[dict[str, Any]], Any]


def platforms() -> dict[str, Built]:
    """Both examples, and one on the other object store."""
    found = {name: example(name) for name in EXAMPLES}
    found["seaweedfs"] = compiled(ROOT / "examples/flights", EXAMPLES["flights"], "storage.provider=seaweedfs")
    return found


def streaming() -> Release:
    return next(one for one in example("flights").releases if one.chart == "streaming")


@pytest.mark.parametrize("name", [*EXAMPLES, "seaweedfs"])
def test_what_is_built_conforms(name: str) -> None:
    shapes = charted()
    for release in platforms()[name].releases:
        TypeAdapter(Frame).validate_python(release.values["global"], strict=True)
        for section in release.sections:
            TypeAdapter(shapes[release.chart][section]).validate_python(release.values[section], strict=True)


def test_every_section_has_a_type_of_its_own() -> None:
    rooms = [room.kubernetes for room in engines().values() if "kubernetes" in room.targets]
    asked = [*(room for room in rooms if room.chart), *CONCERNS]
    assert [type(one).__module__ for one in asked if one.shape is Section] == []
    assert len({one.shape for one in asked}) == len(asked)


def test_every_key_says_what_it_means() -> None:
    for chart, shapes in charted().items():
        schema = whole(chart, shapes)
        silent = [(section, key) for section in shapes for key, _, meaning in rows(schema, section) if not meaning]
        inner = {name: one.get("properties", {}) for name, one in schema["$defs"].items()}
        silent += [
            (name, key)
            for name, keys in inner.items()
            for key, one in keys.items()
            if "description" not in one and "$ref" not in one
        ]
        assert silent == [], chart


def misspelt(kafka: dict[str, Any]) -> None:
    kafka["replicsa"] = kafka["replicas"]


def misspelt_below(kafka: dict[str, Any]) -> None:
    kafka["controllers"]["storage"]["sise"] = "5Gi"


def misspelt_by_name(kafka: dict[str, Any]) -> None:
    next(iter(kafka["topics"].values()))["partitons"] = 4


def of_another_kind(kafka: dict[str, Any]) -> None:
    kafka["listener"]["port"] = "9093"


def unknown_word(kafka: dict[str, Any]) -> None:
    kafka["storage"]["type"] = "ephemeral"


def missing(kafka: dict[str, Any]) -> None:
    # Helm takes a key away where somebody says `null`.
    kafka["replicas"] = None


def missing_below(kafka: dict[str, Any]) -> None:
    kafka["listener"]["port"] = None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (misspelt, "'replicsa' not allowed"),
        (misspelt_below, "'sise' not allowed"),
        (misspelt_by_name, "'partitons' not allowed"),
        (of_another_kind, "at '/kafka/listener/port': got string, want integer"),
        (unknown_word, "at '/kafka/storage/type': value must be 'jbod'"),
        (missing, "at '/kafka': missing property 'replicas'"),
        (missing_below, "at '/kafka/listener': missing property 'port'"),
    ],
)
def test_helm_refuses_and_names_the_key(change: Change, told: str, tmp_path: Path) -> None:
    values = copy.deepcopy(plain(streaming().values))
    change(values["kafka"])
    done = templated(values, tmp_path)
    assert done.returncode != 0
    assert told in done.stderr


def test_a_section_that_is_off_needs_nothing(tmp_path: Path) -> None:
    """Nor does Helm ask for more where the defaults are taken away."""
    nothing = dict.fromkeys(streaming().values["kafka"])
    done = templated({"kafka": {**nothing, "enabled": False}}, tmp_path)
    assert done.returncode == 0, done.stderr
    refused = templated({"kafka": {**nothing, "enabled": True}}, tmp_path)
    assert "missing properties" in refused.stderr


def test_definitions_are_all_used() -> None:
    for chart, shapes in charted().items():
        schema = whole(chart, shapes)
        text = json.dumps(schema)
        assert [name for name in schema["$defs"] if f'"#/$defs/{name}"' not in text] == [], chart
        assert text.count('"$ref": ') == text.count('"$ref": "#/$defs/'), chart


def templated(values: dict[str, Any], folder: Path) -> Any:
    """The chart `streaming` as the real Helm lays it out from these values."""
    file = folder / "values.yaml"
    file.write_text(dump(values), encoding="utf-8")
    return helm("template", "streaming", charts_folder() / "streaming", "-f", file)


@pytest.mark.parametrize("chart", sorted(charted()))
def test_defaults_are_no_platforms_own(chart: str) -> None:
    """Helm lays values over them key by key: what one platform says would show through in another."""
    text = (charts_folder() / chart / "values.yaml").read_text(encoding="utf-8")
    assert not [name for name in (*EXAMPLES, "c-12345", "analysts", "transactions", "departures") if name in text]
