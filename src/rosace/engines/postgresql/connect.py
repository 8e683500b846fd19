"""PostgreSQL for other programs. It keeps the lake's catalog: look, and leave what you see as it is."""

from __future__ import annotations

from rosace.contract.connect import Connecting, Door, Way
from rosace.model.capabilities import PostgresDatabase

WORDS = ("postgresql", "postgres")
PASSWORDS = "pgpass"


def door(site: Connecting) -> Door:
    """Ways to the database. The password lies in a file as libpq reads it (PGPASSFILE), mode 0600 as it asks."""
    base = site.need(PostgresDatabase)
    file, address = site.file(PASSWORDS), base.address
    held = f"{address.host}:{address.port}:{base.database}:{base.user}:{site.reveal(base.password)}\n"
    place = f"host={address.host} port={address.port} dbname={base.database} user={base.user}"
    return Door(
        f"{address.host}:{address.port}",
        (
            Way("psql", f"PGPASSFILE='{file}' psql '{place}' -c '\\dt'"),
            Way("JDBC (org.postgresql:postgresql)", f"{base.jdbc}?user={base.user}"),
        ),
        {PASSWORDS: held},
    )
