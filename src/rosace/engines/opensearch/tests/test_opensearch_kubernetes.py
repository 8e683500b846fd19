"""What is decided of OpenSearch on clusters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.engines.opensearch import ENGINE, settings
from rosace.engines.opensearch.kubernetes import KUBERNETES
from rosace.model.capabilities import SearchEndpoint
from rosace.model.platform import Platform
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: air-lines
producers: {others: {writes: [logs]}}
clusters: {main: {zones: 3}}
delivery: {registry: registry.example.com}
topics: {logs: {columns: {service: string!, message: string}, key: service}}
exports: {search: {from: logs, to: elasticsearch}}
engines: {opensearch: {resources: {memory: 8Gi}}}
"""


@pytest.fixture
def site(tmp_path: Path) -> ClusterSite:
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")
    return next(part.site for part in estate.parts if part.engine.name == "opensearch")


def test_is_wanted_by_either_name() -> None:
    words = {"platform": "p", "topics": {"t": {"columns": {"a": "int"}}}}
    assert not ENGINE.wanted(Platform.model_validate(words))
    for name in ("elasticsearch", "opensearch"):
        assert ENGINE.wanted(Platform.model_validate({**words, "exports": {"x": {"from": "t", "to": name}}}))


def test_a_majority_survives_one_server(site: ClusterSite) -> None:
    values = KUBERNETES.values(site)
    assert values["replicas"] == 3
    assert values["config"]["cluster.initial_cluster_manager_nodes"] == [f"opensearch-{n}" for n in range(3)]
    assert values["heap"] == "4096m"
    kinds = {one["kind"]: one for one in of_section("serving", "opensearch", values)}
    assert kinds["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    assert settings.server("x", 1)["discovery.type"] == "single-node"


def test_the_writer_may_write_what_is_exported_and_no_more(site: ClusterSite) -> None:
    roles = KUBERNETES.values(site)["security"]["roles.yml"]
    assert [one["index_patterns"] for one in roles["exports"]["index_permissions"]] == [["logs"]]
    found = site.need(SearchEndpoint)
    assert (str(found.address), found.secret) == (
        "https://opensearch.opensearch.svc.cluster.local:9200",
        "opensearch-exports",
    )
    assert ("opensearch-exports", "kafka") in {(need.name, need.namespace) for need in KUBERNETES.secrets(site)}


def test_passwords_are_variables_and_demo_users_are_gone(site: ClusterSite) -> None:
    users = KUBERNETES.values(site)["security"]["internal_users.yml"]
    assert set(users) == {"_meta", "admin", "exports", "exporter"}
    assert users["admin"]["hash"] == "${envbc.ADMIN_PASSWORD}"


def test_configuration_is_read_as_yaml(site: ClusterSite) -> None:
    files = next(
        one for one in of_section("serving", "opensearch", KUBERNETES.values(site)) if one["kind"] == "ConfigMap"
    )
    told = json.loads(files["data"]["opensearch.yml"])
    assert told["plugins.security.ssl.http.enabled"] is True
    assert told["node.store.allow_mmap"] is False
