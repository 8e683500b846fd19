"""Where the lake is, and the SQL that makes its catalog: pure, for every target.

The tables are those of org.apache.iceberg.jdbc.JdbcUtil, Iceberg 1.11.0, schema version V1: what JdbcCatalog makes
by itself when it finds none (a V0 table, then a column `iceberg_type`). The namespace is the row that its
createNamespace writes. All are made before any engine starts: of eight catalogs opened on an empty database at once,
one got its namespace and seven failed (duplicate key); on a prepared one all eight worked.
"""

from __future__ import annotations

from typing import Any

from rosace.contract.machine import History
from rosace.model.checked import CheckedTable, Ref

CATALOG = "lake"
WAREHOUSE = "s3://lake/warehouse"


def namespace(platform: str) -> str:
    """The schema that holds the platform's tables: its name as an SQL identifier that needs no quoting."""
    return platform.replace("-", "_")


def table_order(table: CheckedTable, history: History) -> dict[str, Any]:
    """A table as `evolve.evolved` takes it: plain JSON."""
    ref = Ref("table", table.name)
    return {
        "name": table.name,
        "columns": {
            name: f"{column} renamed-from {column.renamed_from}" if column.renamed_from else str(column)
            for name, column in table.columns.items()
        },
        "key": list(table.key),
        "partition": list(table.partition),
        "generation": history.ref(ref),
        "swap": history.ref(ref) > 0 and ref in history.swapped,
    }


FIND_TABLE = """
SELECT metadata_location FROM iceberg_tables
  WHERE catalog_name = :'catalog' AND table_namespace = :'namespace' AND table_name = :'table';
"""

COMMIT_TABLE = """
UPDATE iceberg_tables SET metadata_location = :'new', previous_metadata_location = :'old'
  WHERE catalog_name = :'catalog' AND table_namespace = :'namespace' AND table_name = :'table'
  AND metadata_location = :'old' RETURNING table_name;
"""
"""What JdbcTableOperations commits with (JdbcUtil of Iceberg 1.11.0): whoever was quicker wins."""

DROP_TABLE = """
DELETE FROM iceberg_tables
  WHERE catalog_name = :'catalog' AND table_namespace = :'namespace' AND table_name = :'table';
"""

ENSURE_CATALOG = """
SET client_min_messages = warning;
BEGIN;
CREATE TABLE IF NOT EXISTS iceberg_tables (
  catalog_name varchar(255) NOT NULL,
  table_namespace varchar(255) NOT NULL,
  table_name varchar(255) NOT NULL,
  metadata_location varchar(1000),
  previous_metadata_location varchar(1000),
  iceberg_type varchar(5),
  PRIMARY KEY (catalog_name, table_namespace, table_name)
);
ALTER TABLE iceberg_tables ADD COLUMN IF NOT EXISTS iceberg_type varchar(5);
CREATE TABLE IF NOT EXISTS iceberg_namespace_properties (
  catalog_name varchar(255) NOT NULL,
  namespace varchar(255) NOT NULL,
  property_key varchar(255),
  property_value varchar(1000),
  PRIMARY KEY (catalog_name, namespace, property_key)
);
INSERT INTO iceberg_namespace_properties (catalog_name, namespace, property_key, property_value)
  VALUES (:'catalog', :'namespace', 'exists', 'true') ON CONFLICT DO NOTHING;
COMMIT;
"""
"""For psql, with the variables `catalog` and `namespace`. Changes nothing the second time."""
