"""Trino's SQL: its dialect, names, column types, and a user's question in Trino's words. Pure.

Comes in: a query as the user wrote it with its names located. Goes out: the text for Trino, which still knows where
each of its characters came from, so that Trino's errors point into the user's file.

A topic is a log of records; Trino's connector shows it as such, with JSON's few types. Where that is not what the
platform means by the topic, the question gets a `WITH` clause of the topic's own name in front, which gives:

- of a compacted topic, the last record of each key, as if compaction had just run (Kafka runs it at some time);
- decimals as decimals, taken from the record's text: the connector's JSON decoder has no such type;
- timestamps of six digits as such: that decoder knows three (ISO8601JsonFieldDecoder, Trino 476).
"""

from __future__ import annotations

import re

from rosace.contract.sql import Look, Spoken
from rosace.engines.trino import looks
from rosace.engines.trino.columns import WORDED, as_text, column_type, from_json, from_text, quote
from rosace.engines.trino.inline import functions
from rosace.kit.lake import iceberg_partition
from rosace.model.checked import Checked, Fragment, Ref
from rosace.model.columns import ColumnType
from rosace.model.kinds import facts
from rosace.model.platform import Topic
from rosace.model.rendered import Rendered, render

__all__ = ["column_type"]

DIALECT = "rosace.engines.trino.dialect:RosaceTrino"

_WORDS = """
ALTER AND AS AUTO BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH
CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP
ELSE END ESCAPE EXCEPT EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS
JOIN JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_TABLE JSON_VALUE LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP
NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UESCAPE
UNION UNNEST USING VALUES WHEN WHERE WITH
"""
RESERVED = frozenset(_WORDS.split())
"""Words that are names only in quotes (trino.io/docs/476/language/reserved; a live test asks Trino itself)."""

CATALOG_OF_TABLES = "lake"
CATALOG_OF_TOPICS = "kafka"
SCHEMA_OF_TOPICS = "default"

_CALLED = """
CAST COALESCE CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER EXISTS
EXTRACT FORMAT GROUPING IF JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_TABLE JSON_VALUE LISTAGG LOCALTIME
LOCALTIMESTAMP NORMALIZE NOT NULLIF POSITION ROLLUP ROW SUBSTRING TRIM TRY TRY_CAST UNNEST VERSION
CLASSIFIER FIRST LAST MATCH_NUMBER NEXT PREV
"""
CALLED = frozenset(_CALLED.split())
"""Called like functions by the grammar (SqlBase.g4 of Trino 476, `primaryExpression`)."""

_TYPE_WORDS = """
ARRAY BIGINT BINGTILE BOOLEAN CHAR CLASSIFIER CODEPOINTS COLOR DATE DECIMAL DOUBLE GEOMETRY HYPERLOGLOG INT INTEGER
INTERVAL IPADDRESS JONIREGEXP JSON JSON2016 JSONPATH KDBTREE LIKEPATTERN MAP MODEL P4HYPERLOGLOG QDIGEST RE2JREGEXP REAL
REGRESSOR ROW SETDIGEST SMALLINT SPHERICALGEOGRAPHY TDIGEST TIME TIMESTAMP TINYINT UUID VARBINARY VARCHAR
"""
TYPES = frozenset(_TYPE_WORDS.split())
"""Words that begin a type (trino.io/docs/476/language/types; a live test asks the planner about words of other
engines), with those of plug-ins that a server may have."""

PRELUDE = functions
"""What it takes in front of a query."""

INSTEAD = {
    **dict.fromkeys(("NVL", "IFNULL", "ISNULL"), "COALESCE"),
    **dict.fromkeys(("LEN", "CHAR_LENGTH", "CHARACTER_LENGTH"), "length"),
    **dict.fromkeys(("GROUP_CONCAT", "STRING_AGG"), "listagg(a, ',') WITHIN GROUP (ORDER BY a)"),
    **dict.fromkeys(("DATEDIFF", "TIMESTAMPDIFF"), "date_diff('day', a, b)"),
    **dict.fromkeys(("DATEADD", "TIMESTAMPADD", "DATE_SUB"), "date_add('day', 1, a)"),
    **dict.fromkeys(("SIZE", "ARRAY_LENGTH", "ARRAY_SIZE"), "cardinality"),
    **dict.fromkeys(("TO_CHAR", "TO_VARCHAR"), "format_datetime or date_format"),
    **dict.fromkeys(("TO_TIMESTAMP", "TO_DATE"), "CAST(a AS timestamp(3)) or date_parse"),
    **dict.fromkeys(("LOCATE", "INSTR", "CHARINDEX"), "strpos"),
    **dict.fromkeys(("COLLECT_LIST", "COLLECT"), "array_agg"),
    "APPROX_COUNT_DISTINCT": "approx_distinct",
    "PERCENTILE": "approx_percentile",
    "EXPLODE": "CROSS JOIN UNNEST(a)",
    "GETDATE": "current_timestamp",
    "DAYOFMONTH": "day_of_month",
    "DAYOFWEEK": "day_of_week",
    "DAYOFYEAR": "day_of_year",
    "TYPE_OF": "typeof",
}
"""What it has for well-known functions of others (trino.io/docs/476/functions)."""

BLANKS = ""
"""White space besides blanks, tabs and ends of lines: Trino 476 has none."""

