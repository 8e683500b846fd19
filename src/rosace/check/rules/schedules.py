"""A schedule is a cron line of five fields that comes round."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label

_FIELDS = ("minute", "hour", "day of month", "month", "day of week")


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        if job.schedule is not None and (why := _wrong(job.schedule)):
            label = Label(draft.value("jobs", name, "schedule"))
            hint = f"{', '.join(_FIELDS)}, in UTC: `0 5 * * *` is every day at five"
            message = f"`{job.schedule}` is no schedule: {why}"
            yield Diagnostic("bad-schedule", message, labels=(label,), hints=(hint,))


def _wrong(line: str) -> str:
    from cronsim import CronSim, CronSimError

    fields = line.split()
    if len(fields) != len(_FIELDS):
        return f"a cron line has five fields, this has {len(fields)}"
    from datetime import UTC, datetime

    try:
        next(CronSim(line, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        field = str(error).removeprefix("Bad ")
        return (
            f"its {field} cannot be" if field in _FIELDS or field.replace("-", " ") in _FIELDS else str(error).lower()
        )
    except (StopIteration, OverflowError, ValueError):
        return "it never comes round"
    return ""
