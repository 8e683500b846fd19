# Derived from src/rosace/engines/spark/runner/streams.py by tools/charts.py: edit that, then run it.
"""Streaming jobs: one query for each INSERT, exactly once into tables.

Iceberg's sink writes the query's id and the number of the batch into each snapshot and leaves out a batch that is
there already (SparkWrite, Iceberg 1.11: `spark.sql.streaming.queryId`, `.epochId`). The id lives in the checkpoint:
a checkpoint that is lost while its rows are there would double them, so that is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from .aside import Aside, started
from .checkpoints import Checkpoint, Positions, merged, positions_of
from .faults import Refused
from .jobs import Job
from .rows import fitted, to_record
from .views import prepare, topics_of

LOOK = 0.5
"""Seconds between looks at the queries."""

IDLE = "Waiting for data to arrive"
"""What a query says once a trigger found nothing to read (MicroBatchExecution, Spark 4.1.1)."""


class Query:
    """One running query, with what it has read. `positions` is None until that is known.

    Spark 4.1.1 ends a query that did an unfinished batch of its predecessor again, right after that batch was
    committed: its Kafka source has not asked for the newest offsets yet and fails to report on them (NullPointer-
    Exception in KafkaMicroBatchStream.metrics). Such an end is no failure of the job: `begin` starts the query again.
    """

    def __init__(self, begin: Callable[[], Any], checkpoint: Checkpoint | None) -> None:
        self._begin = begin
        self._checkpoint = checkpoint
        self._redone = checkpoint.begun() if checkpoint else None
        self.query = begin()
        self.records = 0
        self.batch = -1
        self._told: tuple[int, str] | None = None
        self.speed = 0.0
        # A query that resumes and finds nothing new reports no batch at all.
        self.positions: Positions | None = (checkpoint.committed() or None) if checkpoint else None

    def ended(self) -> bool:
        """True when the query is over. Raises what ended it."""
        if self.query.isActive:
            return False
        error = self.query.exception()
        if error is None:
            return True
        redone, self._redone = self._redone, None
        if redone is None or self._checkpoint is None or self._checkpoint.last("commits") != redone:
            raise error
        self.positions = self._checkpoint.committed()
        self.query = self._begin()
        return False

    def drain(self) -> None:
        """Returns when all that is there now is read and committed. Raises what ended the query."""
        while True:
            query = self.query
            try:
                query.processAllAvailable()
                return
            except Exception:
                if self.ended() or self.query is query:
                    raise

    def look(self) -> None:
        """Takes in the batches that were committed since the last look."""
        # The JSON itself: pyspark's own classes turn offsets into text that is no JSON any more.
        java = self.query._jsq
        last = java.lastProgress()
        if last is not None and (told := (last.batchId(), last.timestamp())) != self._told:
            self._told = told
            for progress in java.recentProgress():
                if progress.batchId() > self.batch:
                    self._take(json.loads(progress.json()))
        if self.positions is None and self.query.status["message"] == IDLE:
            self.positions = {}

    def _take(self, progress: dict[str, Any]) -> None:
        # What has no rows may tell of the batch to come, every ten seconds while there is nothing to read
        # (ProgressContext, Spark 4.1.1), and that batch is told of again when it was done.
        if rows := int(progress["numInputRows"]):
            self.batch = int(progress["batchId"])
            self.records += rows
            self.speed = float(progress.get("processedRowsPerSecond") or 0.0) or self.speed
        if found := merged(positions_of(source.get("endOffset")) for source in progress["sources"]):
            self.positions = (self.positions or {}) | found


def run(session: Any, job: Job) -> None:
    """Starts the queries of an SQL job and watches them to the end."""
    order = job.order
    prepare(session, order)
    tables = {table["name"]: table for table in order["tables"]}
    topics = {topic["topic"]: topic for topic in topics_of(order)}
    queries: list[Query] = []
    with _stopped_after(queries):
        for statement in order["statements"]:
            job.check()
            if statement["kind"] == "view":
                session.sql(statement["sql"]).createOrReplaceTempView(statement["view"])
                continue
            if statement["overwrite"]:
                raise Refused(f"a stream adds rows: INSERT OVERWRITE {statement['target']} is for batch jobs")
            checkpoint = Checkpoint(session, f"{order['checkpoint']}/{statement['target']}")
            if statement["table"]:
                only_once(session, job, checkpoint, statement)
                begin = partial(_to_table, session, job, statement, tables[statement["table"]], checkpoint)
            else:
                if job.fresh:
                    checkpoint.delete()
                begin = partial(_to_topic, session, job, statement, topics[statement["topic"]], checkpoint)
            queries.append(Query(begin, checkpoint))
        watch(job, queries, beside(session, job, queries))


def beside(session: Any, job: Job, queries: list[Query]) -> list[Aside]:
    """Starts one more query for each topic whose unfit records are left out, behind `queries`."""
    found: list[Aside] = []
    for one, begin, checkpoint in started(session, job):
        queries.append(Query(begin, checkpoint))
        found.append(one)
    return found


@contextmanager
def _stopped_after(queries: list[Query]) -> Generator[None]:
    try:
        yield
    finally:
        for query in queries:
            if query.query.isActive:
                query.query.stop()


def _to_table(session: Any, job: Job, statement: dict[str, Any], table: dict[str, Any], checkpoint: Checkpoint) -> Any:
    rows = fitted(session.sql(statement["sql"]), table["columns"], statement["columns"], statement["target"])
    return _writer(rows, job, statement, checkpoint).options(**statement["options"]).toTable(table["name"])


def _to_topic(session: Any, job: Job, statement: dict[str, Any], topic: dict[str, Any], checkpoint: Checkpoint) -> Any:
    rows = fitted(session.sql(statement["sql"]), topic["columns"], statement["columns"], statement["target"])
    return (
        _writer(records(rows, topic), job, statement, checkpoint)
        .format("kafka")
        .options(**topic["sink"], topic=topic["topic"])
        .start()
    )


def records(rows: Any, topic: dict[str, Any]) -> Any:
    """Rows of a topic's columns as Kafka records."""
    value = to_record(topic["columns"], [column["name"] for column in topic["columns"]])
    key = to_record(topic["columns"], topic["key"]) if topic["key"] else "CAST(NULL AS STRING)"
    return rows.selectExpr(f"{key} AS key", f"{value} AS value")


