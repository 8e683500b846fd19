"""Records that do not fit their topic's columns: left out with a line in the job's log, and set aside where asked.

A job that runs for ever has one more query for each such topic, with a checkpoint of its own; one that ends looks when
its statements are done, so that nothing is left out that is not told. What is set aside has its place as its key: once
more, as after a crash, is the same once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

from .checkpoints import Checkpoint
from .jobs import Job
from .rows import literal
from .views import UNFIT, records_of, topics_of

LINES = 1000
"""Of one batch so many are told one by one."""


class Aside:
    """What was left out of one topic since the job began. `query` is told to `streams.Query` where it is streaming."""

    def __init__(self, session: Any, job: Job, topic: dict[str, Any]) -> None:
        self._session, self._job, self.topic = session, job, topic
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._count = 0

    def begin(self, checkpoint: Checkpoint) -> Any:
        """Starts the query."""
        found = records_of(self._session, self.topic, streaming=True)
        return (
            self._unfit(found)
            .writeStream.queryName(f"{self._job.name}: unfit records of {self.topic['topic']}")
            .trigger(processingTime=f"{self._job.order['every_ms']} milliseconds")
            .option("checkpointLocation", checkpoint.location)
            .foreachBatch(self._take)
            .start()
        )

    def once(self) -> None:
        """Looks at all there is now."""
        self._take(self._unfit(records_of(self._session, self.topic, streaming=False)))
        self.tell()

    def tell(self) -> str:
        """Prints what is new, from the job's own thread, whose lines are its log; gives the count in words."""
        with self._lock:
            lines, self._lines = self._lines, []
            count = self._count
        for line in lines:
            print(line, flush=True)
        return f"{count:,} {'set aside' if self.topic['aside'] else 'left out'} of {self.topic['topic']}"

    @property
    def any(self) -> bool:
        """Whether there was one."""
        return bool(self._count)

    def _unfit(self, found: Any) -> Any:
        names = f"topic, partition, offset, unix_millis(timestamp), key, value, {UNFIT}, {literal(self._job.name)}"
        return found.where(f"{UNFIT} IS NOT NULL").selectExpr(
            "topic", "partition", "offset", UNFIT, f"rosace_aside({names}) AS told"
        )

    def _take(self, rows: Any, batch: int = 0) -> None:
        del batch
        rows.persist()
        try:
            count = rows.count()
            if count and self.topic["aside"]:
                kept = rows.selectExpr("concat_ws('/', topic, partition, offset) AS key", "told AS value")
                kept.write.format("kafka").options(**self.topic["sink"], topic=self.topic["aside"]).save()
            lines = [*self._told(rows, count)] if count else []
            with self._lock:
                self._lines += lines
                self._count += count
        finally:
            rows.unpersist()

    def _told(self, rows: Any, count: int) -> Iterator[str]:
        how = "set aside" if self.topic["aside"] else "left out"
        for topic, partition, offset, why in rows.drop("told").orderBy("partition", "offset").take(LINES):
            yield f"{how}: topic {topic}, partition {partition}, offset {offset}: {why}"
        if count > LINES:
            yield f"{how}: and {count - LINES:,} more of {self.topic['topic']}"


def of(session: Any, job: Job) -> list[Aside]:
    """One for each topic that the job reads and whose unfit records do not end it."""
    order = job.order
    topics = (one for one in topics_of(order) if one["topic"] in order["reads"] and "shape" in one)
    return [Aside(session, job, topic) for topic in topics]


def started(session: Any, job: Job) -> Iterator[tuple[Aside, Any, Checkpoint]]:
    """The same with how each one's query is begun, and its checkpoint."""
    for one in of(session, job):
        checkpoint = Checkpoint(session, f"{job.order['checkpoint']}/{one.topic['topic']}.unfit")
        if job.fresh:
            checkpoint.delete()
        yield one, partial(one.begin, checkpoint), checkpoint
