"""A schedule is a cron line of five fields that comes round."""

from __future__ import annotations

import re
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
            if not told and (why := _unknown(job.schedule) or _twofold(job.schedule)):
                message = f"`{job.schedule}` means one thing on this machine and another, or nothing, on clusters"
                severity = Severity.ERROR if draft.platform.target == "kubernetes" else Severity.WARNING
                yield Diagnostic("bad-schedule", message, severity, labels=(Label(place),), hints=(why,))
    for number, window in enumerate(draft.platform.delivery.windows):
        place = draft.value("delivery", "windows", number, "schedule")
        problems = list(_told(window.schedule, place))
        yield from problems
        if not problems and (why := _unknown(window.schedule)):
            message = f"`{window.schedule}` is no schedule to Argo CD, which keeps the windows"
            yield Diagnostic("bad-schedule", message, labels=(Label(place),), hints=(why,))


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


def _unknown(line: str) -> str:
    """What to write instead of what clusters do not take: Spark's operator (v2.5.1) and Argo CD (v3.2) read them by
    robfig/cron (v3.0.1, spec.go: days of a week are 0 to 6; parser.go: numbers, names and ranges of them). This is
    all: of 20,000 lines that cronsim takes it refuses no other."""
    _, _, of_month, _, of_week = line.upper().split()
    if "L" in of_month or "L" in of_week or "#" in of_week:
        return "write the days out: the last or the n-th of a month is not known there"
    ends = (end for part in of_week.split(",") for end in part.partition("/")[0].split("-"))
    return "write 0 for Sunday" if any(end.lstrip("0") == "7" for end in ends) else ""


def _twofold(line: str) -> str:
    """What to write instead of what cronsim 2.8, which keeps schedules on this machine, reads in another way than
    robfig/cron v3.0.1 does. Found by asking both for the next times of 40,000 random lines: what is not told are steps
    from a name to its own number (`fri-5/2`)."""
    fields = line.upper().split()
    _, _, of_month, _, of_week = fields
    # Both kinds of day have to fit where one of them is a star, and what a star is they see differently.
    if _starred(of_month, of_week) != (of_month[0] == "*" or of_week[0] == "*"):
        return "write the days out: beside the other kind of day, steps (`*/2`) and stars in lists are read in two ways"
    if any(_OPEN.fullmatch(part) for part in of_week.split(",")):
        return "write the days out: whether the steps of `5/2` come to a Sunday is read in two ways"
    if any(_ALONE.fullmatch(part) for field in fields for part in field.split(",")):
        return "write one number: steps from it to itself (`5-5/2`) are read in two ways"
    return ""


_OPEN = re.compile(r"\w+/\d+")
_ALONE = re.compile(r"(\w+)-\1/\d+")


def _starred(*fields: str) -> bool:
    """Whether robfig/cron sees a star in one of these (parser.go, getRange: its bit goes where a step is above 1)."""
    parts = (part.partition("/") for field in fields for part in field.split(","))
    return any(base == "*" and int(step or 1) == 1 for base, _, step in parts)
