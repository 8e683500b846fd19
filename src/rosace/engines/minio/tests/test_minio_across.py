"""A store on one cluster, its clients on another: who may do what, whose secret lies where, which doors there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.kit.buckets import Rights, owned, rights
from rosace.model.capabilities import S3Endpoint
from rosace.plan.clusters.endpoints import entries
from rosace.plan.clusters.topology import Estate, estate_of
from rosace.plan.clusters.workloads import secrets
from rosace.source.load import load

PLATFORM = """
platform: shop
producers: {others: {writes: [orders]}}
clusters:
  work: {runs: [kafka, spark, trino, iceberg], dns: work.example.com}
  kept: {runs: [minio, postgresql], dns: kept.example.com}
storage:
  buckets: {models: {}}
  tenants: {spark: {buckets: {raw: {}}}}
topics:
  orders: {columns: {id: int!}, key: id}
tables:
  orders: {like: orders}
  scores: {like: orders}
jobs:
  land: {engine: spark, sql: jobs/land.sql, project: shipping}
  train: {engine: spark, python: train.py, reads: lake.orders, writes: lake.scores, schedule: "0 5 * * *", project: lab}
queries:
  all: {sql: queries/all.sql}
projects: {shipping: {}, lab: {}}
backups: {}
"""


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    files = {
        "platform.yaml": PLATFORM,
        "jobs/land.sql": "INSERT INTO lake.orders SELECT id FROM orders;\n",
        "train.py": "def run(spark): pass\n",
        "queries/all.sql": "SELECT id FROM lake.orders\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "test")


def test_clients_may_do_what_their_jobs_do(estate: Estate) -> None:
    (site,) = (part.site for part in estate.parts if part.engine.name == "minio")
    found = rights(site)
    assert found["shipping"] == Rights((), ("checkpoints", "lake", "raw"))
    assert found["lab"] == Rights((), ("lake", "models", "raw"))
    assert found["trino"] == Rights(("lake",), ())
    assert "iceberg" not in found
    assert owned(estate.checked.platform) == ("lake", "checkpoints", "models", "backups")


def test_secrets_lie_with_their_readers_and_are_one_in_the_store(estate: Estate) -> None:
    here = {(need.namespace, need.name): need.copies_of for need in secrets(estate, "work")}
    there = {(need.namespace, need.name) for need in secrets(estate, "kept")}
    assert here[("shipping", "s3-credentials")] == "minio/s3-shipping"
    assert here[("trino", "s3-credentials")] == "minio/s3-trino"
    assert {("minio", "s3-shipping"), ("minio-spark", "s3-shipping"), ("minio", "s3-trino")} <= there
    assert not [namespace for namespace, _ in there if namespace in ("shipping", "trino", "spark")]


def test_each_tenant_has_a_door_and_clients_are_told_its_name(estate: Estate) -> None:
    doors = {entry.host for entry in entries(estate) if entry.engine == "minio"}
    assert doors == {"minio.minio.kept.example.com", "minio.minio-spark.kept.example.com"}
    (spark,) = (part.site for part in estate.parts if part.engine.name == "spark")
    offered = spark.need(S3Endpoint)
    assert str(offered.address) == "http://minio.minio.kept.example.com:9000"
    assert {name: str(one) for name, one in offered.elsewhere.items()} == {
        "raw": "http://minio.minio-spark.kept.example.com:9000"
    }
