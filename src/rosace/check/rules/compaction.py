"""How long topics keep records: compacted ones the last of each key, for which they need one; others for a while."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, topic in draft.platform.topics.items():
        if topic.compact and not topic.key:
            message = f"topic `{name}` is compacted but has no `key`: Kafka refuses records without one"
            label = Label(draft.key("topics", name, "compact"))
            hint = "name the columns that identify a record: `key: [...]`"
            yield Diagnostic("compact-without-key", message, labels=(label,), hints=(hint,))
        yield from _retention(draft, name)
    for job, origins in draft.flow.reads.items():
        for ref in origins:
            if ref.kind == "topic" and draft.platform.topics[ref.name].compact and not draft.platform.jobs[job].batch:
                yield _misses(draft, job, ref)


def _retention(draft: Draft, name: str) -> Iterator[Diagnostic]:
    """What is said of `retention` has an effect, and not the one that nothing is kept."""
    path = ("topics", name, "retention")
    if not draft.tree.has(path):
        return
    topic = draft.platform.topics[name]
    if topic.compact:
        message = (
            f"topic `{name}` is compacted: it keeps the last record of each key for ever, whatever `retention` says"
        )
        other = Label(draft.key("topics", name, "compact"), "compacted here", primary=False)
        hint = "leave one of the two out"
        yield Diagnostic("retention-ignored", message, labels=(Label(draft.key(*path)), other), hints=(hint,))
    elif not topic.retention:
        message = f"topic `{name}` keeps records for no time at all: Kafka may delete them before they are read"
        hint = "say how long a reader may be away, such as `retention: 7d`"
        yield Diagnostic("retention-zero", message, labels=(Label(draft.value(*path)),), hints=(hint,))


def _misses(draft: Draft, job: str, ref: Ref) -> Diagnostic:
    message = f"job `{job}` reads `{ref}`, which is compacted: values overwritten before it reads them are never seen"
    labels = (
        Label(_place(draft, job, ref)),
        Label(draft.key("topics", ref.name, "compact"), "compacted here", primary=False),
    )
    hint = "fine where only the newest value of a key counts; for sums and counts read a topic that keeps everything"
    return Diagnostic("compacted-read", message, Severity.WARNING, labels, (hint,))


def _place(draft: Draft, job: str, ref: Ref) -> Span:
    reading, sql = draft.jobs.get(job), draft.platform.jobs[job].sql
    text = draft.text(sql, "jobs", job, "sql") if sql is not None else None
    for use in reading.uses if reading else ():
        if text and use.ref == ref:
            return text.span(use.start, use.end)
    return draft.key("jobs", job)
