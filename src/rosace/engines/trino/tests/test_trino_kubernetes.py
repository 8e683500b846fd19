"""What is decided of Trino on clusters."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from compiled import of_section
from pydantic import ValidationError

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite, Offered
from rosace.engines.trino import nodes, settings
from rosace.engines.trino.kubernetes import KUBERNETES
from rosace.engines.trino.spec import TrinoSpec
from rosace.model.capabilities import Address, IcebergCatalog, PostgresDatabase, S3Endpoint, Secret
from rosace.model.cluster_words import Project
from rosace.model.quantity import Size
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: air-lines
producers: {others: {writes: [orders]}}
clusters: {main: {zones: 3}}
topics:
  orders: {columns: {id: int!, amount: double}, key: id}
  unread: {columns: {id: int!}}
queries: {last: {sql: last.sql}}
projects: {sales: {members: {sellers: member}, quota: {memory: 32Gi}}}
engines: {trino: {autoscale: {min: 3, max: 9}, settings: {spill-enabled: true}}}
"""


@pytest.fixture
def site(tmp_path: Path) -> ClusterSite:
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    (tmp_path / "last.sql").write_text("SELECT * FROM orders\n", encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")
    found = next(part.site for part in estate.parts if part.engine.name == "trino")
    database = PostgresDatabase(
        Address("db", 5432), "air_lines", "rosace", Secret("postgresql.password"), "the-database"
    )
    store = S3Endpoint(
        Address("s3", 9000, "http"), "us-east-1", Secret("s3.access-key"), Secret("s3.secret-key"), "the-store"
    )
    catalog = IcebergCatalog("lake", "air_lines", "s3://lake/warehouse", database)
    more = {PostgresDatabase: database, S3Endpoint: store, IcebergCatalog: catalog}
    return dataclasses.replace(found, offered=Offered({**found.offered.by_kind, **more}))


def test_catalogs_name_variables_instead_of_secrets(site: ClusterSite) -> None:
    values = KUBERNETES.values(site)
    lake = values["catalogs"]["lake"]
    assert lake["iceberg.jdbc-catalog.connection-password"] == "${ENV:POSTGRESQL_PASSWORD}"
    assert lake["s3.aws-secret-key"] == "${ENV:S3_SECRET_KEY}"
    assert values["environment"]["POSTGRESQL_PASSWORD"] == {"secret": "the-database", "key": "password"}
    assert values["environment"]["S3_ACCESS_KEY"] == {"secret": "the-store", "key": "access-key"}
    local = settings.lake("lake", _properties(site), lambda secret: secret.name)
    assert set(local) == set(lake)


def _properties(site: ClusterSite) -> dict[str, Any]:
    from rosace.kit.lake import catalog_properties

    return catalog_properties(site.need(IcebergCatalog), site.need(S3Endpoint))


def test_reads_committed_records_of_the_topics_that_queries_name(site: ClusterSite) -> None:
    values = KUBERNETES.values(site)
    client = values["kafka"]["config"]
    assert client["isolation.level"] == "read_committed"
    assert client["security.protocol"] == "SASL_SSL"
    assert 'username="trino" password="${dir:/etc/kafka/user:password}"' in client["sasl.jaas.config"]
    assert values["kafka"]["secrets"] == {"user": "kafka-trino", "ca": "kafka-ca"}
    assert values["catalogs"]["kafka"]["kafka.table-names"] == "orders"
    assert list(values["topics"]) == ["orders"]


def test_workers_scale_and_end_gracefully(site: ClusterSite) -> None:
    found = {
        (one["kind"], one["metadata"]["name"]): one for one in of_section("query", "trino", KUBERNETES.values(site))
    }
    scaler = found["HorizontalPodAutoscaler", "trino-worker"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 9)
    worker = found["Deployment", "trino-worker"]["spec"]
    assert "replicas" not in worker
    pod = worker["template"]["spec"]
    assert "SHUTTING_DOWN" in pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][2]
    assert pod["terminationGracePeriodSeconds"] > 2 * nodes.GRACE
    assert found["PodDisruptionBudget", "trino-worker"]["spec"]["maxUnavailable"] == 1
    assert "lifecycle" not in found["Deployment", "trino-coordinator"]["spec"]["template"]["spec"]["containers"][0]


def test_a_query_may_take_what_it_may_here(site: ClusterSite) -> None:
    worker = KUBERNETES.configuration(site)["worker/config.properties"]
    heap = nodes.heap_of(Size.parse("8Gi"))
    here = settings.server(TrinoSpec(), platform="p", port=1, heap=heap, plugins="x")
    for key in ("query.max-memory-per-node", "memory.heap-headroom-per-node"):
        assert worker[key] == here[key]
    assert worker["spill-enabled"] == "true"


def test_projects_share_by_their_quotas() -> None:
    projects = {
        "large": Project.model_validate({"quota": {"memory": "96Gi"}, "members": {"engineers": "owner"}}),
        "small": Project.model_validate({"quota": {"memory": "32Gi"}}),
        "free": Project(),
    }
    told = nodes.resource_groups(projects, 24)
    (root,) = told["rootGroups"]
    limits = {group["name"]: group["hardConcurrencyLimit"] for group in root["subGroups"]}
    assert limits == {"large": 12, "small": 4, "free": 4, "others": 4}
    assert {"userGroup": "engineers", "group": "queries.large"} in told["selectors"]
    assert told["selectors"][-1] == {"group": "queries.others"}


def test_what_is_rosaces_is_refused() -> None:
    with pytest.raises(ValidationError, match="secret of the platform's"):
        TrinoSpec.model_validate({"settings": {"internal-communication.shared-secret": "x"}})
