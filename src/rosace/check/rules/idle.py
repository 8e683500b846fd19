"""What has no effect: jobs without input or output, topics and tables that nobody touches."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label, Severity


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        reading = draft.jobs.get(name)
        # A text that could not be read in full may well read and write something.
        if job.sql is not None and (reading is None or not reading.whole):
            continue
        yield from _job(draft, name)
    # One text that could not be read may use anything: nothing is called unused then.
    if _all_read(draft):
        yield from _untouched(draft)


def _job(draft: Draft, name: str) -> Iterator[Diagnostic]:
    python = draft.platform.jobs[name].python is not None
    key = "python" if python else "sql"
    for verb, told, flow in (("reads", "from", draft.flow.reads), ("writes", "to", draft.flow.writes)):
        if flow.get(name) or any(draft.listed("jobs", name, verb)):
            continue
        message = f"job `{name}` {verb} no topic and no table"
        hint = (
            f"say what it {verb}: `{verb}: [...]`"
            if python
            else f"name a topic or `lake.<table>` {told} which it {verb}"
        )
        yield Diagnostic("idle-job", message, labels=(Label(draft.value("jobs", name, key)),), hints=(hint,))


def _all_read(draft: Draft) -> bool:
    jobs = draft.platform.jobs.items()
    queries = (draft.queries.get(name) for name in draft.platform.queries)
    sql = all(job.sql is None or (name in draft.jobs and draft.jobs[name].whole) for name, job in jobs)
    known = all(draft.ref(source.to) for source in draft.platform.sources.values())
    return sql and known and all(reading is not None and not reading.problems for reading in queries)


def _untouched(draft: Draft) -> Iterator[Diagnostic]:
    flow = draft.flow
    asked = {ref for reading in draft.queries.values() for ref in reading.reads}
    asked |= {Ref("topic", export.from_) for export in draft.platform.exports.values()}
    taken = {table.like for table in draft.platform.tables.values()}
    refs = [Ref("topic", name) for name in draft.platform.topics]
    for ref in (*refs, *(Ref("table", name) for name in draft.platform.tables)):
        filled = flow.filled_by(ref) or flow.written_by(ref) or ref in flow.produced
        read = flow.read_by(ref) or ref in asked
        if not filled and not read and ref.name not in (taken if ref.kind == "topic" else ()):
            message = f"{ref.kind} `{ref}` is neither written nor read"
            yield Diagnostic("unused", message, Severity.WARNING, (Label(draft.declared(ref)),))
        elif read and not filled:
            yield _never_written(draft, ref)
        elif read and draft.platform.target == "kubernetes" and (lost := _only_here(draft, ref)):
            yield _left_here(draft, ref, lost)
        elif read and draft.platform.target == "kubernetes" and ref.kind == "table" and not flow.written_by(ref):
            yield _loaded_here(draft, ref)


def _never_written(draft: Draft, ref: Ref) -> Diagnostic:
    """Something waits for what never comes: on this machine a person may still write it by hand."""
    message = f"{ref.kind} `{ref}` is read, but nothing writes it: it stays empty"
    hint = "load it from a source, or let a job write it"
    if ref.kind == "topic":
        hint = f"fill it from a source, let a job write it, or say who does: `producers: {{shop: {{writes: {ref}}}}}`"
    severity = Severity.ERROR if draft.platform.target == "kubernetes" else Severity.WARNING
    return Diagnostic("never-written", message, severity, (Label(draft.declared(ref)),), (hint,))


def _only_here(draft: Draft, ref: Ref) -> str:
    """The source whose file only this machine has, where nothing else fills a topic or table; empty where it is fed."""
    sources = draft.flow.filled_by(ref)
    fed = draft.flow.written_by(ref) or ref in draft.flow.produced
    there = [name for name in sources if not isinstance(draft.platform.sources[name].file, str)]
    return "" if fed or there or not sources else sources[0]


def _left_here(draft: Draft, ref: Ref, source: str) -> Diagnostic:
    message = f"{ref.kind} `{ref}` is read, and its only source, `{source}`, has a file that clusters do not see"
    hint = "say in the overlay where they find it: a package, `{url, sha256}`, `{s3}` or `{volume, path}`"
    label = Label(draft.value("sources", source, "file"), "on this machine")
    return Diagnostic("never-written", message, Severity.ERROR, (label,), (hint,))


def _loaded_here(draft: Draft, ref: Ref) -> Diagnostic:
    """What is compiled for clusters has no pod yet that loads a file into a table."""
    source = draft.flow.filled_by(ref)[0]
    message = (
        f"table `{ref}` is read, and on clusters nothing loads it: its source, `{source}`, is for this machine only"
    )
    hint = "load it there by hand before the jobs run, or let a topic and a job bring it"
    label = Label(draft.value("sources", source, "to"), "loaded on this machine")
    return Diagnostic("never-written", message, Severity.WARNING, (label,), (hint,))
