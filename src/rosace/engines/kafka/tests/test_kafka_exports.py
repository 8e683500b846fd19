"""What is decided of exports on clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compiled import of_section

from rosace.check.platform import check, examine
from rosace.contract.cluster import ClusterSite
from rosace.contract.workload import API_SERVER, Needs, Within
from rosace.engines.kafka import served
from rosace.engines.kafka.kubernetes import KUBERNETES
from rosace.model.capabilities import KafkaBootstrap, PostgresDatabase, SearchEndpoint
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: air-lines
producers: {others: {writes: [logs, balances], addresses: [203.0.113.0/24]}}
clusters: {main: {zones: 3}}
delivery: {registry: registry.example.com}
topics:
  logs: {columns: {service: string!, message: string}, key: service, partitions: 12}
  balances: {columns: {account: string!, total: "decimal(10,2)"}, key: account, compact: true, partitions: 2}
exports:
  search: {from: logs, to: elasticsearch, name: lines}
  latest: {from: balances, to: opensearch}
  serve: {from: balances, to: postgresql}
"""


@pytest.fixture
def site(tmp_path: Path) -> ClusterSite:
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")
    return next(part.site for part in estate.parts if part.engine.name == "kafka")


def _connectors(site: ClusterSite) -> dict[str, Any]:
    return KUBERNETES.values(site)["connectors"]


def test_a_record_written_twice_is_there_once(site: ClusterSite) -> None:
    told = {name: one["config"] for name, one in _connectors(site).items()}
    assert told["search"]["key.ignore.id.strategy"] == "topic.partition.offset"
    assert (told["latest"]["key.ignore"], told["latest"]["behavior.on.null.values"]) == ("false", "delete")
    assert told["latest"]["behavior.on.version.conflict"] == "ignore"
    assert (told["serve"]["insert.mode"], told["serve"]["pk.mode"]) == ("upsert", "record_key")
    assert KUBERNETES.values(site)["connect"]["config"]["consumer.isolation.level"] == "read_committed"


def test_stores_are_found_though_they_come_later(site: ClusterSite) -> None:
    told = _connectors(site)
    assert told["search"]["config"]["connection.url"] == "https://opensearch.opensearch.svc.cluster.local:9200"
    assert told["serve"]["config"]["connection.url"].startswith("jdbc:postgresql://postgresql.postgresql.svc.")
    assert (told["search"]["tasks"], told["serve"]["tasks"]) == (4, 2)
    assert told["search"]["config"]["transforms.rename.replacement"] == "lines"


def test_passwords_are_files_of_secrets(site: ClusterSite) -> None:
    values = KUBERNETES.values(site)
    assert values["connect"]["secrets"] == {"search": "opensearch-exports", "database": "postgresql"}
    assert _connectors(site)["serve"]["config"]["connection.password"] == "${dir:/mnt/database:password}"
    brought = {(need.name, need.namespace) for need in KUBERNETES.secrets(site)}
    assert ("kafka-exports", "kafka") in brought


def test_connect_is_a_peer_of_its_stores(site: ClusterSite) -> None:
    (peer,) = [one for one in KUBERNETES.workloads(site) if one.name == "kafka-connect"]
    assert set(peer.uses) == {
        API_SERVER,
        Needs(KafkaBootstrap),
        Needs(SearchEndpoint),
        Needs(PostgresDatabase),
        Within("kafka-connect", served.API),
    }
    kinds = {one["kind"]: one for one in of_section("streaming", "kafka", KUBERNETES.values(site))}
    connect = kinds["KafkaConnect"]
    assert connect["metadata"]["annotations"] == {"strimzi.io/use-connector-resources": "true"}
    assert connect["spec"]["replicas"] == 2
    assert "build" not in connect["spec"]
    assert connect["spec"]["image"].startswith("registry.example.com/rosace/kafka-connect:")


def test_exports_need_a_registry(tmp_path: Path) -> None:
    text = PLATFORM.replace("delivery: {registry: registry.example.com}\n", "")
    (tmp_path / "platform.yaml").write_text(text, encoding="utf-8")
    _, found = examine(load(tmp_path / "platform.yaml"), tmp_path)
    assert [one.code for one in found] == ["export-no-registry"]


def test_without_exports_there_is_no_connect(site: ClusterSite) -> None:
    import dataclasses

    platform = site.checked.platform.model_copy(update={"exports": {}})
    checked = dataclasses.replace(site.checked, platform=platform)
    bare = dataclasses.replace(site, checked=checked)
    assert "connect" not in KUBERNETES.values(bare)
    assert not [one for one in KUBERNETES.workloads(bare) if one.name == "kafka-connect"]
