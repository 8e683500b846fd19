"""The server's configuration: pure, for every target.

Sources: the PostgreSQL 18 documentation, chapters "Server Configuration" and "Client Authentication".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rosace.engines.postgresql.spec import PostgresqlSpec
from rosace.model.quantity import Size

PORT, METRICS = 5432, 9187
"""On clusters: of the server, and of its exporter."""

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


def cluster_settings(spec: PostgresqlSpec, port: int, memory: Size) -> dict[str, str]:
    """postgresql.conf of a server in a pod of `memory`: as on this machine, but reached by others, over TLS alone.

    A quarter of the memory is shared buffers where nobody chose ("Resource Consumption"); the socket is for what
    lives in the same pod.
    """
    chosen = (
        spec if "shared_buffers" in spec.model_fields_set else spec.model_copy(update={"shared_buffers": memory // 4})
    )
    return {
        **{name: str(value) for name, value in server_settings(chosen, port, f"{FOLDER}/pg_hba.conf").items()},
        "listen_addresses": "*",
        "unix_socket_directories": SOCKETS,
        "ident_file": f"{FOLDER}/pg_ident.conf",
        "ssl": "on",
        "ssl_cert_file": f"{CERTIFICATE}/tls.crt",
        "ssl_key_file": f"{CERTIFICATE}/tls.key",
        "ssl_min_protocol_version": "TLSv1.2",
    }


def configuration(settings: Mapping[str, str | int]) -> str:
    """Settings in the form of postgresql.conf: texts in single quotes, a quote or backslash in them doubled,
    a line's end as `\\n` (GUC_scanstr, PostgreSQL 18)."""
    lines = (f"{name} = {value if isinstance(value, int) else _quoted(value)}\n" for name, value in settings.items())
    return "".join(lines)


def _quoted(value: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\1\1", value).replace("\n", "\\n") + "'"


FOLDER = "/etc/postgresql"
"""In pods: where the configuration lies."""

CERTIFICATE = "/etc/postgresql-tls"
"""In pods: where the server's certificate and key lie."""

SOCKETS = "/var/run/postgresql"
"""In pods: the socket's folder, shared by the pod's containers and nobody else."""

EXPORTER = "exporter"
"""In pods: the role that reads statistics (`pg_monitor`), for Prometheus."""

INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--text-search-config=simple",
    "--no-instructions",
)
"""What a new cluster is made with; `initialise.py` says the same, and why."""

CLUSTER_HBA = (
    f"local all {ADMIN},{EXPORTER} peer map=pod",
    "hostssl all all all scram-sha-256",
    f"hostssl replication {ADMIN} all scram-sha-256",
)
"""Who may log in on clusters: over TLS with a password; over the pod's own socket, the pod's own containers. Network
policies say from where. The last line is for base backups."""

CLUSTER_IDENT = (f"pod postgres {ADMIN}", f"pod postgres {EXPORTER}")
"""Which roles the system user of the pod's containers may be (pg_ident.conf)."""

ENSURE = r"""
-- A failed statement must not bring the password into the server's log.
SET log_min_error_statement = panic;
SELECT format('CREATE ROLE %I LOGIN', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
"""
"""Makes the platform's role and database where they are missing. Variables of psql: role, password, name."""


def cluster_roles(database: str) -> str:
    """The statements that keep roles and passwords as the mounted secrets say, for psql; the same twice in a row."""
    return (
        f"\\set role {USER}\n\\set name {database}\n"
        "\\set password `cat /etc/postgresql-user/password`\n"
        "\\set admin_password `cat /etc/postgresql-admin/password`\n"
        f"{ENSURE.strip()}\n"
        f"ALTER ROLE {ADMIN} PASSWORD :'admin_password';\n"
        f"SELECT 'CREATE ROLE {EXPORTER} LOGIN' WHERE NOT EXISTS "
        f"(SELECT FROM pg_roles WHERE rolname = '{EXPORTER}') \\gexec\n"
        f"GRANT pg_monitor TO {EXPORTER};\n"
    )


HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
"""Who may log in (pg_hba.conf): from this machine, over TCP, with a password, everyone."""
