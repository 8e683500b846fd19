"""Flink's SQL: names, column types, connectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rosace.model.checked import Checked, Ref
from rosace.model.columns import ColumnType, Kind
from rosace.model.platform import Topic
from rosace.model.quantity import Duration

DIALECT = "rosace.engines.flink.dialect:Flink"

_TYPES = {
    Kind.STRING: "STRING",
    Kind.INT: "INT",
    Kind.BIGINT: "BIGINT",
    Kind.DOUBLE: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
}


def quoted(name: str) -> str:
    return f"`{name}`"


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def column_type(kind: ColumnType, *, lake: bool = False) -> str:
    """The type in Flink's DDL. Iceberg keeps timestamps in microseconds, so a table of the lake has six digits."""
    match kind.kind:
        case Kind.TIMESTAMP:
            name = f"TIMESTAMP({6 if lake else kind.precision})"
        case Kind.DECIMAL:
            name = f"DECIMAL({kind.precision}, {kind.scale})"
        case _:
            name = _TYPES[kind.kind]
    return f"{name} NOT NULL" if kind.required else name


def options(values: Mapping[str, str]) -> str:
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
) -> str:
    """A temporary table over a topic, for reading as group `reader` and writing in transactions of prefix `writer`.

    A compacted topic is a changelog by its key (upsert-kafka), any other a log (kafka). Records are read from the
    earliest, committed only; written exactly once, in transactions that are taken from a pool, so that a restart
    aborts what was open (flink-connector-kafka 5.0, "Exactly-once"). `login` is how the client proves who it is.
    """
    columns = [f"{quoted(column)} {column_type(kind)}" for column, kind in topic.columns.items()]
    if topic.event_time:
        at = quoted(topic.event_time.column)
        late = f" - {interval(topic.event_time.delay)}" if topic.event_time.delay else ""
        columns.append(f"WATERMARK FOR {at} AS {at}{late}")
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
    if topic.key:
        values |= {"key.format": "json", "key.json.timestamp-format.standard": "ISO-8601"}
    if topic.compact:
        columns.append(f"PRIMARY KEY ({', '.join(map(quoted, topic.key))}) NOT ENFORCED")
    else:
        values["scan.startup.mode"] = "earliest-offset"
        if topic.key:
            values["key.fields"] = ";".join(topic.key)
    return f"CREATE TEMPORARY TABLE {quoted(name)} ({', '.join(columns)}) {options(values)}"


def lake_table(name: str, columns: Mapping[str, ColumnType], partition: Sequence[str]) -> str:
    """An Iceberg table under its full, quoted name, made if it is not there. Only plain columns partition it."""
    parts = ", ".join(f"{quoted(column)} {column_type(kind, lake=True)}" for column, kind in columns.items())
    by = f" PARTITIONED BY ({', '.join(map(quoted, partition))})" if partition else ""
    return f"CREATE TABLE IF NOT EXISTS {name} ({parts}){by} {options({'format-version': '2'})}"


def name(checked: Checked, ref: Ref, lake: str = "") -> str:
    """What Flink calls a topic or table: topics are temporary tables of the session, `lake` the catalog's prefix."""
    return f"{lake}.{quoted(ref.name)}" if ref.kind == "table" else quoted(ref.name)