def _writer(rows: Any, job: Job, statement: dict[str, Any], checkpoint: Checkpoint) -> Any:
    return (
        rows.writeStream.outputMode("append")
        .queryName(f"{job.name} -> {statement['target']}")
        .trigger(processingTime=f"{job.order['every_ms']} milliseconds")
        .option("checkpointLocation", checkpoint.location)
    )


def only_once(session: Any, job: Job, checkpoint: Checkpoint, statement: dict[str, Any]) -> None:
    """Starts from the beginning only where none of the job's rows are in the table; empties it first where `fresh`."""
    if checkpoint.exists() and not job.fresh:
        return
    name, target = statement["table"], statement["target"]
    writers = _writers(session, name)
    if job.name not in writers or session.sql(f"SELECT 1 FROM {name} LIMIT 1").isEmpty():
        checkpoint.delete()
        return
    if not job.fresh:
        raise Refused(
            f"`{target}` holds rows of this job, but its checkpoint {checkpoint.location} is gone: to read all input "
            f"again would double them. Restore the checkpoint, or start the job from the beginning, which empties the "
            f"table first: `rosace restart {job.name} --fresh`"
        )
    if others := sorted(writer or "somebody who is no job" for writer in writers - {job.name}):
        raise Refused(
            f"`{target}` holds rows of this job and of others ({', '.join(others)}): it cannot be emptied to start "
            "from the beginning. Drop or empty the table by hand first"
        )
    # In this order: a crash in between leaves rows without a checkpoint, which is refused, never the other way.
    checkpoint.delete()
    session.sql(f"DELETE FROM {name}")


def _writers(session: Any, table: str) -> set[str | None]:
    """The jobs that added rows to a table since it was last empty; None stands for what is no job.

    The snapshots of the metadata table are those of the whole history that was not expired. Deletions add nothing,
    this module's own least of all, and compaction (`replace`) only writes again what is there.
    """
    empty = f"SELECT max(committed_at) FROM {table}.snapshots WHERE summary['total-records'] = '0'"
    found = session.sql(
        f"SELECT DISTINCT summary['rosace.job'] FROM {table}.snapshots WHERE operation <> 'replace' "
        f"AND CAST(summary['added-records'] AS BIGINT) > 0 AND committed_at > coalesce(({empty}), timestamp_seconds(0))"
    )
    return {row[0] for row in found.collect()}


def watch(job: Job, queries: list[Query], asides: Sequence[Aside] = ()) -> None:
    """Returns when the queries have ended, or were drained on request. Raises what ended one of them. The last queries
    are those of `asides`."""
    while True:
        draining = job.finish_run is not None
        if draining:
            for query in queries:
                query.drain()
        for query in queries:
            query.look()
        known = [query.positions for query in queries if query.positions is not None]
        if len(known) == len(queries):
            job.positions = {topic: {} for topic in job.order["reads"]} | merged(known)
        job.records_in = sum(query.records for query in queries[: len(queries) - len(asides)])
        told = [one.tell() for one in asides]
        more = [text for one, text in zip(asides, told, strict=True) if one.any]
        job.state, job.detail = "running", ", ".join([_detail(queries), *more])
        ended = [query for query in queries if query.ended()]
        if draining or len(ended) == len(queries):
            job.run = job.finish_run or job.run
            return
        job.check()
        job.stopping.wait(LOOK)
        job.check()


def _detail(queries: list[Query]) -> str:
    busiest = max(queries, key=lambda query: query.batch)
    if busiest.batch < 0:
        return str(busiest.query.status["message"])
    speed = sum(query.speed for query in queries)
    return f"batch {busiest.batch}" + (f", {speed:,.0f} rows/s" if speed else "")
