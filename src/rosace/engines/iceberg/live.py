"""Prepares the database that the lake's catalog lives in, and makes its tables what is declared."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from rosace.engines.iceberg.evolve import evolved
from rosace.engines.iceberg.files import Files
from rosace.engines.iceberg.settings import COMMIT_TABLE, DROP_TABLE, ENSURE_CATALOG, FIND_TABLE
from rosace.kit.psql import Connection

ATTEMPTS = 10
"""Times that a table is looked at again, since somebody else committed meanwhile."""


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


def apply_tables(
    login: Mapping[str, Any],
    store: Mapping[str, Any],
    tables: Sequence[Mapping[str, Any]],
    pruned: Sequence[str],
    secrets: Mapping[str, str],
) -> list[str]:
    """Tables that are there become what is declared (`evolve`); those `pruned` go, with their files. Idempotent: one
    that nobody made yet is made by who first writes or reads it.

    `login` has the arguments of `ensure_catalog`, `store` is S3's address with the names of its secrets. Returns what
    was changed, in words. Raises CannotEvolve before it changes that table, SqlFailed, S3Error.
    """
    there = _Catalog(login, store, secrets)
    changed = [f"table {table['name']} evolved" for table in tables if there.evolve(table)]
    gone = [f"table {name} removed" for name in pruned if there.drop(name)]
    return [*changed, *gone]


class _Catalog:
    """The catalog in PostgreSQL and the tables' files in S3."""

    def __init__(self, login: Mapping[str, Any], store: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        told = {name: login[name] for name in ("program", "host", "port", "database", "user")}
        self._login = Connection(**told, password=secrets[login["password"]])
        self._names = {"catalog": login["catalog"], "namespace": login["namespace"]}
        self._files = Files(store, secrets)

    def evolve(self, table: Mapping[str, Any]) -> bool:
        """Whether anything had to be changed."""
        for _ in range(ATTEMPTS):
            location = self._find(table["name"])
            if not location:
                return False
            found = self._files.read(location)
            after = evolved(found, table, int(time.time() * 1000))
            if after is None:
                return False
            after["metadata-log"] = [
                *found.get("metadata-log", ()),
                {"timestamp-ms": found["last-updated-ms"], "metadata-file": location},
            ][-100:]
            following = self._files.write(location, after)
            if self._commit(table["name"], location, following):
                return True
            self._files.remove(following)
        raise TimeoutError(f"`{table['name']}` was changed by somebody else {ATTEMPTS} times")

    def drop(self, name: str) -> bool:
        """First the table is unknown, then its files go: a crash in between leaves files that nobody reads."""
        location = self._find(name)
        if not location:
            return False
        folder = self._files.read(location)["location"]
        self._login.run(DROP_TABLE, {**self._names, "table": name})
        self._files.remove_all(folder)
        return True

    def _find(self, name: str) -> str:
        return self._login.run(FIND_TABLE, {**self._names, "table": name})

    def _commit(self, name: str, old: str, new: str) -> bool:
        return bool(self._login.run(COMMIT_TABLE, {**self._names, "table": name, "old": old, "new": new}))
