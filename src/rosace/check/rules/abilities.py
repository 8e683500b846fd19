"""A job's engine runs that kind of text, and runs it for ever or to its end as the job asks."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.contract.engine import Engine
from rosace.contract.registry import engines
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, job in draft.platform.jobs.items():
        room = engines().get(job.engine)
        if room is None:
            continue
        kind = "sql" if job.sql is not None else "python"
        place = Label(draft.value("jobs", name, "engine"))
        if kind not in room.runs:
            able = [one.name for one in engines().values() if kind in one.runs]
            other = Label(draft.key("jobs", name, kind), primary=False)
            message = f"{room.title} runs no {_WORDS[kind]}" if room.runs else f"{room.title} runs no jobs"
            yield Diagnostic("engine-cannot", message, labels=(place, other), hints=_instead(able))
        elif job.batch and not room.batch:
            key = "schedule" if job.schedule is not None else "after"
            other = Label(draft.key("jobs", name, key), "makes it a batch job", primary=False)
            able = [one.name for one in engines().values() if one.batch and kind in one.runs]
            message = f"{room.title} runs jobs for ever here, none to its end"
            yield Diagnostic("engine-cannot", message, labels=(place, other), hints=_instead(able))
        elif not job.batch and not room.streaming:
            yield _endless(room, place)


_WORDS = {"sql": "SQL", "python": "Python"}


def _endless(room: Engine, place: Label) -> Diagnostic:
    message = f"{room.title} runs jobs to their end only"
    hint = "say when it runs: `schedule: ...`, or `after: [...]`"
    return Diagnostic("engine-cannot", message, labels=(place,), hints=(hint,))


def _instead(able: list[str]) -> tuple[str, ...]:
    return (f"these can: {', '.join(f'`{name}`' for name in able)}",) if able else ()
