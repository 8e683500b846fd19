"""What is decided of notebooks on clusters."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from compiled import of_section

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite, Offered
from rosace.contract.workload import API_SERVER, Needs, Within
from rosace.engines.jupyter.kubernetes import HUB_API, KUBERNETES
from rosace.model.capabilities import Address, BatchSession, S3Endpoint, Secret, SqlEndpoint
from rosace.plan.clusters.links import network
from rosace.plan.clusters.topology import estate_of
from rosace.source.load import load

PLATFORM = """\
platform: air-lines
clusters: {main: {}}
delivery: {prefix: acme-}
projects: {sales: {members: {sellers: member}}, ops: {members: {engineers: owner}}}
notebooks:
  analysts: {project: sales, resources: {memory: 4Gi, cpu: 500m}}
  engineers: {project: ops}
engines: {jupyter: {idle: 2h, disk: {size: 20Gi}}}
"""


@pytest.fixture
def site(tmp_path: Path) -> ClusterSite:
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")
    found = next(part.site for part in estate.parts if part.engine.name == "jupyter")
    store = S3Endpoint(Address("s3", 9000, "http"), "eu", Secret("a"), Secret("b"), "the-store")
    more = {SqlEndpoint: SqlEndpoint(Address("sql", 8080, "http"), "air-lines"), S3Endpoint: store}
    return dataclasses.replace(found, offered=Offered({**found.offered.by_kind, **more}))


SPARK = """\
topics: {orders: {columns: {id: bigint!}}}
producers: {shop: {writes: orders}}
tables: {orders: {like: orders}}
jobs: {lands: {engine: spark, sql: lands.sql}}
"""


def test_people_reach_the_spark_of_their_project_and_no_other(tmp_path: Path) -> None:
    """Spark Connect asks nobody who they are: what lets people in are the policies, which follow from these links."""
    (tmp_path / "platform.yaml").write_text(PLATFORM + SPARK, encoding="utf-8")
    (tmp_path / "lands.sql").write_text("INSERT INTO lake.orders SELECT id FROM orders", encoding="utf-8")
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")
    coming = {
        (str(link.source), str(link.target))
        for link in network(estate).links
        if link.capability is BatchSession and 15002 in link.ports
    }
    shared = "acme-spark/spark-shared-connect"
    assert coming == {
        *((f"acme-{one}/notebook-acme-{one}", shared) for one in ("ops", "sales")),
        *(
            (f"acme-{one}/notebook-acme-{one}", f"acme-{one}/spark-{one}-connect-connect-server")
            for one in ("ops", "sales")
        ),
    }
    site = next(part.site for part in estate.parts if part.engine.name == "jupyter")
    told = {one["slug"]: one["kubespawner_override"]["environment"] for one in KUBERNETES.values(site)["profiles"]}
    assert told["analysts"]["SPARK_REMOTE"] == "sc://sales-connect-server.acme-sales.svc.cluster.local:15002"


def test_a_notebook_has_the_image_that_it_names(tmp_path: Path) -> None:
    image = "registry.example.com/team/notebook:7"
    (tmp_path / "platform.yaml").write_text(PLATFORM.replace("{project: ops}", f"{{project: ops, image: {image}}}"))
    estate = estate_of(check(load(tmp_path / "platform.yaml"), tmp_path), "prod")
    site = next(part.site for part in estate.parts if part.engine.name == "jupyter")
    analysts, engineers = (one["kubespawner_override"] for one in KUBERNETES.values(site)["profiles"])
    assert "image" not in analysts
    assert engineers["image"] == image


def test_servers_live_with_their_projects(site: ClusterSite) -> None:
    values = KUBERNETES.values(site)
    assert values["namespaces"] == ["acme-ops", "acme-sales"]
    analysts = values["profiles"][0]["kubespawner_override"]
    assert (analysts["namespace"], analysts["mem_limit"], analysts["cpu_guarantee"]) == ("acme-sales", 4 << 30, 0.5)
    assert analysts["environment"]["SQL_USER"] == "sales"
    assert analysts["environment"]["AWS_SECRET_ACCESS_KEY"]["valueFrom"]["secretKeyRef"]["name"] == "the-store"
    assert ("the-store", "acme-sales") in {(need.name, need.namespace) for need in KUBERNETES.secrets(site)}


def test_the_hub_alone_has_rights_and_few(site: ClusterSite) -> None:
    found = of_section("notebooks", "jupyter", KUBERNETES.values(site))
    roles = [one for one in found if one["kind"] == "Role"]
    assert {one["metadata"]["namespace"] for one in roles} == {"acme-ops", "acme-sales"}
    assert all("secrets" not in rule["resources"] for role in roles for rule in role["rules"])
    tokens = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]["automountServiceAccountToken"]
        for one in found
        if one["kind"] == "Deployment"
    }
    assert tokens == {"jupyter-hub": True, "jupyter-proxy": False}


def test_servers_are_closed(site: ClusterSite) -> None:
    spawner = KUBERNETES.values(site)["config"]["KubeSpawner"]
    assert spawner["automount_service_account_token"] is False
    assert spawner["container_security_context"]["readOnlyRootFilesystem"] is True
    assert spawner["storage_capacity"] == "20Gi"
    peers = {one.name: one for one in KUBERNETES.workloads(site)}
    assert API_SERVER in peers["jupyter-hub"].uses
    assert set(peers["notebook-acme-sales"].uses) == {
        Within("jupyter-hub", HUB_API),
        Needs(SqlEndpoint),
        Needs(S3Endpoint),
    }


class _Config:
    """What traitlets' `c` does: a part for every name."""

    def __init__(self) -> None:
        self.parts: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self.parts.setdefault(name, SimpleNamespace())

    def __getattr__(self, name: str) -> Any:
        return self[name]


def test_people_see_what_their_groups_may(site: ClusterSite, tmp_path: Path) -> None:
    config = next(
        one for one in of_section("notebooks", "jupyter", KUBERNETES.values(site)) if one["kind"] == "ConfigMap"
    )
    (tmp_path / "settings.json").write_text(config["data"]["settings.json"], encoding="utf-8")
    c = _Config()
    program = config["data"]["jupyterhub_config.py"]
    exec(program.replace("/etc/jupyterhub", str(tmp_path)), {"c": c})
    seller = SimpleNamespace(user=SimpleNamespace(groups=[SimpleNamespace(name="sellers")]))
    assert [one["slug"] for one in c["KubeSpawner"].profile_list(seller)] == ["analysts"]
    assert c["GenericOAuthenticator"].allowed_groups == ["engineers", "sellers"]
    assert c["GenericOAuthenticator"].allow_all is False
    assert "--timeout=7200" in c["JupyterHub"].services[0]["command"]
