"""What topics export to PostgreSQL: a table of records for each, and a view with the topic's columns over it.

Kafka Connect's JDBC sink wants records with a schema, which JSON records have not; so it writes them as they are, and
the database reads them. A deleted key's record is NULL, and not in the view.
"""

from __future__ import annotations

from collections.abc import Iterable

from rosace.contract.exports import Exported
from rosace.kit.exported import COORDINATES, KEY, RECORD, SCHEMA
from rosace.model.columns import ColumnType, Kind

_TYPES = {
    Kind.STRING: "text",
    Kind.INT: "integer",
    Kind.BIGINT: "bigint",
    Kind.DOUBLE: "double precision",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
}


def statements(database: str, owner: str, exports: Iterable[Exported]) -> str:
    """For psql, as the superuser; empty where nothing is exported. The same twice in a row."""
    wanted = list(exports)
    if not wanted:
        return ""
    lines = [f"\\connect {database}", f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {owner};"]
    lines += [f"SET ROLE {owner};", f"SET search_path TO {SCHEMA};", "SET client_min_messages TO warning;"]
    for export in wanted:
        lines += [_table(export), *_view(export)]
    return "\n".join([*lines, ""])


def _table(export: Exported) -> str:
    topic, partition, offset = COORDINATES
    if export.by_key:
        columns = f'"{KEY}" text PRIMARY KEY'
    else:
        columns = f'"{topic}" text, "{partition}" integer, "{offset}" bigint, '
        columns += f'PRIMARY KEY ("{topic}", "{partition}", "{offset}")'
    return f'CREATE TABLE IF NOT EXISTS "{export.records}" ({columns}, "{RECORD}" text);'


def _view(export: Exported) -> list[str]:
    """Made anew: a view's columns cannot be exchanged."""
    fields = ", ".join(
        f'("{RECORD}"::jsonb ->> \'{name}\')::{column_type(kind)} AS "{name}"' for name, kind in export.columns.items()
    )
    return [
        "BEGIN;",
        f'DROP VIEW IF EXISTS "{export.target}";',
        f'CREATE VIEW "{export.target}" AS SELECT {fields} FROM "{export.records}" WHERE "{RECORD}" IS NOT NULL;',
        "COMMIT;",
    ]


def column_type(kind: ColumnType) -> str:
    """PostgreSQL's word for a column's type; timestamps are UTC, without zone, as everywhere."""
    if kind.kind is Kind.TIMESTAMP:
        return f"timestamp({kind.precision})"
    if kind.kind is Kind.DECIMAL:
        return f"numeric({kind.precision},{kind.scale})"
    return _TYPES[kind.kind]
