"""Small platforms of real engines: a few hundred rows whose text is not ASCII."""

from __future__ import annotations

from pathlib import Path

from live_platform import Live

ROWS = 300

TOPIC = """\
platform: {name}
topics:
  events: {{columns: {{side: string!, number: int!, text: string!}}, key: side, partitions: 2}}
sources:
  events: {{file: events.csv, to: events}}
"""
"""Kafka alone: up in seconds."""

LAKE = """\
tables:
  landed: {like: events}
jobs:
  land: {engine: spark, sql: land.sql, checkpoint: 1s}
queries:
  count: {sql: count.sql}
"""
"""Five engines: Kafka, S3, PostgreSQL, Spark and Trino."""


def write_rows(path: Path, first: int, count: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("side,number,text\n")
        for number in range(first, first + count):
            out.write(f"{'éà日'[number % 3]},{number},l'été «{number}» ☃\n")


def small(folder: Path, state: Path, name: str = "small", *, lake: bool = True) -> Live:
    """A platform in `folder`, not started."""
    folder.mkdir(parents=True)
    write_rows(folder / "events.csv", 0, ROWS)
    text = TOPIC.format(name=name) + (LAKE if lake else "")
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    (folder / "land.sql").write_text("INSERT INTO lake.landed SELECT * FROM events\n", encoding="utf-8")
    (folder / "count.sql").write_text("SELECT count(*) AS n FROM lake.landed\n", encoding="utf-8")
    return Live(folder, state)
