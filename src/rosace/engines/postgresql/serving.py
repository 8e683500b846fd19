"""What topics export to PostgreSQL: a table of records for each, and a view with the topic's columns over it.

Kafka Connect's JDBC sink wants records with a schema, which JSON records have not; so it writes them as they are, and
the database reads them. A deleted key's record is NULL, and not in the view.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from rosace.contract.exports import Exported
from rosace.kit.exported import COORDINATES, KEY, RECORD, SCHEMA
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts


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
    fields = ", ".join(f'{_value(name, kind)} AS "{name}"' for name, kind in export.columns.items())
    return [
        "BEGIN;",
        f'DROP VIEW IF EXISTS "{export.target}";',
        f'CREATE VIEW "{export.target}" AS SELECT {fields} FROM "{export.records}" WHERE "{RECORD}" IS NOT NULL;',
        "COMMIT;",
    ]


def _value(name: str, kind: ColumnType) -> str:
    """A column of a record. What is nested stays JSON, whose numbers keep their digits in `jsonb`."""
    text = f"(\"{RECORD}\"::jsonb ->> '{name}')"
    if facts(kind.kind).family == "nested":
        return f"NULLIF(\"{RECORD}\"::jsonb -> '{name}', 'null'::jsonb)"
    return f"decode({text}, 'base64')" if kind.kind is Kind.BINARY else f"{text}::{column_type(kind)}"


def column_type(kind: ColumnType) -> str:
    """PostgreSQL's word for a column's type; timestamps are UTC, without zone, as everywhere."""
    match kind.kind:
        case Kind.STRING:
            return "text"
        case Kind.SMALLINT:
            return "smallint"
        case Kind.INT:
            return "integer"
        case Kind.BIGINT:
            return "bigint"
        case Kind.FLOAT:
            return "real"
        case Kind.DOUBLE:
            return "double precision"
        case Kind.BOOLEAN:
            return "boolean"
        case Kind.BINARY:
            return "bytea"
        case Kind.DATE:
            return "date"
        case Kind.TIME:
            return f"time({kind.precision})"
        case Kind.TIMESTAMP:
            return f"timestamp({kind.precision})"
        case Kind.TIMESTAMPTZ:
            return f"timestamptz({kind.precision})"
        case Kind.UUID:
            return "uuid"
        case Kind.DECIMAL:
            return f"numeric{kind.arguments}"
        case Kind.ARRAY | Kind.MAP | Kind.ROW:
            return "jsonb"
        case _:
            assert_never(kind.kind)
