"""Packages of Python that jobs ask for: jobs of one engine share them, so each has one version."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.kit.requirements import pinned
from rosace.model.requirements import distribution
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Span


def check(draft: Draft) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], tuple[str, str, Span]] = {}
    for name, job in draft.platform.jobs.items():
        for number, asked in enumerate(job.requirements):
            here = draft.value("jobs", name, "requirements", number)
            known = first.setdefault((job.engine, distribution(asked)), (name, pinned(asked), here))
            before, version, there = known
            if pinned(asked) != version:
                message = f"job `{name}` asks for `{pinned(asked)}`, and job `{before}` for `{version}`"
                labels = (Label(here), Label(there, "asked for here", primary=False))
                why = "jobs of one engine share their Python, which has one version of each package: name the same one"
                yield Diagnostic("requirement-conflict", message, labels=labels, hints=(why,))
