"""The server's configuration: pure, for every target.

Sources: the PostgreSQL 18 documentation, chapters "Server Configuration" and "Client Authentication".
"""

from __future__ import annotations

import re

from rosace.engines.postgresql.spec import PostgresqlSpec

ADMIN = "postgres"
"""The superuser, for the platform's own housekeeping."""

USER = "rosace"
"""Who everything else is: it owns the platform's database and nothing more."""

ADMIN_SECRET = "postgresql.admin-password"
USER_SECRET = "postgresql.password"


def database_name(platform: str) -> str:
    """The platform's database: its name as an SQL identifier that needs no quoting."""
    return platform.replace("-", "_")


def server_settings(spec: PostgresqlSpec, port: int, hba_file: str) -> dict[str, str | int]:
    """The whole of postgresql.conf.

    Durable in every way (fsync, full_page_writes, synchronous_commit stay on): a commit of the catalog is what makes
    a job's output exist. Small in memory and disk: one WAL segment is 16 MiB, and io_method `sync` saves three
    processes that a catalog never needs. No Unix socket: its path would have to be short.
    """
    return {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "hba_file": hba_file,
        "password_encryption": "scram-sha-256",
        "max_connections": spec.connections,
        "shared_buffers": f"{int(spec.shared_buffers) // 1024}kB",
        "work_mem": "4MB",
        "maintenance_work_mem": "32MB",
        "max_wal_size": "256MB",
        "min_wal_size": "32MB",
        "max_worker_processes": 4,
        "max_parallel_workers": 2,
        "io_method": "sync",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "iso, ymd",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_checkpoints": "off",
    }


def configuration(settings: dict[str, str | int]) -> str:
    """Settings in the form of postgresql.conf: texts in single quotes, a quote or backslash in them doubled."""
    lines = (f"{name} = {value if isinstance(value, int) else _quoted(value)}\n" for name, value in settings.items())
    return "".join(lines)


def _quoted(value: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\1\1", value) + "'"


HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
"""Who may log in (pg_hba.conf): from this machine, over TCP, with a password, everyone."""
