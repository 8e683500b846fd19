"""No job waits for what comes from itself."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    for steps in draft.flow.cycles():
        jobs = [job for job, _ in steps]
        if len(steps) == 1 and steps[0][1].startswith("table") and draft.platform.jobs[jobs[0]].batch:
            # A batch job reads the table as it was before: the result is well defined.
            continue
        spelled = "".join(f"`{job}` → {f'{by} → ' if by != 'after' else ''}" for job, by in steps) + f"`{jobs[0]}`"
        message = f"jobs feed each other in a circle: {spelled}"
        labels = tuple(Label(draft.key("jobs", job), primary=job == jobs[0]) for job in jobs)
        hint = "write to another topic or table at one of these steps, or take a job out of `after`"
        yield Diagnostic("cycle", message, labels=labels, hints=(hint,))
