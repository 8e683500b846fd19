"""A deployment on its way through the executor's file, and what makes a process another process."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from plan_strategies import deployments
from pydantic import ValidationError

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, Probe, ProcessSpec, Setup
from rosace.local.store import read_json, write_json
from rosace.model.quantity import Size
from rosace.plan.machine.deployment import Deployment, digest, from_json, to_json

SPEC = ProcessSpec(
    name="kafka",
    engine="kafka",
    argv=("java", "-Xmx64m", "kafka.Kafka"),
    env={"LANG": "C"},
    files=(File("conf/server.properties", "a=1"),),
    heap=Size.mebibytes(64),
)


@settings(max_examples=30)
@given(deployments())
def test_out_and_in_again_is_the_same(deployment: Deployment) -> None:
    assert from_json(to_json(deployment)) == deployment


@settings(max_examples=30)
@given(deployments())
def test_through_text_it_stays_the_same_and_is_the_same_to_the_supervisor(deployment: Deployment) -> None:
    back = from_json(json.loads(json.dumps(to_json(deployment))))
    assert back == deployment
    assert back.fingerprints() == deployment.fingerprints()
    assert all(isinstance(spec.heap, Size) for spec in back.processes)


def test_through_the_file_of_a_real_run(tmp_path: Path) -> None:
    """Arguments that are no JSON (paths, tuples) become JSON's kin, and the fingerprint does not notice."""
    action = Action("s3:buckets", "m:f", {"names": ("lake", "é"), "where": tmp_path, "size": Size.mebibytes(3)})
    before = Deployment("p", str(tmp_path), "i", (SPEC,), (action,), ())
    write_json(tmp_path / "deployment.json", {"deployment": to_json(before)})
    after = from_json(read_json(tmp_path / "deployment.json")["deployment"])
    assert after.fingerprints() == before.fingerprints()
    assert after.actions[0].args == {"names": ["lake", "é"], "where": str(tmp_path), "size": 3 * 2**20}


def test_a_file_of_another_version_is_not_believed() -> None:
    value = to_json(Deployment("p", "/", "i", (SPEC,), (), ()))
    del value["processes"][0]["argv"]
    with pytest.raises(ValidationError):
        from_json(value)


def fingerprint(spec: ProcessSpec) -> str:
    return Deployment("p", "/", "i", (spec,), (), ()).fingerprints()["process/kafka"]


@pytest.mark.parametrize(
    "change",
    [
        {"after": ("s3",)},
        {"interface": "http://127.0.0.1:1/"},
        {"memory": Size.mebibytes(500)},
        {"ready": Probe("m:f", {"port": 1})},
        {"stop_grace": 1.0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_only_orders_or_informs_restarts_nothing(change: dict[str, Any]) -> None:
    assert fingerprint(replace(SPEC, **change)) == fingerprint(SPEC)


@pytest.mark.parametrize(
    "change",
    [
        {"argv": ("java", "-Xmx65m", "kafka.Kafka")},
        {"argv": ("java", "kafka.Kafka", "-Xmx64m")},
        {"env": {"LANG": "C", "A": ""}},
        {"files": (File("conf/server.properties", "a=2"),)},
        {"files": (File("conf/server.properties", "a=1", 0o644),)},
        {"files": ()},
        {"setup": (Setup(("format",), "data/meta"),)},
        {"ports": {"http": 20_000}},
        {"heap": Size.mebibytes(65)},
        {"unprivileged": True},
        {"once": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_makes_it_another_process(change: dict[str, Any]) -> None:
    assert fingerprint(replace(SPEC, **change)) != fingerprint(SPEC)


def test_an_action_is_done_again_when_its_arguments_change() -> None:
    def print_of(**args: Any) -> str:
        return Deployment("p", "/", "i", (), (Action("k:t", "m:f", args),), ()).fingerprints()["action/k:t"]

    assert print_of(partitions=4) == print_of(partitions=4)
    assert print_of(partitions=4) != print_of(partitions=8)


def test_a_job_is_another_one_when_its_order_changes() -> None:
    def print_of(sql: str) -> str:
        job = JobOrder("land", "spark", "m", False, {"sql": sql})
        return Deployment("p", "/", "i", (), (), (job,)).fingerprints()["job/land"]

    assert print_of("SELECT 1") != print_of("SELECT 2")


def test_the_order_of_keys_means_nothing() -> None:
    assert digest({"a": 1, "b": {"c": 2, "d": 3}}) == digest({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest(["a", "b"]) != digest(["b", "a"])
