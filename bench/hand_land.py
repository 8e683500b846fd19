"""The example's Spark job as a person writes it: PySpark, run inside the same driver as Rosace's.

Beside this file lies `told.json` with the broker's address, a table and a checkpoint of its own. The same topic, the
same columns, the same sizes of batches and options of the table. Spark is `Any` here: pyspark comes beside the jars,
not as an installed package.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

COLUMNS = """year INT, month INT, day INT, sched_dep_time INT, dep_time INT, dep_delay DOUBLE, arr_delay DOUBLE,
carrier STRING, flight INT, tailnum STRING, origin STRING, dest STRING, air_time DOUBLE, distance INT, hour INT,
minute INT, time_hour TIMESTAMP_NTZ"""

NEVER_NULL = (
    "year", "month", "day", "sched_dep_time", "carrier", "flight", "origin", "dest", "distance", "hour", "minute",
    "time_hour",
)  # fmt: skip


def run(spark: Any) -> Any:
    """Starts the query."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    told = json.loads(Path(__file__).with_name("told.json").read_text(encoding="utf-8"))
    columns = ", ".join(
        part.strip() + (" NOT NULL" if part.split()[0] in NEVER_NULL else "") for part in COLUMNS.split(",")
    )
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {told['table']} ({columns}) USING iceberg "
        "PARTITIONED BY (months(time_hour)) TBLPROPERTIES ('format-version' = '2')"
    )
    records = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", told["servers"])
        .option("kafka.isolation.level", "read_committed")
        .option("subscribe", "departures")
        .option("startingOffsets", "earliest")
        .option("maxOffsetsPerTrigger", "300000")
        .load()
    )
    parsed = f.from_json(f.col("value").cast("string"), COLUMNS, {"mode": "FAILFAST"})
    return (
        records.select(parsed.alias("j"))
        .select("j.*")
        .writeStream.outputMode("append")
        .trigger(processingTime="3 seconds")
        .option("checkpointLocation", told["checkpoint"])
        .option("fanout-enabled", "true")
        .toTable(told["table"])
    )
