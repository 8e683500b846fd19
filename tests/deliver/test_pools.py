"""Nodes for some engines: their pods go there and nowhere else, and bear the taint that keeps others away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiled import laid_out, written

PLATFORM = """\
platform: shop
topics:
  sales: {columns: {id: string!}}
  copies: {columns: {id: string!}}
producers: {tills: {writes: sales}}
jobs: {copy: {engine: flink, sql: copy.sql}}
clusters:
  main:
    pools:
      brokers: {of: kafka, nodes: {node.example.com/pool: brokers}}
      work: {of: [flink], nodes: {node.example.com/pool: work}}
"""


@pytest.fixture
def objects(tmp_path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    (tmp_path / "copy.sql").write_text("INSERT INTO copies SELECT id FROM sales", encoding="utf-8")
    built = written(tmp_path, PLATFORM)
    return {(one["kind"], one["metadata"]["name"]): one for release in built.releases for one in laid_out(release)}


def test_a_job_runs_on_the_nodes_of_its_engine(objects: dict[tuple[str, str], dict[str, Any]]) -> None:
    pod = objects["FlinkDeployment", "copy"]["spec"]["podTemplate"]["spec"]
    assert pod["nodeSelector"] == {"node.example.com/pool": "work"}
    assert pod["tolerations"] == [{"key": "node.example.com/pool", "operator": "Equal", "value": "work"}]


def test_brokers_have_to_be_on_theirs(objects: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Strimzi's pods know no selector of nodes."""
    for name in ("broker", "controller"):
        pod = objects["KafkaNodePool", name]["spec"]["template"]["pod"]
        (term,) = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        assert term["matchExpressions"] == [{"key": "node.example.com/pool", "operator": "In", "values": ["brokers"]}]
        assert pod["tolerations"] == [{"key": "node.example.com/pool", "operator": "Equal", "value": "brokers"}]


def test_all_others_go_wherever_there_is_room(objects: dict[tuple[str, str], dict[str, Any]]) -> None:
    told = {key for key, one in objects.items() if "node.example.com/pool" in str(one)}
    assert {kind for kind, _ in told} == {"Kafka", "KafkaNodePool", "FlinkDeployment"} | (
        {"Pod"} & {k for k, _ in told}
    )
