"""Asks Iceberg and a checkpoint for their clocks, inside the Spark driver.

Beside this file lies `told.json` with a table, a checkpoint's folder and where the answer goes: when the first batch
was begun (ms since the epoch, from the offset log) and, for each snapshot, when it was committed with how many rows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def run(spark: Any) -> None:
    """Writes the answer."""
    told = json.loads(Path(__file__).with_name("told.json").read_text(encoding="utf-8"))
    snapshots = spark.sql(
        f"SELECT unix_millis(committed_at), CAST(summary['added-records'] AS BIGINT) FROM {told['table']}.snapshots"
    ).collect()
    log = [row[0] for row in spark.read.text(f"{told['checkpoint']}/offsets/0").collect()]
    begun = next(json.loads(line)["batchTimestampMs"] for line in log if "batchTimestampMs" in line)
    answer = {"begun": begun, "snapshots": [[row[0], row[1] or 0] for row in snapshots]}
    Path(told["answer"]).write_text(json.dumps(answer), encoding="utf-8")
