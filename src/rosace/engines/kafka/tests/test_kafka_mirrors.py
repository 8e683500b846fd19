"""Kafka on several clusters: who copies what, who may, and through which door."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.engines.kafka.kubernetes import KUBERNETES
from rosace.model.capabilities import KafkaBootstrap
from rosace.plan.clusters.endpoints import entries
from rosace.plan.clusters.links import network
from rosace.plan.clusters.topology import Estate, estate_of
from rosace.plan.clusters.workloads import secrets
from rosace.source.load import load

PLATFORM = """\
platform: air-lines
producers: {others: {writes: [orders, clicks]}}
delivery: {registry: registry.example.com}
topics:
  orders: {columns: {id: int!}, cluster: west, partitions: 2}
  clicks: {columns: {id: int!}, cluster: east, partitions: 3}
tables:
  orders: {like: orders}
  clicks: {like: clicks}
jobs:
  orders: {engine: flink, sql: orders.sql, cluster: east}
  clicks: {engine: flink, sql: clicks.sql}
exports:
  found: {from: clicks, to: opensearch}
clusters:
  west:
    provider: aws
    api: 10.1.0.0/16
    dns: west.example.com
    runs: [kafka, flink, minio, postgresql, trino, opensearch]
  east: {provider: azure, api: 10.2.0.0/16, dns: east.example.com, runs: [kafka, flink], pods: 10.52.0.0/16}
"""


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    for name in ("orders", "clicks"):
        (tmp_path / f"{name}.sql").write_text(f"INSERT INTO lake.{name} SELECT id FROM {name}", encoding="utf-8")
    return estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")


def kafka(estate: Estate, cluster: str) -> ClusterSite:
    return next(part.site for part in estate.on(cluster) if part.engine.name == "kafka")


def test_each_cluster_has_the_topics_that_it_writes_or_reads(estate: Estate) -> None:
    values = {cluster: KUBERNETES.values(kafka(estate, cluster)) for cluster in ("west", "east")}
    assert set(values["west"]["topics"]) == {"orders"}
    assert set(values["east"]["topics"]) == {"orders", "clicks"}
    assert values["east"]["config"]["num.partitions"] == "3"
    assert (set(values["west"]["users"]), set(values["east"]["users"])) == (
        {"mirrors", "producer-others"},
        {"orders", "clicks", "exports", "mirrors", "producer-others"},
    )


def test_the_reader_copies_each_record_once(estate: Estate) -> None:
    told = KUBERNETES.values(kafka(estate, "east"))
    assert "mirrors" in told
    copying = told["mirrors"]
    assert copying["config"]["exactly.once.source.support"] == "enabled"
    (source,) = copying["sources"].values()
    assert source["bootstrapServers"] == "kafka-bootstrap.kafka.west.example.com:9094"
    assert (source["topics"], source["tasks"]) == ("orders", 2)
    assert source["config"]["source.consumer.isolation.level"] == "read_committed"
    assert source["config"]["exactly.once.support"] == "required"
    assert "mirrors" not in KUBERNETES.values(kafka(estate, "west"))


def test_copying_may_read_there_and_write_here_and_no_more(estate: Estate) -> None:
    rights = {
        cluster: {
            (acl["resource"]["type"], acl["resource"]["name"], operation)
            for acl in KUBERNETES.values(kafka(estate, cluster))["users"]["mirrors"]["acls"]
            for operation in acl["operations"]
        }
        for cluster in ("west", "east")
    }
    assert ("topic", "orders", "Read") in rights["west"]
    assert not {one for one in rights["west"] if one[2] in ("Write", "Create", "Alter")}
    assert ("topic", "orders", "Write") in rights["east"]
    assert not {one for one in rights["east"] if one[1] == "clicks"}
    assert ("transactionalId", "mirrors-", "Write") in rights["east"]


def test_a_door_is_there_where_somebody_comes_and_lets_in_nobody_else(estate: Estate) -> None:
    west, east = (KUBERNETES.values(kafka(estate, cluster)) for cluster in ("west", "east"))
    assert "outside" not in east
    assert "outside" in west
    door = west["outside"]
    assert (door["host"], door["port"]) == ("kafka-bootstrap.kafka.west.example.com", 9094)
    assert door["addresses"] == ["10.52.0.0/16"]
    names = {one["broker"]: one["annotations"]["external-dns.kubernetes.io/hostname"] for one in door["brokers"]}
    assert names == {number: door["brokerHost"].format(nodeId=number) for number in range(west["replicas"])}
    assert all(one["annotations"]["rosace.io/why"] == "used from east" for one in (door, *door["brokers"]))
    assert door["brokerHost"] == "kafka-broker-{nodeId}.kafka.west.example.com"
    assert {one.host for one in entries(estate) if one.engine == "kafka" and one.cluster == "west"} == {door["host"]}


def test_across_clusters_only_mirrors_come_and_only_to_the_door(estate: Estate) -> None:
    coming = [link for link in network(estate).links if link.across and link.capability is KafkaBootstrap]
    assert [(str(link.source), str(link.target), link.ports, link.entry) for link in coming] == [
        ("kafka/kafka-mirrors", "kafka/kafka-broker", (9094,), (9094,))
    ]


def test_a_password_is_where_it_is_used_and_nowhere_else(estate: Estate) -> None:
    found = {cluster: {(need.namespace, need.name) for need in secrets(estate, cluster)} for cluster in estate.clusters}
    assert ("flink", "kafka-orders") in found["east"]
    assert {name for _, name in found["west"] if name.startswith("kafka")} == {
        "kafka-cluster-ca",
        "kafka-cluster-ca-cert",
        "kafka-mirrors",
        "kafka-producer-others",
    }


def test_what_is_exported_is_exported_at_its_home(estate: Estate) -> None:
    assert "connectors" not in KUBERNETES.values(kafka(estate, "west"))
    told = KUBERNETES.values(kafka(estate, "east"))
    assert "connectors" in told
    assert set(told["connectors"]) == {"found"}
    address = told["connectors"]["found"]["config"]["connection.url"]
    assert address.startswith("https://opensearch.opensearch.west.example.com")


def test_jobs_say_why_they_are_where_they_are(estate: Estate) -> None:
    flink = {part.site.cluster_name: part for part in estate.parts if part.engine.name == "flink"}
    told = {name: part.engine.kubernetes.values(part.site)["jobs"] for name, part in flink.items()}
    assert told["west"] == {}
    assert told["east"]["clicks"]["placement"] == "east: `clicks` is there"
    (near,) = told["east"]["clicks"]["affinity"]["podAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert near["podAffinityTerm"]["labelSelector"] == {
        "matchLabels": {"strimzi.io/cluster": "kafka", "strimzi.io/pool-name": "broker"}
    }
