"""The lake's tables for other programs: by the catalog, without Trino."""

from __future__ import annotations

from rosace.contract.connect import Connecting, Door, Way
from rosace.model.capabilities import IcebergCatalog, S3Endpoint

WORDS = ("iceberg", "lake")
CONFIG = ".pyiceberg.yaml"
"""What pyiceberg looks for in PYICEBERG_HOME (py.iceberg.apache.org/configuration)."""


def door(site: Connecting) -> Door:
    """Ways to the tables. Both the database's password and the storage's keys lie in pyiceberg's own file."""
    catalog, s3 = site.need(IcebergCatalog), site.need(S3Endpoint)
    base = catalog.database
    table = f"{catalog.namespace}.{next(iter(site.checked.tables), 'table')}"
    held = (
        "catalog:\n"
        f"  {catalog.name}:\n"
        "    type: sql\n"
        f'    uri: "postgresql+psycopg2://{base.user}:{site.reveal(base.password)}@{base.address}/{base.database}"\n'
        '    init_catalog_tables: "false"\n'
        f'    warehouse: "{catalog.warehouse}"\n'
        f'    s3.endpoint: "{s3.address}"\n'
        f'    s3.region: "{s3.region}"\n'
        f'    s3.access-key-id: "{site.reveal(s3.access_key)}"\n'
        f'    s3.secret-access-key: "{site.reveal(s3.secret_key)}"\n'
    )
    home = f"PYICEBERG_HOME='{site.file(CONFIG).parent}'"
    scan = (
        "from pyiceberg.catalog import load_catalog\n"
        f"scan = load_catalog('{catalog.name}').load_table('{table}').scan(limit=10)\n"
    )
    return Door(
        catalog.warehouse,
        (
            Way("pyiceberg (with its extras sql-postgres, pyarrow)",
                f"{home} pyiceberg --catalog {catalog.name} list {catalog.namespace}"),
            Way("Python, pyiceberg and Arrow", f"{home} python3 - <<'END'\n{scan}print(scan.to_arrow())\nEND"),
            Way("Python, pyiceberg and DuckDB",
                f"{home} python3 - <<'END'\n{scan}print(scan.to_duckdb('t').sql('SELECT count(*) FROM t'))\nEND"),
        ),
        {CONFIG: held},
    )  # fmt: skip
