"""A topic or table that several write: what comes out must not depend on who came last."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span

_MOST_SHOWN = 20


def check(draft: Draft) -> Iterator[Diagnostic]:
    refs = [Ref("topic", name) for name in draft.platform.topics]
    refs += [Ref("table", name) for name in draft.platform.tables]
    for ref in refs:
        sources, jobs = draft.flow.filled_by(ref), draft.flow.written_by(ref)
        if ref.kind == "table" and len(sources) > 1:
            yield _two_sources(draft, ref, sources)
        elif len(sources) + len(jobs) > 1 and jobs:
            yield _two_writers(draft, ref, sources, jobs)


def _two_sources(draft: Draft, ref: Ref, sources: tuple[str, ...]) -> Diagnostic:
    message = f"`{ref}` is loaded from two sources: `{sources[0]}` and `{sources[1]}`"
    labels = _labels([draft.value("sources", name, "to") for name in sources])
    hint = "a load makes the table hold its file, no more: give each its own table, or replay both into a topic"
    return Diagnostic("two-sources", message, labels=labels, hints=(hint,))


def _two_writers(draft: Draft, ref: Ref, sources: tuple[str, ...], jobs: tuple[str, ...]) -> Diagnostic:
    writers = [*(f"source `{name}`" for name in sources), *(f"job `{name}`" for name in jobs)]
    places = [*(draft.value("sources", name, "to") for name in sources), *(_place(draft, ref, name) for name in jobs)]
    why = _why_wrong(draft, ref, sources, jobs)
    message = f"`{ref}` is written by {writers[0]} and {writers[1]}{f': {why}' if why else ''}"
    severity = Severity.ERROR if why else Severity.WARNING
    hint = "give each its own target" if why else _mixed(draft, ref)
    return Diagnostic("two-writers", message, severity, _labels(places), (hint,))


def _mixed(draft: Draft, ref: Ref) -> str:
    """What comes out where it is no mistake."""
    if ref.kind == "table" and draft.platform.tables[ref.name].key:
        return "of two rows with one key the one that came last is kept: no key may come from both"
    return "their records are mixed in no particular order"


def _why_wrong(draft: Draft, ref: Ref, sources: tuple[str, ...], jobs: tuple[str, ...]) -> str:
    if ref.kind == "topic" and draft.platform.topics[ref.name].compact:
        return "of two records with one key the last is kept, whichever that is"
    if ref.kind == "table" and sources:
        return "a load makes the table hold its file, no more"
    if any(_overwrites(draft, ref, job) for job in jobs):
        return "one overwrites what the other wrote"
    return ""


def _overwrites(draft: Draft, ref: Ref, job: str) -> bool:
    reading = draft.jobs.get(job)
    return any(
        read.statement.target == ref and read.statement.overwrite for read in (reading.statements if reading else ())
    )


def _place(draft: Draft, ref: Ref, job: str) -> Span:
    reading, sql = draft.jobs.get(job), draft.platform.jobs[job].sql
    text = draft.text(sql, "jobs", job, "sql") if sql is not None else None
    for read in reading.statements if reading else ():
        if text and read.statement.target == ref:
            return text.span(*read.place)
    return draft.key("jobs", job)


def _labels(places: list[Span]) -> tuple[Label, ...]:
    """Where they are written, as many as are shown: two are enough to see what is wrong."""
    places = places[:_MOST_SHOWN]
    return tuple(Label(place, "here" if not n else "and here", primary=not n) for n, place in enumerate(places))
