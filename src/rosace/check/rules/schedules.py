"""A schedule is a cron line of five fields that comes round."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.span import Span

_FIELDS = ("minute", "hour", "day of month", "month", "day of week")


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        if job.schedule is not None:
            place, told = draft.value("jobs", name, "schedule"), False
            for problem in _told(job.schedule, place):
                told = True
                yield problem
            if not told and (why := _unlike(job.schedule)):
                message = f"`{job.schedule}` means one thing on this machine and another, or nothing, on clusters"
                severity = Severity.ERROR if draft.platform.target == "kubernetes" else Severity.WARNING
                yield Diagnostic("bad-schedule", message, severity, labels=(Label(place),), hints=(why,))
    for number, window in enumerate(draft.platform.delivery.windows):
        yield from _told(window.schedule, draft.value("delivery", "windows", number, "schedule"))


def _told(line: str, place: Span) -> Iterator[Diagnostic]:
    if why := wrong(line):
        hint = f"{', '.join(_FIELDS)}, in UTC: `0 5 * * *` is every day at five"
        message = f"`{line}` is no schedule: {why}"
        yield Diagnostic("bad-schedule", message, labels=(Label(place),), hints=(hint,))


def wrong(line: str) -> str:
    """Why a line is no schedule; nothing where it is one."""
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


def _unlike(line: str) -> str:
    """What to write instead of what cron's readers do not agree on: cronsim 2.8, which keeps schedules on this machine,
    and robfig/cron v3.0.1 (parser.go: bounds, getRange, Parse), that of the Spark operator."""
    _, _, of_month, _, of_week = line.upper().split()
    if "L" in of_month or "L" in of_week or "#" in of_week:
        return "write the days out: the last or the n-th of a month is not known there"
    if "7" in of_week:
        return "write 0 for Sunday"
    if any(one.startswith("*/") and other != "*" for one, other in ((of_month, of_week), (of_week, of_month))):
        return "write the days out: beside the other kind of day, steps (`*/2`) are read in two ways"
    return ""
