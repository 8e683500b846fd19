"""A streaming window closes by event time: the column that it is over has to be the one that carries it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.check.draft import Draft
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from rosace.check.sql.relation import Windowing


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, reading in draft.jobs.items():
        job = draft.platform.jobs[name]
        text = draft.text(job.sql or "", "jobs", name, "sql")
        if text is None or job.batch:
            continue
        for window in reading.windows:
            column = next((one for one in window.relation.columns or () if one.name == window.column), None)
            if column is not None and column.event_time is False:
                label = Label(text.span(window.start, window.end), "no event time")
                yield _refused(draft, window, label)


def _refused(draft: Draft, window: Windowing, label: Label) -> Diagnostic:
    ref = window.relation.ref
    message = f"{window.function} over `{window.over}` needs its event time, which `{window.column}` does not carry"
    if ref is None:
        hint = "hand the event-time column of the topic on as it is: a computed value loses its watermark"
        return Diagnostic("window-time", message, labels=(label,), hints=(hint,))
    if ref.kind == "table":
        hint = "a table of the lake has no event time: read the topic, or run the job as a batch"
        return Diagnostic("window-time", message, labels=(label,), hints=(hint,))
    return _over_topic(draft, window, ref, message, label)


def _over_topic(draft: Draft, window: Windowing, ref: Ref, message: str, label: Label) -> Diagnostic:
    time = draft.platform.topics[ref.name].event_time
    if time is None:
        other = Label(draft.declared(ref), "has no `event-time`", primary=False)
        hint = f"write `event-time: {window.column}` under topic `{ref.name}`"
    else:
        other = Label(draft.value("topics", ref.name, "event-time"), "event time is declared here", primary=False)
        hint = f"write DESCRIPTOR({time.column})"
    return Diagnostic("window-time", message, labels=(label, other), hints=(hint,))
