"""Topics as views of a session, tables as tables of the catalog."""

from __future__ import annotations

import time
from typing import Any

from .rows import from_record, literal, quote

ATTEMPTS = 5
"""How often a table is made: another engine that makes the same one at the same moment makes this one fail."""


def prepare(session: Any, order: dict[str, Any]) -> None:
    """Everything that the job's text names exists afterwards; `lake` is the catalog that short names mean."""
    if order["tables"]:
        session.sql(f"CREATE NAMESPACE IF NOT EXISTS {order['namespace']}")
        session.sql(f"USE {order['namespace']}")
    for table in order["tables"]:
        create_table(session, table)
    for topic in topics_of(order):
        if topic["topic"] in order["reads"]:
            read_topic(session, topic, streaming=order["streaming"]).createOrReplaceTempView(quote(topic["topic"]))


def topics_of(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The topics of an order, each with how all of them are read and written."""
    return [{**order["kafka"], **topic} for topic in order["topics"]]


def create_table(session: Any, table: dict[str, Any]) -> None:
    """Makes an Iceberg table where there is none."""
    columns = ", ".join(
        f"{quote(column['name'])} {column['type']}{' NOT NULL' if column['required'] else ''}"
        for column in table["columns"]
    )
    partition = f" PARTITIONED BY ({', '.join(table['partition'])})" if table["partition"] else ""
    properties = ", ".join(f"'{key}' = '{value}'" for key, value in table["properties"].items())
    text = (
        f"CREATE TABLE IF NOT EXISTS {table['name']} ({columns}) USING iceberg{partition} TBLPROPERTIES ({properties})"
    )
    for attempt in range(1, ATTEMPTS + 1):
        try:
            session.sql(text)
            if table["key"]:
                identify(session, table)
            return
        except Exception:
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.2 * attempt)


def identify(session: Any, table: dict[str, Any]) -> None:
    """Makes the key the table's identifier fields, where it is not yet: Flink and others find it there."""
    util = session.sparkContext._jvm.org.apache.iceberg.spark.Spark3Util
    names = util.loadIcebergTable(session._jsparkSession, table["name"]).schema().identifierFieldNames()
    if set(map(str, names)) != set(table["key"]):
        session.sql(f"ALTER TABLE {table['name']} SET IDENTIFIER FIELDS {', '.join(map(quote, table['key']))}")


def read_topic(session: Any, topic: dict[str, Any], *, streaming: bool) -> Any:
    """A topic's records as rows, committed ones only. A record that is no JSON object of the columns is an error."""
    from pyspark.sql import functions  # pyright: ignore[reportMissingImports]

    schema, expressions = from_record(topic["columns"])
    found = records_of(session, topic, streaming=streaming)
    value = functions.col("value").cast("string")
    if "shape" in topic:
        found = found.where(f"{UNFIT} IS NULL")
        # Spark asks first whether what a WHERE names is null, also of rows that another WHERE leaves out.
        value = functions.when(functions.col(UNFIT).isNull(), value)
    return found.select(functions.from_json(value, schema, {"mode": "FAILFAST"}).alias("j")).selectExpr(*expressions)


UNFIT = "rosace_unfit"
"""The column, and the function, that says why a record does not fit; null where it does."""


def records_of(session: Any, topic: dict[str, Any], *, streaming: bool) -> Any:
    """A topic's records as Kafka has them; judged, where those that do not fit are not to end the job."""
    reader = session.readStream if streaming else session.read
    options = {**topic["source"], **(topic["limit"] if streaming else {}), "subscribe": topic["topic"]}
    # Records without a value delete a key of a compacted topic: they are no rows.
    found = reader.format("kafka").options(**options).load().where("value IS NOT NULL")
    if "shape" not in topic:
        return found
    java = session.sparkContext._jvm
    text = java.org.apache.spark.sql.types.DataTypes.StringType
    session._jsparkSession.udf().register(UNFIT, java.rosace.SparkFit(), text)
    session._jsparkSession.udf().register("rosace_aside", java.rosace.SparkAside(), text)
    return found.selectExpr("*", f"{UNFIT}(value, {literal(topic['shape'])}) AS {UNFIT}")
