"""What `delivery: exactly-once` takes: every step of it holds, or it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.check.partitions import kept
from rosace.check.rules.schedules import wrong
from rosace.check.texts import Text
from rosace.model import outages
from rosace.model.capabilities import KafkaBootstrap
from rosace.model.checked import Ref
from rosace.model.quantity import Duration
from rosace.source.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from sqlglot import exp

    from rosace.check.sql.reading import ReadStatement
    from rosace.model.platform import Job

BROKER_MAXIMUM = Duration(KafkaBootstrap(()).transaction_max_timeout_ms / 1000)
"""The longest transaction a broker of ours grants: Kafka's `transaction.max.timeout.ms`, 15 minutes by default."""


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        reading = draft.jobs.get(name)
        text = draft.text(job.sql, "jobs", name, "sql") if job.sql is not None else None
        if text is not None:
            views: dict[str, exp.Expr] = {}
            for read in reading.statements if reading else ():
                if read.statement.kind == "view" and read.tree is not None:
                    views[read.statement.view] = read.tree
                yield from _statement(draft, name, job, read, text, views)
        yield from _checkpoint(draft, name, job)


def _statement(
    draft: Draft, name: str, job: Job, read: ReadStatement, text: Text, views: Mapping[str, exp.Expr]
) -> Iterator[Diagnostic]:
    target, statement = read.statement.target, read.statement
    if target is None:
        return
    here = text.span(*read.place)
    if statement.overwrite and target.kind == "topic":
        message = f"topic `{target}` cannot be overwritten: a topic is only ever added to"
        hint = "INSERT INTO a compacted topic replaces the records of the same key"
        yield Diagnostic("overwrite-topic", message, labels=(Label(here),), hints=(hint,))
    elif statement.overwrite and not job.batch:
        message = f"job `{name}` never ends, so it cannot overwrite `{target}`"
        labels = (Label(here), Label(draft.key("jobs", name), "no `schedule` and no `after`", primary=False))
        hint = "write INSERT INTO, or give the job a `schedule`"
        yield Diagnostic("overwrite-stream", message, labels=labels, hints=(hint,))
    elif job.batch and job.delivery == "exactly-once" and not statement.overwrite:
        if job.schedule is not None and wrong(job.schedule):
            # Whether it is run again is not known; that is told.
            return
        if target.kind == "topic" and draft.platform.topics[target.name].compact:
            return
        if target.kind == "table" and draft.platform.tables[target.name].key:
            return
        message = f"job `{name}` would add its rows to `{target}` once more whenever it is run again"
        place = draft.value("jobs", name, "delivery")
        labels = (Label(here), Label(place, "exactly-once, unless said otherwise", primary=False))
        hints = (*_instead(draft, target, read, views), "or accept doubles: `delivery: at-least-once`")
        yield Diagnostic("rerun-doubles", message, labels=labels, hints=hints)


def _instead(draft: Draft, target: Ref, read: ReadStatement, views: Mapping[str, exp.Expr]) -> Iterator[str]:
    """What gives the same result however often it runs, and loses nothing: never a whole table for one slice of it."""
    from rosace.check.sql.slices import slices_of

    if target.kind == "topic":
        yield "write to a compacted topic, where the same key replaces itself"
        return
    yield "give the table a `key: [...]`: INSERT INTO then puts a row in place of the one with the same key"
    slices = slices_of(read.tree, views)
    if not slices:
        yield (
            f"if the query gives all that `{target}` is to hold, write INSERT OVERWRITE {target}: "
            f"{'partitions that it gives rows for are' if draft.tables[target.name].partition else 'what was there is'}"
            " replaced, so what it does not give is gone"
        )
        return
    if any(kept(draft, target, read, one) for one in slices):
        yield f"write INSERT OVERWRITE {target}: it replaces the partitions that this slice is made of, and no other"
    else:
        yield (
            f"this query gives a slice of `{target}` only: INSERT OVERWRITE would throw the rest away unless the table "
            f"is partitioned by `{slices[0].column}` from its beginning"
        )


def _checkpoint(draft: Draft, name: str, job: Job) -> Iterator[Diagnostic]:
    """A streaming job commits its transactions at checkpoints: they come before the broker aborts them."""
    topics = [ref for ref in draft.flow.writes.get(name, ()) if ref.kind == "topic"]
    if job.batch or job.delivery != "exactly-once" or not topics:
        return
    if draft.platform.target == "kubernetes":
        yield from _outage(draft, name, job, topics[0])
        return
    often = draft.platform.commits(job)
    if often < BROKER_MAXIMUM:
        return
    message = (
        f"job `{name}` commits to `{topics[0]}` every {often}, but Kafka ends any transaction "
        f"after {BROKER_MAXIMUM}: nothing would ever be committed"
    )
    label = Label(draft.value("jobs", name, "checkpoint"), "longer than a transaction may last")
    hint = f"a checkpoint well below {BROKER_MAXIMUM}, such as `checkpoint: 1m`: results appear that often"
    yield Diagnostic("checkpoint-too-slow", message, labels=(label,), hints=(hint,))


def _outage(draft: Draft, name: str, job: Job, topic: Ref) -> Iterator[Diagnostic]:
    """What a job left open has to be there when it is back: on clusters transactions last as long as an outage may."""
    needed, rto = outages.transaction(draft.platform, job), outages.survived(draft.platform)
    if needed <= outages.LONGEST:
        return
    message = (
        f"exactly once ends before `rto: {rto}`: a transaction of job `{name}` on `{topic}` would have to stay "
        f"open for {needed}, and Kafka keeps none for longer than {outages.LONGEST}"
    )
    labels = (
        Label(draft.value("backups", "rto"), "how long recovery may take"),
        Label(draft.value("jobs", name, "checkpoint"), f"every {draft.platform.commits(job)}", primary=False),
    )
    hint = "a shorter `rto`, or say `delivery: at-least-once` to an engine that takes it"
    yield Diagnostic("rto-too-long", message, labels=labels, hints=(hint,))
