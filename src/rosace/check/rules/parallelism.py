"""More subtasks than partitions: the rest would have nothing to read."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label, Severity


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        topics = [ref.name for ref in draft.flow.reads.get(name, ()) if ref.kind == "topic"]
        if job.parallelism is None or not topics:
            continue
        widest = max(topics, key=lambda topic: draft.platform.topics[topic].partitions)
        partitions = draft.platform.topics[widest].partitions
        if job.parallelism > partitions:
            message = (
                f"job `{name}` has {job.parallelism} subtasks, but `{widest}` has {partitions} partitions: "
                f"{job.parallelism - partitions} would read nothing"
            )
            labels = (
                Label(draft.value("jobs", name, "parallelism")),
                Label(draft.value("topics", widest, "partitions"), f"{partitions} partitions", primary=False),
            )
            hint = f"`parallelism: {partitions}`, or more partitions"
            yield Diagnostic("idle-subtasks", message, Severity.WARNING, labels, (hint,))
