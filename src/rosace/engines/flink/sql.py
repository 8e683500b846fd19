"""Flink's SQL: names, column types, connectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from rosace.contract.decimals import Decimals
from rosace.contract.sql import Spoken
from rosace.kit.lake import table_properties
from rosace.model.checked import Checked, Ref
from rosace.model.columns import ColumnType, Kind
from rosace.model.platform import Topic
from rosace.model.quantity import Duration

DIALECT = "rosace.engines.flink.dialect:Flink"

DECIMALS = Decimals(
    whole={Kind.SMALLINT: 5, Kind.INT: 10, Kind.BIGINT: 19},
    written=True,
    sum_digits=38,
    average=None,
    raises=False,
    fractions=False,
)
"""LogicalTypeMerging of Flink 2.1 (findSumAggType, findAvgAggType); a number that is too large for a column becomes
null."""

_WORDS = """
ABS ALL ALLOCATE ALLOW ALTER AND ANY ARE ARRAY ARRAY_CONCAT_AGG ARRAY_MAX_CARDINALITY AS ASENSITIVE ASYMMETRIC AT
ATOMIC AUTHORIZATION AVG BEGIN BEGIN_FRAME BEGIN_PARTITION BETWEEN BIGINT BINARY BIT BLOB BOOLEAN BOTH BUCKETS BY
BYTES CALL CALLED CARDINALITY CASCADED CASE CAST CATALOGS CEIL CEILING CHAR CHARACTER CHARACTER_LENGTH CHAR_LENGTH
CHECK CLASSIFIER CLOB CLOSE COALESCE COLLATE COLLECT COLUMN COMMENT COMMIT CONDITION CONNECT CONSTRAINT CONTAINS
CONTINUOUS CONVERT CORR CORRESPONDING COUNT COVAR_POP COVAR_SAMP CREATE CROSS CUBE CUME_DIST CURRENT CURRENT_CATALOG
CURRENT_DATE CURRENT_DEFAULT_TRANSFORM_GROUP CURRENT_PATH CURRENT_ROLE CURRENT_ROW CURRENT_SCHEMA CURRENT_TIME
CURRENT_TIMESTAMP CURRENT_TRANSFORM_GROUP_FOR_TYPE CURRENT_USER CURSOR CYCLE DATABASES DATE DATETIME DATE_TRUNC DAY
DEALLOCATE DEC DECIMAL DECLARE DEFAULT DEFINE DELETE DENSE_RANK DEREF DESCRIBE DETERMINISTIC DISALLOW DISCONNECT
DISTINCT DISTRIBUTED DISTRIBUTION DOT DOUBLE DROP DYNAMIC EACH ELEMENT ELSE EMPTY END END_FRAME END_PARTITION EQUALS
ESCAPE EVERY EXCEPT EXEC EXECUTE EXISTS EXP EXPLAIN EXTEND EXTENDED EXTERNAL EXTRACT FALSE FETCH FILTER FIRST_VALUE
FLOAT FLOOR FOR FOREIGN FRAME_ROW FREE FRESHNESS FRIDAY FROM FULL FUNCTION FUNCTIONS FUSION GET GLOBAL GRANT GROUP
GROUPING GROUPS GROUP_CONCAT HASH HAVING HOLD HOUR IDENTITY ILIKE IMPORT IN INCLUDE INDICATOR INITIAL INNER INOUT
INSENSITIVE INSERT INT INTEGER INTERSECT INTERSECTION INTERVAL INTO IS JOIN JSON_ARRAY JSON_ARRAYAGG JSON_EXISTS
JSON_OBJECT JSON_OBJECTAGG JSON_QUERY JSON_VALUE LAG LANGUAGE LARGE LAST_VALUE LATERAL LEAD LEADING LEFT LIKE
LIKE_REGEX LIMIT LN LOCAL LOCALTIME LOCALTIMESTAMP LOWER MATCH MATCHES MATCH_NUMBER MATCH_RECOGNIZE MATERIALIZED MAX
MEASURES MEMBER MERGE METHOD MIN MINUS MINUTE MOD MODELS MODIFIES MODIFY MODULE MODULES MONDAY MONTH MULTISET
NATIONAL NATURAL NCHAR NCLOB NEW NEXT NO NONE NORMALIZE NOT NTH_VALUE NTILE NULL NULLIF NUMERIC OCCURRENCES_REGEX
OCTET_LENGTH OF OFFSET OLD OMIT ON ONE ONLY OPEN OR ORDER OUT OUTER OVER OVERLAPS OVERLAY PARAMETER PARTITION
PATTERN PER PERCENT PERCENTILE_CONT PERCENTILE_DISC PERCENT_RANK PERIOD PERMUTE PIVOT PORTION POSITION
POSITION_REGEX POWER PRECEDES PRECISION PREPARE PREV PRIMARY PROCEDURE PROCEDURES QUALIFY QUARTERS RANGE RANK RAW
READS REAL RECURSIVE REF REFERENCES REFERENCING REFRESH REFRESH_MODE REGR_AVGX REGR_AVGY REGR_COUNT REGR_INTERCEPT
REGR_R2 REGR_SLOPE REGR_SXX REGR_SXY REGR_SYY RELEASE RENAME RESET RESULT RESUME RETURN RETURNS REVOKE RIGHT RLIKE
ROLLBACK ROLLUP ROW ROWS ROW_NUMBER RUNNING SATURDAY SAVEPOINT SCALA SCOPE SCROLL SEARCH SECOND SEEK SELECT
SENSITIVE SEPARATOR SESSION_USER SET SHOW SIMILAR SKIP SMALLINT SOME SPECIFIC SPECIFICTYPE SQL SQLEXCEPTION SQLSTATE
SQLWARNING SQRT START STATEMENT STATIC STDDEV_POP STDDEV_SAMP STREAM STRING STRING_AGG STRUCTURED SUBMULTISET SUBSET
SUBSTRING SUBSTRING_REGEX SUCCEEDS SUM SUNDAY SUSPEND SYMMETRIC SYSTEM SYSTEM_TIME SYSTEM_USER TABLE TABLES
TABLESAMPLE THEN THURSDAY TIME TIMESTAMP TIMESTAMP_DIFF TIMESTAMP_LTZ TIMESTAMP_TRUNC TIMEZONE_HOUR TIMEZONE_MINUTE
TIME_DIFF TIME_TRUNC TINYINT TO TRAILING TRANSLATE TRANSLATE_REGEX TRANSLATION TREAT TRIGGER TRIM TRIM_ARRAY TRUE
TRUNCATE TUESDAY UESCAPE UNION UNIQUE UNKNOWN UNNEST UNPIVOT UPDATE UPPER UPSERT USE USER USING VALUE VALUES
VALUE_OF VARBINARY VARCHAR VARIANT VARYING VAR_POP VAR_SAMP VERSIONING VIEWS WATERMARK WATERMARKS WEDNESDAY WEEKS
WHEN WHENEVER WHERE WIDTH_BUCKET WINDOW WITH WITHIN WITHOUT YEAR
"""
RESERVED = frozenset(_WORDS.split())
"""Words that are names only in quotes: those of Flink 2.1.3's own parser, as it says them itself (a live test asks it).
The documentation ("SQL", "Reserved Keywords") lists more, many of which are names even without quotes."""

CALLED = frozenset({"CEILING", "CUBE", "EXISTS", "GROUPING_SETS", "MAP", "NOT", "ROLLUP", "TRANSLATE", "TRY_CAST"})
"""Called like functions by the grammar; those that are reserved are not repeated."""

_TYPE_WORDS = """
ARRAY BIGINT BINARY BOOLEAN BYTES CHAR CHARACTER DATE DEC DECIMAL DOUBLE FLOAT INT INTEGER INTERVAL MAP MULTISET NUMERIC
RAW ROW SMALLINT STRING STRUCTURED TIME TIMESTAMP TIMESTAMP_LTZ TINYINT VARBINARY VARCHAR VARIANT
"""
TYPES = frozenset(_TYPE_WORDS.split())
"""Words that begin a type (Data Types, Flink 2.1; a live test asks the planner about words of other engines)."""

INSTEAD = {
    **dict.fromkeys(("NVL", "ISNULL"), "COALESCE or IFNULL"),
    **dict.fromkeys(("LEN", "LENGTH"), "CHAR_LENGTH"),
    **dict.fromkeys(("GROUP_CONCAT", "STRING_AGG"), "LISTAGG"),
    **dict.fromkeys(("DATEDIFF", "DATE_DIFF"), "TIMESTAMPDIFF(DAY, a, b)"),
    **dict.fromkeys(("DATE_ADD", "DATEADD", "DATE_SUB"), "a + INTERVAL '1' DAY"),
    **dict.fromkeys(("SIZE", "ARRAY_LENGTH", "ARRAY_SIZE"), "CARDINALITY"),
    "DATE_TRUNC": "FLOOR(a TO DAY)",
    "TO_CHAR": "DATE_FORMAT",
    "TO_NUMBER": "CAST(a AS DECIMAL(10, 2))",
    "SUBSTRING_INDEX": "SPLIT_INDEX",
    "EXPLODE": "CROSS JOIN UNNEST(a)",
    "DAY": "DAYOFMONTH",
    "GETDATE": "CURRENT_TIMESTAMP",
    "SYSDATE": "CURRENT_TIMESTAMP",
    "APPROX_DISTINCT": "APPROX_COUNT_DISTINCT",
    "STRPOS": "LOCATE or POSITION",
    "UCASE": "UPPER",
    "LCASE": "LOWER",
}
"""What it has for well-known functions of others (Flink 2.1, "System (Built-in) Functions")."""

BLANKS = "\f"
"""White space besides blanks, tabs and ends of lines: in Flink 2.1.3 of all that Unicode has the form feed only."""

METADATA_MARK = "$"
_METADATA = """
all_data_files all_delete_files all_entries all_files all_manifests data_files delete_files entries files history
manifests metadata_log_entries partitions position_deletes refs snapshots
"""
METADATA = frozenset(_METADATA.split())
"""Tables about a table (org.apache.iceberg.MetadataTableType, Iceberg 1.11.0)."""

CATALOG = "CREATE CATALOG "
"""How the one statement begins that names secrets."""


def quoted(name: str) -> str:
    """An identifier. Names of platforms hold no backtick (`model/names.py`)."""
    return f"`{name}`"


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def setting(name: str, value: str) -> str:
    """The statement that sets one thing for a session, whatever is in it: the one place that writes `SET`."""
    return f"SET {text(name)} = {text(value)}"


def column_type(kind: ColumnType, *, lake: bool = False) -> str:
    """The type in Flink's DDL. Iceberg keeps times in microseconds and no 16 bits, so the lake has six digits and ints.
    Within a nested type nothing is said of nulls: engines differ in how, and the proof looks."""
    name = _type(kind, lake)
    return f"{name} NOT NULL" if kind.required else name


def _type(column: ColumnType, lake: bool) -> str:
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return "STRING"
        case Kind.SMALLINT:
            return "INT" if lake else "SMALLINT"
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
            return "BYTES"
        case Kind.DATE:
            return "DATE"
        case Kind.TIMESTAMP:
            return f"TIMESTAMP({6 if lake else column.precision})"
        case Kind.TIMESTAMPTZ:
            return f"TIMESTAMP_LTZ({6 if lake else column.precision})"
        case Kind.DECIMAL:
            return f"DECIMAL({column.precision}, {column.scale})"
        case Kind.ARRAY:
            return f"ARRAY<{_type(column.element, lake)}>"
        case Kind.MAP:
            return f"MAP<STRING, {_type(column.element, lake)}>"
        case Kind.ROW:
            return f"ROW<{', '.join(f'{quoted(field.name)} {_type(field.type, lake)}' for field in column.fields)}>"
        case _:
            assert_never(column.kind)


def options(values: Mapping[str, str]) -> str:
    """The WITH clause of a table, values as string literals."""
    return "WITH (" + ", ".join(f"{text(name)} = {text(value)}" for name, value in values.items()) + ")"


def interval(length: Duration) -> str:
    """An interval literal; days have at most three digits (Flink 2.1, FlinkTypeFactory)."""
    seconds, thousandths = divmod(length.ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"INTERVAL '{days} {hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}' DAY(3) TO SECOND(3)"


def topic_table(
    name: str,
    topic: Topic,
    *,
    servers: str,
    reader: str,
    writer: str,
    transaction: Duration,
    login: Mapping[str, str] | None = None,
    endless: bool = False,
    only_read: bool = False,
) -> str:
    """A temporary table over a topic, for reading as group `reader` and writing in transactions of prefix `writer`
    (`sinks`).

    A compacted topic is a changelog by its key (upsert-kafka), any other a log (kafka). Records are read from the
    earliest, committed only; written exactly once, in transactions that are taken from a pool, so that a restart
    aborts what was open (flink-connector-kafka 5.0, "Exactly-once"). `login` is how the client proves who it is.

    The key of a log is a part of its value too. Where the table is `only_read` nobody looks at it: a record of another
    program that has none would be left out without a word, and one whose key is no JSON would end the job (connector
    5.0, DynamicKafkaDeserializationSchema).

    Time is kept by partition, and goes as the slowest has it: the reader has an output with a watermark of its own for
    each from when it is given them (Flink 2.1.3, SourceOperator.createOutputForSplits). In an `endless` topic one that
    is silent is left out after a while (`scan.watermark.idle-timeout`); where the end of the input closes all windows,
    one that is merely slow, or whose broker is away, must not be.
    """
    columns = [f"{quoted(column)} {column_type(kind)}" for column, kind in topic.columns.items()]
    if topic.event_time:
        at = quoted(topic.event_time.column)
        late = f" - {interval(topic.event_time.delay)}" if topic.event_time.delay else ""
        columns.append(f"WATERMARK FOR {at} AS {at}{late}")
    idle = topic.event_time.idle.ms if topic.event_time and endless and not topic.compact else 0
    values = {
        "connector": "upsert-kafka" if topic.compact else "kafka",
        "topic": name,
        "properties.bootstrap.servers": servers,
        "properties.group.id": reader,
        "properties.isolation.level": "read_committed",
        "value.format": "json",
        "value.json.timestamp-format.standard": "ISO-8601",
        "sink.delivery-guarantee": "exactly-once",
        "sink.transactional-id-prefix": writer,
        "sink.transaction-naming-strategy": "POOLING",
        "properties.transaction.timeout.ms": str(transaction.ms),
        **{f"properties.{key}": value for key, value in (login or {}).items()},
    }
    if idle:
        values["scan.watermark.idle-timeout"] = f"{idle} ms"
    keyed = topic.key and (topic.compact or not only_read)
    if keyed:
        values |= {"key.format": "json", "key.json.timestamp-format.standard": "ISO-8601"}
    if topic.compact:
        columns.append(f"PRIMARY KEY ({', '.join(map(quoted, topic.key))}) NOT ENFORCED")
    else:
        values["scan.startup.mode"] = "earliest-offset"
        if keyed:
            values["key.fields"] = ";".join(topic.key)
    return f"CREATE TEMPORARY TABLE {quoted(name)} ({', '.join(columns)}) {options(values)}"


def lake_table(
    name: str,
    columns: Mapping[str, ColumnType],
    partition: Sequence[str],
    key: Sequence[str] = (),
    generation: int = 0,
) -> str:
    """An Iceberg table under its full, quoted name, made if it is not there. Only plain columns partition it.

    With a `key` each row deletes the one of the same key by equality and takes its place (Iceberg 1.11, Flink writes,
    "UPSERT"); the key becomes the table's identifier fields.
    """
    parts = [f"{quoted(column)} {column_type(kind, lake=True)}" for column, kind in columns.items()]
    parts += [f"PRIMARY KEY ({', '.join(map(quoted, key))}) NOT ENFORCED"] if key else []
    by = f" PARTITIONED BY ({', '.join(map(quoted, partition))})" if partition else ""
    return f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(parts)}){by} {options(table_properties(key, generation))}"


def insert(target: str, hint: str, columns: Sequence[str], query: str) -> str:
    """An INSERT in Flink's order: the hint belongs to the table, and stands before its columns."""
    listed = f"({', '.join(map(quoted, columns))})" if columns else ""
    return " ".join(part for part in ("INSERT INTO", target, hint, listed, query) if part)


def name(checked: Checked, ref: Ref, lake: str = "") -> str:
    """What Flink calls a topic or table: topics are temporary tables of the session, `lake` the catalog's prefix."""
    return f"{lake}.{quoted(ref.name)}" if ref.kind == "table" else quoted(ref.name)


SPOKEN = Spoken(
    DIALECT,
    reserved=RESERVED,
    types=TYPES,
    blanks=BLANKS,
    called=CALLED,
    instead=INSTEAD,
    metadata=METADATA,
    metadata_mark=METADATA_MARK,
    decimals=DECIMALS,
)
