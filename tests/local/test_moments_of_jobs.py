"""For which moment of its schedule a job runs: that which is due, the last one, or the one that a person said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from rosace.contract.jobs import JobOrder
from rosace.local.job_task import JobTask
from rosace.local.supervision import Progress

STARTED = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)


def task(folder: Path, *, after: tuple[str, ...] = ()) -> JobTask:
    progress = Progress.read(folder / "progress.json")
    order = JobOrder("daily", "spark", "none", True, {}, after=after, schedule="0 5 * * *")
    found = JobTask(
        order, "made", cast(Any, SimpleNamespace(progress=progress)), lambda name: "ended", lambda ref: True, None
    )
    found.since = STARTED.timestamp()
    return found


def told(found: JobTask) -> str:
    return found.moments().plain()["run_time"]


def test_before_the_first_that_is_due_it_is_the_last_one(tmp_path: Path) -> None:
    assert told(task(tmp_path, after=("land",))) == "2024-05-01T05:00:00"


def test_what_is_due_counts_and_ends_what_a_person_said(tmp_path: Path) -> None:
    found = task(tmp_path)
    found.context.progress.ask("daily", "2024-04-20")
    first = found.key()
    # Since 2024 many were due: each look takes the next, and the moment with it.
    assert first is not None
    assert told(found) == "2024-05-02T05:00:00"
    assert found.context.progress.said == {}
    second = found.key()
    assert told(found) == "2024-05-03T05:00:00"
    assert second != first


def test_what_a_person_said_outlives_the_supervisor(tmp_path: Path) -> None:
    found = task(tmp_path)
    found.since = datetime.now(UTC).timestamp()
    assert found.key() is None, "nothing is due, nothing was asked"
    found.context.progress.ask("daily", "2024-04-20")
    key = found.key()
    assert told(found) == "2024-04-20T05:00:00"

    again = task(tmp_path)
    again.since = found.since
    assert (again.key(), told(again)) == (key, "2024-04-20T05:00:00")
    again.context.progress.ask("daily")
    assert again.key() != key
    assert told(again) != "2024-04-20T05:00:00"
