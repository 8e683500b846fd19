"""Spark's SQL: its dialect, how columns are declared, how names are written. Pure.

Source: spark.apache.org/docs/4.1.1/sql-ref-datatypes and /sql-ref-identifier; Iceberg's partition transforms as
iceberg.apache.org/docs/1.11.0/spark-ddl spells them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from rosace.contract.decimals import Decimals
from rosace.contract.sql import Spoken
from rosace.kit.lake import iceberg_partition
from rosace.model.columns import ColumnType, Kind

DIALECT = "rosace.engines.spark.dialect:RosaceSpark"
"""The dialect to read it with."""

DECIMALS = Decimals(
    whole={Kind.SMALLINT: 5, Kind.INT: 10, Kind.BIGINT: 20},
    written=False,
    sum_digits=10,
    average=(4, 4),
    raises=True,
    fractions=True,
)
"""DecimalType.forType, Sum, Average and Divide of Spark 4.1; with `spark.sql.ansi.enabled`, its default, what is too
large for a column ends the job, while a fraction in a column of whole numbers is cut."""

CALLED = frozenset({"CUBE", "GROUPING", "IDENTIFIER", "ROLLUP", "TIMESTAMPADD", "TIMESTAMPDIFF", "TRY_CAST"})
"""Called like functions by the grammar (SqlBaseParser.g4 of Spark 4.1, `primaryExpression`)."""

_TYPE_WORDS = """
ARRAY BIGINT BINARY BOOLEAN BYTE CHAR CHARACTER DATE DEC DECIMAL DOUBLE FLOAT GEOGRAPHY GEOMETRY INT INTEGER INTERVAL
LONG MAP NUMERIC REAL SHORT SMALLINT STRING STRUCT TIME TIMESTAMP TIMESTAMP_LTZ TIMESTAMP_NTZ TINYINT VARCHAR VARIANT
VOID
"""
TYPES = frozenset(_TYPE_WORDS.split())
"""Words that begin a type (SqlBaseParser.g4 of Spark 4.1, `type`; a live test asks the planner about words of other
engines)."""

INSTEAD = {
    **dict.fromkeys(("STRPOS", "CHARINDEX"), "instr or locate"),
    **dict.fromkeys(("APPROX_DISTINCT",), "approx_count_distinct"),
    **dict.fromkeys(("ARRAY_LENGTH",), "size"),
    "GROUP_CONCAT": "listagg",
    "GETDATE": "current_timestamp",
    "TO_ISO8601": "date_format",
    "UNNEST": "LATERAL VIEW explode(a) v AS x",
    "JSON_EXTRACT": "get_json_object",
    "JSON_VALUE": "get_json_object",
    "SPLIT_INDEX": "split_part",
}
"""What it has for well-known functions of others (spark.apache.org/docs/4.1.1/api/sql)."""

BLANKS = "\x0b\f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u202f\u205f\u3000"
"""White space besides blanks, tabs and ends of lines (Spark 4.1, SqlBaseLexer.g4: WS; each asked of
Spark 4.1.1 in tests/test_spark_claims_live.py)."""

METADATA_MARK = "."
_METADATA = """
all_data_files all_delete_files all_entries all_files all_manifests data_files delete_files entries files history
manifests metadata_log_entries partitions position_deletes refs snapshots
"""
METADATA = frozenset(_METADATA.split())
"""Tables about a table (org.apache.iceberg.MetadataTableType, Iceberg 1.11.0)."""

_TRANSFORMS = {"year": "years", "month": "months", "day": "days", "hour": "hours"}


def quote(name: str) -> str:
    """An identifier that is taken as it is written."""
    return "`" + name.replace("`", "``") + "`"


def column_type(column: ColumnType) -> str:
    """The Spark type that holds a column without loss, without `NOT NULL`. Within a nested type nothing is said of
    nulls: of elements Spark's DDL cannot."""
    return _type(column, column_type)


def _type(column: ColumnType, inner: Callable[[ColumnType], str]) -> str:
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return "STRING"
        case Kind.SMALLINT:
            return "SMALLINT"
        case Kind.INT:
            return "INT"
        case Kind.BIGINT:
            return "BIGINT"
        case Kind.FLOAT:
            return "FLOAT"
        case Kind.DOUBLE:
            return "DOUBLE"
        case Kind.BOOLEAN:
            return "BOOLEAN"
        case Kind.BINARY:
            return "BINARY"
        case Kind.DATE:
            return "DATE"
        case Kind.TIMESTAMP:
            # Spark keeps microseconds and knows no other precision.
            return "TIMESTAMP_NTZ"
        case Kind.TIMESTAMPTZ:
            # The word TIMESTAMP is one without zone here: so says spark.sql.timestampType of every session.
            return "TIMESTAMP_LTZ"
        case Kind.DECIMAL:
            return f"DECIMAL{column.arguments}"
        case Kind.ARRAY:
            return f"ARRAY<{inner(column.element)}>"
        case Kind.MAP:
            return f"MAP<STRING, {inner(column.element)}>"
        case Kind.ROW:
            return f"STRUCT<{', '.join(f'{quote(field.name)}: {inner(field.type)}' for field in column.fields)}>"
        case _:
            assert_never(column.kind)


def json_type(column: ColumnType) -> str:
    """The type as which a column is read from a record's JSON before it is cast to `column_type`.

    Times are read as text: Spark's cast takes ISO 8601 with any number of digits and raises on anything else, while
    its JSON reader wants one pattern, and is several times slower with it.
    """
    return "STRING" if column.kind in (Kind.TIMESTAMP, Kind.TIMESTAMPTZ, Kind.DATE) else _type(column, json_type)


_SECONDS = "yyyy-MM-dd'T'HH:mm:ss."


def written(value: str, column: ColumnType, depth: int = 0) -> str:
    """SQL for what stands for a value in a record's JSON: times as ISO 8601 with the declared digits."""
    within = f"x{depth}"
    match column.kind:
        case Kind.DATE:
            return f"date_format({value}, 'yyyy-MM-dd')"
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            zone = "'Z'" if column.kind is Kind.TIMESTAMPTZ else ""
            return f'date_format({value}, "{_SECONDS}{"S" * column.precision}{zone}")'
        case Kind.ARRAY:
            inner = written(within, column.element, depth + 1)
            return value if inner == within else f"transform({value}, {within} -> {inner})"
        case Kind.MAP:
            inner = written(within, column.element, depth + 1)
            return value if inner == within else f"transform_values({value}, (k{depth}, {within}) -> {inner})"
        case Kind.ROW:
            parts = {field.name: f"{value}.{quote(field.name)}" for field in column.fields}
            said = {field.name: written(parts[field.name], field.type, depth) for field in column.fields}
            if said == parts:
                return value
            named = ", ".join(f"'{name}', {text}" for name, text in said.items())
            return f"IF({value} IS NULL, NULL, named_struct({named}))"
        case _:
            # What Spark's JSON writer says by itself: bytes in Base64, every digit of a decimal.
            return value


def transform(text: str) -> str:
    """A partition field of the platform (`month(time_hour)`) in Spark's words. Raises ValueError."""
    field = iceberg_partition(text)
    if field.function == "identity":
        return quote(field.column)
    name = _TRANSFORMS.get(field.function, field.function)
    size = "" if field.argument is None else f"{field.argument}, "
    return f"{name}({size}{quote(field.column)})"


SPOKEN = Spoken(
    DIALECT,
    types=TYPES,
    blanks=BLANKS,
    called=CALLED,
    instead=INSTEAD,
    metadata=METADATA,
    metadata_mark=METADATA_MARK,
    decimals=DECIMALS,
)
