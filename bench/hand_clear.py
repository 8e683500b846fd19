"""Drops a table inside the Spark driver, so that a turn begins with none. Beside this file, `told.json` names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def run(spark: Any) -> None:
    """Drops it, and says so with a file."""
    told = json.loads(Path(__file__).with_name("told.json").read_text(encoding="utf-8"))
    spark.sql(f"DROP TABLE IF EXISTS {told['table']} PURGE")
    Path(told["answer"]).write_text("dropped", encoding="utf-8")
