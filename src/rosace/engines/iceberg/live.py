"""Prepares the database that the lake's catalog lives in."""

from __future__ import annotations

from collections.abc import Mapping

from rosace.engines.iceberg.settings import ENSURE_CATALOG
from rosace.kit.psql import Connection


def ensure_catalog(
    program: str,
    host: str,
    port: int,
    database: str,
    user: str,
    password: str,
    catalog: str,
    namespace: str,
    secrets: Mapping[str, str],
) -> None:
    """Makes the catalog's tables and the platform's namespace where they are missing.

    `program` is psql, `password` the name of the secret. Raises SqlFailed.
    """
    login = Connection(program, host, port, database, user, secrets[password])
    login.run(ENSURE_CATALOG, {"catalog": catalog, "namespace": namespace})
