"""Talks to a running PostgreSQL server."""

from __future__ import annotations

from collections.abc import Mapping

from rosace.engines.postgresql.settings import ADMIN, ADMIN_SECRET, ENSURE, USER, USER_SECRET
from rosace.kit.psql import Connection


def ensure_database(program: str, host: str, port: int, database: str, secrets: Mapping[str, str]) -> None:
    """Makes the platform's role and database where they are missing, and proves that the role can use it.

    Raises SqlFailed, such as for a superuser's password that the cluster was not made with.
    """
    admin = Connection(program, host, port, "postgres", ADMIN, secrets[ADMIN_SECRET])
    admin.run(ENSURE, {"role": USER, "name": database, "password": secrets[USER_SECRET]})
    Connection(program, host, port, database, USER, secrets[USER_SECRET]).run("SELECT 1")
