"""The editor's schema takes what the model takes and refuses misspelt keys."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from check_outcome import FLIGHTS

from rosace.check.schema import json_schema
from rosace.contract.registry import engines
from rosace.model.platform import Platform
from rosace.source.load import load

jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.fixture
def flights_value() -> Any:
    return copy.deepcopy(load(FLIGHTS / "platform.yaml").value)


def test_flights_is_valid(validator: Any, flights_value: Any) -> None:
    assert [error.message for error in validator.iter_errors(flights_value)] == []


@pytest.mark.parametrize(
    "path",
    [
        ("topcs",),
        ("topics", "delays", "compct"),
        ("topics", "departures", "event-time", "dely"),
        ("jobs", "carrier-delays", "paralelism"),
        ("sources", "flights", "file", "shaa"),
        ("verify", "lake.delays"),
        ("engines", "kafkaa"),
        ("engines", "kafka", "memoryy"),
        ("topics", "Not A Name"),
    ],
)
def test_misspelt_keys_are_not(validator: Any, flights_value: Any, path: tuple[str, ...]) -> None:
    inner = flights_value
    for step in path[:-1]:
        inner = inner.setdefault(step, {})
    inner[path[-1]] = {"unexpected": 1}
    assert not validator.is_valid(flights_value)


@pytest.mark.parametrize(
    "value",
    [
        {"topics": {"a": {"columns": {"x": "int!"}, "key": "x", "event-time": "x"}}},
        {"topics": {"a": {"columns": {"x": "decimal(10,2)"}, "key": ["x"], "retention": "1h30m"}}},
        {"sources": {"s": {"file": "a.csv", "to": "a", "order": "x", "rate": "2000/s", "nulls": "NA"}}},
        {"jobs": {"j": {"engine": "spark", "python": "j.py", "reads": "a", "writes": ["b"], "after": "s"}}},
        {"verify": {"a": "a.sql", "lake.b": {"sql": "b.sql"}}},
        {"storage": {"provider": None, "buckets": {"raw": None, "fine": {}}}, "memory": 4_000_000_000},
        {"engines": {"kafka": None, "spark": {"settings": {"spark.a": True, "spark.b": 3}}}},
        {"tables": {"t": {"like": "a", "partition": ["month(x)"]}}},
    ],
)
def test_short_forms_are_valid(validator: Any, value: dict[str, Any]) -> None:
    whole = {"platform": "demo", **value}
    Platform.model_validate(whole)
    assert [error.message for error in validator.iter_errors(whole)] == []


@pytest.mark.parametrize(
    "value",
    [
        {"tables": {"t": {"like": "a", "columns": {"x": "int"}}}},
        {"jobs": {"j": {"engine": "spark"}}},
        {"jobs": {"j": {"engine": "sprk", "sql": "j.sql"}}},
        {"storage": {"provider": "kafka"}},
        {"topics": {"a": {"columns": {"x": "integer"}}}},
    ],
)
def test_what_check_refuses(validator: Any, value: dict[str, Any]) -> None:
    assert not validator.is_valid({"platform": "demo", **value})


def test_draft_7_only() -> None:
    text = json.dumps(json_schema())
    for newer in ("$defs", "prefixItems", "unevaluated", "dependentRequired", "2020-12"):
        assert newer not in text
    assert "markdownDescription" in text
    sections = json_schema()["properties"]["engines"]["properties"]
    assert list(sections) == list(engines())


def test_no_words_beside_a_reference() -> None:
    """Draft-07 reads nothing beside `$ref`."""

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert "$ref" not in node or len(node) == 1
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(inner)

    walk(json_schema())


def test_the_schema_in_docs_is_the_one_of_the_code() -> None:
    """`rosace schema > docs/platform.schema.json` writes it anew."""
    import json
    from pathlib import Path

    from rosace.check.schema import json_schema

    stored = Path(__file__).parents[2] / "docs" / "platform.schema.json"
    assert json.loads(stored.read_text(encoding="utf-8")) == json_schema()
