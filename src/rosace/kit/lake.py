"""The lake's facts, said once for every engine that reads or writes Iceberg tables.

Comes in: the catalog and the S3 store as capabilities, names and partition texts of the platform. Goes out: the
properties of Iceberg's JDBC catalog, qualified names, parsed partition transforms. Must not: know any engine.

The tables that hold the catalog itself and the row of the platform's namespace are made by the action
`iceberg:catalog`, before any engine needs them: engines that make them at the same time disturb each other. An engine
may still say `CREATE SCHEMA IF NOT EXISTS` (Spark, Flink: `CREATE DATABASE IF NOT EXISTS`) for
`IcebergCatalog.namespace`, which then changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rosace.contract.decimals import whole
from rosace.model.capabilities import IcebergCatalog, S3Endpoint, Secret
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType, Field, Kind

JDBC_CATALOG = "org.apache.iceberg.jdbc.JdbcCatalog"
S3_FILE_IO = "org.apache.iceberg.aws.s3.S3FileIO"


def catalog_properties(catalog: IcebergCatalog, s3: S3Endpoint) -> dict[str, str | Secret]:
    """What Iceberg 1.11's Java library is told about the catalog, without any engine's prefix.

    Spark puts `spark.sql.catalog.<name>.` before each key, Flink takes them in `CREATE CATALOG ... WITH` beside
    `'type'='iceberg'`. `catalog-impl` is what both accept; Spark's short form `type=jdbc` means the same class, and
    may not be said beside it. A `Secret` stands where its value has to be put, in a file of mode 0600.

    Schema version V1 is the one with a column for views (org.apache.iceberg.jdbc.JdbcUtil, SchemaVersion); without
    it an engine that makes views refuses. Sources: iceberg.apache.org/docs/1.11.0/jdbc and /docs/1.11.0/aws.
    """
    return {
        "catalog-impl": JDBC_CATALOG,
        "uri": catalog.database.jdbc,
        "jdbc.user": catalog.database.user,
        "jdbc.password": catalog.database.password,
        "jdbc.schema-version": "V1",
        "warehouse": catalog.warehouse,
        "io-impl": S3_FILE_IO,
        "s3.endpoint": str(s3.address),
        "s3.path-style-access": "true",
        "s3.access-key-id": s3.access_key,
        "s3.secret-access-key": s3.secret_key,
        "client.region": s3.region,
    }


def table_name(catalog: IcebergCatalog, ref: Ref, quote: str = "") -> str:
    """The full name `catalog.namespace.table` of a table of the lake.

    `quote` goes around each part: a backtick for Spark and Flink, a double quote for Trino. No part can hold one.
    Raises ValueError for a topic, which is no table of the lake.
    """
    if ref.kind != "table":
        raise ValueError(f"`{ref}` is a topic, not a table of the lake")
    return ".".join(f"{quote}{part}{quote}" for part in (catalog.name, catalog.namespace, ref.name))


GENERATION = "rosace.generation"
"""Property of a table, and of a snapshot that replaced all rows: how often what it holds was made anew."""


def table_properties(key: Sequence[str], generation: int = 0) -> dict[str, str]:
    """Properties with which every engine makes a table. One with a key is written by Flink as upserts, whoever made it
    (`write.upsert.enabled`, Iceberg 1.11, TableProperties)."""
    return {
        "format-version": "2",
        **({"write.upsert.enabled": "true"} if key else {}),
        **({GENERATION: str(generation)} if generation else {}),
    }


def stored(column: ColumnType) -> ColumnType:
    """What a column of a table is to whoever reads it back: Iceberg has no 16 bits, and keeps an int (table
    specification, "Primitive Types")."""
    kind = Kind.INT if column.kind is Kind.SMALLINT else column.kind
    fields = tuple(Field(field.name, stored(field.type)) for field in column.fields)
    return replace(column, kind=kind, fields=fields)


class Partition(NamedTuple):
    """One partition field: `function` over `column`; `argument` is the buckets or the width, else None."""

    function: str
    column: str
    argument: int | None = None


PLAIN = frozenset({"identity", "year", "month", "day", "hour"})
"""Transforms of a column alone (Iceberg table spec, "Partition Transforms")."""

SIZED = frozenset({"bucket", "truncate"})
"""Transforms that also take a positive number."""

_CALL = re.compile(r"(?P<function>[a-z]+)\s*\(\s*(?P<first>\w+)\s*(?:,\s*(?P<second>\w+)\s*)?\)")
_COLUMN = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def iceberg_partition(text: str) -> Partition:
    """Reads `carrier`, `month(time_hour)`, `bucket(16, flight)`, `truncate(4, tailnum)`.

    A bare column is the transform `identity`. Of `bucket` and `truncate` the number may come first, as Spark writes
    it, or last, as Trino does. Raises ValueError in words that a user can act on.
    """
    said = text.strip()
    if _COLUMN.fullmatch(said):
        return Partition("identity", said)
    match = _CALL.fullmatch(said)
    function = match["function"] if match else ""
    parts = [part for part in (match["first"], match["second"]) if part] if match else []
    numbers = [whole(part) for part in parts if part.isascii() and part.isdigit()]
    columns = [part for part in parts if _COLUMN.fullmatch(part)]
    if function in PLAIN and len(parts) == len(columns) == 1:
        return Partition(function, columns[0])
    if function in SIZED and len(columns) == len(numbers) == 1 and numbers[0] > 0:
        return Partition(function, columns[0], numbers[0])
    raise ValueError(
        f"`{text}` is not a partition: write a column such as `carrier`, or year, month, day or hour of one such as "
        "`month(time_hour)`, or `bucket(16, column)`, `truncate(4, column)`"
    )


def widens(old: ColumnType, new: ColumnType) -> bool:
    """Whether all values of `old` are values of `new` as they are stored, so that nothing is written again: in a table
    an int may become a long, a float a double, and a decimal have more digits (Iceberg's table specification, "Schema
    Evolution"), and a record's JSON reads as either. Whether a value may be missing is not looked at.
    """
    before, after = replace(old, required=False), replace(new, required=False)
    if before == after:
        return True
    match (before.kind, after.kind):
        case (Kind.SMALLINT, Kind.INT | Kind.BIGINT) | (Kind.INT, Kind.BIGINT) | (Kind.FLOAT, Kind.DOUBLE):
            return True
        case (Kind.UUID | Kind.TIME, Kind.STRING):
            return True
        case (Kind.DECIMAL, Kind.DECIMAL):
            return before.scale == after.scale and before.precision <= after.precision
        case (Kind.TIMESTAMP, Kind.TIMESTAMP) | (Kind.TIMESTAMPTZ, Kind.TIMESTAMPTZ):
            return before.precision <= after.precision
        case _:
            return False