METADATA_MARK = "$"
_METADATA = "history metadata_log_entries snapshots manifests all_manifests partitions files entries all_entries refs"
METADATA = frozenset({*_METADATA.split(), "properties", "data"})
"""What the Iceberg connector shows about a table (io.trino.plugin.iceberg.TableType, Trino 476)."""

CATALOGS = {
    "system": frozenset({"information_schema", "jdbc", "metadata", "runtime"}),
    CATALOG_OF_TABLES: frozenset({"information_schema", "system"}),
    CATALOG_OF_TOPICS: frozenset({"information_schema", SCHEMA_OF_TOPICS}),
}
"""The catalogs that it has here (see `settings`; `system` is Trino's own), and their schemas besides that of the tables
(SHOW SCHEMAS, Trino 476)."""


def transform(text: str) -> str:
    """A partition field of the platform (`month(time_hour)`) in Trino's words (trino.io/docs/476/connector/iceberg,
    "Partitioned tables"). Raises ValueError."""
    field = iceberg_partition(text)
    if field.function == "identity":
        return quote(field.column.lower())
    size = "" if field.argument is None else f", {field.argument}"
    return f"{field.function}({quote(field.column.lower())}{size})"


def name(checked: Checked, ref: Ref) -> str:
    """What Trino calls a table, or the raw log of a topic. See `question` for what a topic means."""
    if ref.kind == "table":
        parts = (CATALOG_OF_TABLES, checked.platform.platform.replace("-", "_"), ref.name)
    else:
        parts = (CATALOG_OF_TOPICS, SCHEMA_OF_TOPICS, ref.name)
    return ".".join(map(quote, parts))


def meaning(checked: Checked, topic: str) -> str | None:
    """The query that gives what a topic means, on one line; None where the raw log is just that."""
    spec = checked.topics[topic]
    if not spec.compact and not any(map(as_text, spec.columns.values())):
        return None
    source = name(checked, Ref("topic", topic))
    if not spec.compact:
        return f"SELECT {_columns(spec)} FROM {source}"
    # `_key` is the record's key byte by byte, which is what Kafka compacts by. A record without value deletes.
    last = (
        'SELECT *, "_message", "_message_length" AS "_length", '
        'row_number() OVER (PARTITION BY "_key" ORDER BY "_timestamp" DESC, "_partition_offset" DESC) AS "_age" '
        f"FROM {source}"
    )
    return f'SELECT {_columns(spec)} FROM ({last}) WHERE "_age" = 1 AND "_length" > 0'


def _columns(topic: Topic) -> str:
    return ", ".join(_column(column, kind) for column, kind in topic.columns.items())


def _column(column: str, kind: ColumnType) -> str:
    own = quote(column.lower())
    if not as_text(kind):
        return own
    if facts(kind.kind).family == "nested":
        return f"{from_json(f'json_extract({WORDED}, {_path(column)})', kind)} AS {own}"
    # A field's text as it stands in the record: the decoder would have made a binary fraction of a decimal.
    text = f'json_extract_scalar("_message", {_path(column)})'
    return f"{from_text(text, kind)} AS {own}"


def _path(column: str) -> str:
    return f"'$[\"{column}\"]'"


def look(checked: Checked, text: str) -> Look | None:
    """Whether a text only shows something, and what it is about."""
    schema = checked.platform.platform.replace("-", "_")
    lake = (
        f"SELECT '{CATALOG_OF_TABLES}.' || table_name AS \"Name\", 'table' AS \"Kind\" "
        f"FROM {CATALOG_OF_TABLES}.information_schema.tables WHERE table_schema = '{schema}'"
    )
    topics = (
        "SELECT table_name, 'topic' "
        f"FROM {CATALOG_OF_TOPICS}.information_schema.tables WHERE table_schema = '{SCHEMA_OF_TOPICS}'"
    )
    asked = [*([lake] if checked.tables else ()), *([topics] if checked.topics else ())]
    return looks.look(text, " UNION ALL ".join(asked) + " ORDER BY 2, 1")


_LEAD = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_WITH = re.compile(r"with\b(?:\s+recursive\b)?", re.IGNORECASE)


def question(checked: Checked, fragment: Fragment) -> Rendered:
    """A user's query as Trino takes it."""
    topics = dict.fromkeys(found.ref.name for found in fragment.mentions if found.ref.kind == "topic")
    meant = {topic: said for topic in topics if (said := meaning(checked, topic)) is not None}
    clauses = ", ".join(f"{quote(topic)} AS ({said})" for topic, said in meant.items())
    changes: list[tuple[int, int, str]] = [_preamble(fragment.text, clauses)] if clauses else []
    for found in fragment.mentions:
        called = quote(found.ref.name) if found.ref.name in meant else name(checked, found.ref)
        changes.append((found.start, found.end, called))
    return render(fragment.text, changes)


def _preamble(text: str, clauses: str) -> tuple[int, int, str]:
    """Where `clauses` go, and how: in front of the query, or in front of those that it has of its own."""
    own = functions(text)
    lead = _LEAD.match(text, own.end if own else 0)
    start = lead.end() if lead else 0
    if listed := _WITH.match(text, start):
        return listed.end(), listed.end(), f" {clauses}, "
    return start, start, f"WITH {clauses} "


SPOKEN = Spoken(
    DIALECT,
    reserved=RESERVED,
    types=TYPES,
    blanks=BLANKS,
    called=CALLED,
    instead=INSTEAD,
    metadata=METADATA,
    metadata_mark=METADATA_MARK,
    catalogs=CATALOGS,
    prelude=PRELUDE,
)
