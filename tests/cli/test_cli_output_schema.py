"""What verbs print with `--output json` is what docs/output.schema.json says, word for word.

Those that need a running platform are in tests/local (a small house) and tests/live (real engines).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from command_line import CommandLine, example
from jsonschema import Draft202012Validator, ValidationError
from printed import VERBS, validate

from rosace.observe.schema import output_schema, outputs

WITHOUT_ENGINES: dict[str, tuple[tuple[str, ...], int | None]] = {
    "check": (("check",), 0),
    "describe": (("describe", "departures"), 0),
    "doctor": (("doctor",), None),  # whatever this machine lacks
    "get-artifacts": (("get", "artifacts"), 0),
    "get-edges": (("get", "edges"), 0),
    "get-engines": (("get", "engines"), 0),
    "get-jobs": (("get", "jobs"), 0),
    "get-queries": (("get", "queries"), 0),
    "get-sources": (("get", "sources"), 0),
    "get-tables": (("get", "tables"), 0),
    "get-topics": (("get", "topics"), 0),
    "plan": (("plan", "--set", "memory=20Gi"), 1),
    "status": (("status",), 1),
    "status-all": (("status", "--all"), 0),
    "version": (("version",), 0),
}


def test_the_schema_in_docs_is_the_one_of_the_code() -> None:
    """`rosace schema output > docs/output.schema.json` writes it anew."""
    assert output_schema() == VERBS
    Draft202012Validator.check_schema(VERBS)


def test_each_verb_with_json_is_in_it() -> None:
    from rosace.cli.main import GROUPS, app

    known = {name.partition("-")[0] for name in outputs()}
    with_json: set[str] = set()
    for verb in (verb for verbs in GROUPS.values() for verb in verbs):
        told = app[verb]
        if "--output" in {name for argument in told.assemble_argument_collection() for name in argument.names}:
            with_json.add(verb)
    assert with_json == known


@pytest.mark.slow
@pytest.mark.parametrize("verb", WITHOUT_ENGINES)
def test_what_is_printed_without_engines(fine: CommandLine, verb: str) -> None:
    arguments, code = WITHOUT_ENGINES[verb]
    printed = fine.run(*arguments, "--output", "json", code=code).json()
    validate(verb, printed)
    if verb not in ("check", "status", "status-all"):
        assert printed


@pytest.mark.slow
def test_errors_of_check_with_all_their_places(flights: CommandLine) -> None:
    flights.edit("partitions: 4", "partitons: 4")
    printed = flights.run("check", "-o", "json", code=1).json()
    validate("check", printed)
    assert printed[0]["labels"]


@pytest.mark.slow
def test_what_is_printed_of_clusters(tmp_path_factory: pytest.TempPathFactory) -> None:
    clouds = example(tmp_path_factory.mktemp("clouds"), "clouds")
    validate("place", rows := clouds.run("place", "--env", "prod", "-o", "json").json())
    assert {row["what"] for row in rows} == {"job", "topic"}
    validate("build", clouds.run("build", "--env", "prod", "-o", "out", "--output", "json").json())
    validate("diff", clouds.run("diff", "out", "--env", "prod", "--output", "json").json())
    clouds.edit("partitions: 6", "partitions: 9")
    validate("diff", changes := clouds.run("diff", "out", "--env", "prod", "--output", "json", code=1).json())
    assert changes


def test_a_word_more_or_less_is_refused() -> None:
    """Planted: the schema would be worth nothing if it took everything."""
    row: dict[str, Any] = {"query": "a", "file": "a.sql", "reads": ""}
    validate("get-queries", [row])
    for wrong in ({**row, "more": 1}, {"query": "a", "file": "a.sql"}, {**row, "reads": 3}):
        with pytest.raises(ValidationError):
            validate("get-queries", [wrong])
    assert json.dumps(VERBS)
