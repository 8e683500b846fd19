"""Every name in `platform.yaml` leads to something that is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from rosace.check.draft import Draft
from rosace.model.checked import Ref
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span
from rosace.source.suggest import closest

_MEANT = 100
"""Unknown names that are compared with all known ones: whoever has more did not mistype them."""


def check(draft: Draft) -> Iterator[Diagnostic]:
    platform, unknowns = draft.platform, count()
    for name, source in platform.sources.items():
        if draft.ref(source.to) is None:
            yield _nothing(draft, source.to, draft.value("sources", name, "to"), likely=next(unknowns) < _MEANT)
    for name, table in platform.tables.items():
        if table.like is not None and table.like not in platform.topics:
            place = draft.value("tables", name, "like")
            yield unknown(table.like, place, "no topic", platform.topics if next(unknowns) < _MEANT else ())
    for target in platform.verify:
        if draft.ref(target) is None:
            yield _nothing(draft, target, draft.key("verify", target), likely=next(unknowns) < _MEANT)
    yield from _jobs(draft, unknowns)


def _jobs(draft: Draft, unknowns: Iterator[int]) -> Iterator[Diagnostic]:
    known = dict.fromkeys([*draft.platform.jobs, *draft.platform.sources])
    for name, job in draft.platform.jobs.items():
        for word, place in draft.listed("jobs", name, "after"):
            if word not in known:
                yield unknown(word, place, "neither a job nor a source", known if next(unknowns) < _MEANT else ())
        for key in ("reads", "writes"):
            for word, place in draft.listed("jobs", name, key):
                if draft.ref(word) is None:
                    yield _nothing(draft, word, place, likely=next(unknowns) < _MEANT)
        if job.sql is not None and (job.reads or job.writes):
            key = "reads" if job.reads else "writes"
            message = f"`{key}` of job `{name}` says nothing: what SQL touches is found in its text"
            label = Label(draft.key("jobs", name, key), "take it out")
            yield Diagnostic("needless-reads", message, Severity.WARNING, (label,))


def _nothing(draft: Draft, word: str, place: Span, *, likely: bool) -> Diagnostic:
    return unknown(word, place, "neither a topic nor a table of the lake", draft.names() if likely else ())


def unknown(word: str, place: Span, what: str, known: Iterable[str]) -> Diagnostic:
    """A name that leads nowhere, with the one that was probably meant."""
    known = list(known)
    near = closest(word, known)
    hints = (f"did you mean `{near}`?",) if near else ()
    if not near and str(Ref("table", word)) in known:
        hints = (f"tables of the lake are named `{Ref('table', word)}`",)
    return Diagnostic("unknown-name", f"`{word}` is {what}", labels=(Label(place, "not declared"),), hints=hints)
