"""A schedule is a cron line of five fields that comes round."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Span

_FIELDS = ("minute", "hour", "day of month", "month", "day of week")


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        if job.schedule is not None:
            yield from _told(job.schedule, draft.value("jobs", name, "schedule"))
    for number, window in enumerate(draft.platform.delivery.windows):
        yield from _told(window.schedule, draft.value("delivery", "windows", number, "schedule"))


def _told(line: str, place: Span) -> Iterator[Diagnostic]:
    if why := _wrong(line):
        hint = f"{', '.join(_FIELDS)}, in UTC: `0 5 * * *` is every day at five"
        message = f"`{line}` is no schedule: {why}"
        yield Diagnostic("bad-schedule", message, labels=(Label(place),), hints=(hint,))


def _wrong(line: str) -> str:
    from cronsim import CronSim, CronSimError

    if not line.isascii():
        return "it is made of digits 0 to 9 and `* , - /`"
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
