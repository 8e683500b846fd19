"""Trino for other programs: its own client, JDBC, Python."""

from __future__ import annotations

from rosace.contract.connect import Connecting, Door, Way
from rosace.engines.trino.sql import CATALOG_OF_TABLES
from rosace.model.capabilities import SqlEndpoint

WORDS = ("trino", "sql")


def door(site: Connecting) -> Door:
    """Ways to ask. Topics are tables of the catalog `kafka` there, those of the lake of `lake`."""
    endpoint = site.need(SqlEndpoint)
    address, schema = endpoint.address, site.checked.platform.platform.replace("-", "_")
    python = (
        "python3 - <<'END'\n"
        "import trino\n"
        f"c = trino.dbapi.connect(host='{address.host}', port={address.port}, user='{endpoint.user}',\n"
        f"                        catalog='{CATALOG_OF_TABLES}', schema='{schema}')\n"
        "print(c.cursor().execute('SHOW TABLES').fetchall())\n"
        "END"
    )
    shell = (
        f"trino --server {address} --user {endpoint.user} \\\n"
        f"  --catalog {CATALOG_OF_TABLES} --schema {schema} --execute 'SHOW TABLES'"
    )
    jdbc = f"jdbc:trino://{address.authority}/{CATALOG_OF_TABLES}/{schema}?user={endpoint.user}"
    return Door(
        str(address),
        (
            Way("trino", shell),
            Way("JDBC (io.trino:trino-jdbc)", jdbc),
            Way("Python, trino", python),
        ),
    )
