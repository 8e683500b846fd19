"""No job waits for what comes from itself."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label

_MOST_SHOWN = 20
"""Steps of a circle that are spelled: of a longer one those at its ends."""


def check(draft: Draft) -> Iterator[Diagnostic]:
    for steps in draft.flow.cycles():
        jobs = [job for job, _ in steps]
        (job, lead) = steps[0]
        if len(steps) == 1 and lead is not None and lead.kind == "table" and draft.platform.jobs[job].batch:
            # A batch job reads the table as it was before: the result is well defined.
            continue
        spelled = [f"`{job}` → {f'{ref.kind} `{ref}` → ' if ref else ''}" for job, ref in steps]
        if (more := len(spelled) - _MOST_SHOWN) > 0:
            spelled[_MOST_SHOWN // 2 : -_MOST_SHOWN // 2] = [f"... {more:,} more ... → "]
        message = f"jobs feed each other in a circle: {''.join(spelled)}`{jobs[0]}`"
        labels = tuple(Label(draft.key("jobs", job), primary=job == jobs[0]) for job in jobs[:_MOST_SHOWN])
        hint = "write to another topic or table at one of these steps, or take a job out of `after`"
        yield Diagnostic("cycle", message, labels=labels, hints=(hint,))
