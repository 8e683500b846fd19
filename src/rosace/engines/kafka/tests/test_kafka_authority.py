"""Kafka's own authority can be renewed: Strimzi learns of it by a number that the platform's file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.plan.clusters.topology import estate_of
from rosace.plan.clusters.workloads import secrets
from rosace.source.load import load

PLATFORM = """\
platform: p
topics: {orders: {columns: {id: int!}}}
producers: {shop: {writes: [orders], from: outside}}
tables: {kept: {like: orders}}
jobs: {keep: {engine: flink, sql: keep.sql}}
clusters: {main: {}}
"""


@pytest.mark.parametrize(
    ("said", "certificate", "key"),
    [("", "0", "0"), ("engines: {kafka: {authority: {certificate: 2, key: 1}}}\n", "2", "1")],
)
def test_strimzi_learns_how_often_it_was_renewed(tmp_path: Path, said: str, certificate: str, key: str) -> None:
    (tmp_path / "platform.yaml").write_text(PLATFORM + said, encoding="utf-8")
    (tmp_path / "keep.sql").write_text("INSERT INTO lake.kept SELECT * FROM orders\n", encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml", [], []), tmp_path), "prod")
    found = {need.name: dict(need.annotations) for need in secrets(estate, "main")}
    assert found["kafka-cluster-ca-cert"] == {"strimzi.io/ca-cert-generation": certificate}
    assert found["kafka-cluster-ca"] == {"strimzi.io/ca-key-generation": key}
