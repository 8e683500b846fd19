"""A job that fails: called so until it works again, tried again ever later, given up in words, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import brittle
import pytest

from rosace.contract.jobs import JobOrder
from rosace.local.home import Home
from rosace.local.job_failures import BACKOFF, CALM, QUIET, Failures
from rosace.local.job_task import JobTask
from rosace.local.snapshot import snapshot
from rosace.local.standing import SUPERVISOR, take
from rosace.local.supervision import rotate_all
from rosace.local.supervisor import Supervisor
from rosace.model.status import health, hopeless
from rosace.plan.machine.deployment import Deployment, to_json


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_each_failure_in_a_row_is_tried_again_later_and_the_last_one_is_not() -> None:
    clock = Clock()
    row = Failures(3, clock=clock)
    for pause in BACKOFF.pauses[:3]:
        row.take("boom", key="k", hopeless=False)
        assert not row.due()
        clock.now += pause
        assert row.due()
    row.take("boom", key="k", hopeless=False)
    assert row.over
    assert not row.due()
    assert row.said() == "given up after 4 failures in a row: boom"


def test_what_cannot_change_is_given_up_at_once() -> None:
    row = Failures(10)
    row.take("no such column", key="k", hopeless=True)
    assert row.over
    assert row.said() == "given up, since this cannot change by itself: no such column"


def test_a_job_counts_as_failing_until_it_has_worked_for_a_while() -> None:
    clock = Clock()
    row = Failures(10, clock=clock)
    row.take("boom", key="", hopeless=False)
    row.works()
    assert not row.quiet()
    clock.now += QUIET
    row.works()
    assert row.quiet()
    assert row.attempts == 1
    clock.now += CALM - QUIET
    row.works()
    assert row.attempts == 0


def test_a_job_that_dies_every_half_minute_does_not_look_healthy_in_between_and_is_given_up() -> None:
    clock = Clock()
    row = Failures(10, clock=clock)
    seen: list[bool] = []
    while not row.over:
        row.take("boom", key="", hopeless=False)
        for _ in range(30):
            clock.now += 1
            row.works()
            seen.append(row.quiet())
        assert clock.now < 2000
    # After the first failure nobody can know; from the second on the answer stays.
    assert not any(seen[30:])


def supervised(
    tmp_path: Path, *orders: JobOrder, life: Callable[[Supervisor, dict[str, object]], Awaitable[None]]
) -> None:
    raw: dict[str, object] = {
        "deployment": to_json(Deployment("demo", str(tmp_path), "1", (), (), orders)),
        "archives": str(tmp_path),
    }

    async def whole() -> None:
        home = Home(tmp_path / "home")
        home.logs.mkdir(parents=True, exist_ok=True)
        lock = take(str(home.path / SUPERVISOR))
        assert lock is not None
        supervisor = Supervisor(home, lock)
        await supervisor.apply(raw)
        try:
            await life(supervisor, raw)
        finally:
            await supervisor.stop_all()
            lock.release()

    brittle.STARTS.clear()
    brittle.NOW.clear()
    asyncio.run(whole())


async def reaches(test: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not test():
            await asyncio.sleep(0.05)


def job(*does: str, retries: int = 10) -> JobOrder:
    return JobOrder("sums", "brittle", "brittle", False, {"name": "sums", "does": list(does)}, retries=retries)


@pytest.mark.parametrize(("does", "why"), [("cannot", "boom at row 3"), ("refuses", "no such column")])
def test_a_hopeless_job_is_started_once_until_the_next_up(tmp_path: Path, does: str, why: str) -> None:
    async def life(supervisor: Supervisor, raw: dict[str, object]) -> None:
        await reaches(lambda: supervisor.jobs["sums"].state == "failed")
        await asyncio.sleep(1.2)
        now = snapshot(supervisor)
        assert brittle.STARTS["sums"] == 1
        assert hopeless(now) == ("sums", f"given up, since this cannot change by itself: {why}")
        assert (now.jobs["sums"].error, now.jobs["sums"].failures, now.jobs["sums"].next_try) == (why, 1, None)
        assert health(now, {}) == "ill"
        await supervisor.apply(raw)
        await reaches(lambda: brittle.STARTS["sums"] == 2)

    supervised(tmp_path, job(does), life=life)
    assert why in (tmp_path / "home" / "logs" / "job-sums.log").read_text()


def test_a_job_that_fails_says_so_all_the_time_and_gives_up_at_its_limit(tmp_path: Path) -> None:
    states: set[str] = set()

    async def life(supervisor: Supervisor, raw: dict[str, object]) -> None:
        task = supervisor.jobs["sums"]
        await reaches(lambda: task.failures.attempts > 0)
        while task.state != "failed":
            states.add(task.state)
            await asyncio.sleep(0.01)
        assert task.detail == "given up after 3 failures in a row: boom at row 3"
        assert task.restarts == 2

    supervised(tmp_path, job("fails", retries=2), life=life)
    assert states == {"failing"}
    log = (tmp_path / "home" / "logs" / "job-sums.log").read_text()
    assert "failed: boom at row 3\n    a stack\n    of words\n" in log


def test_a_successor_knows_what_was_given_up(tmp_path: Path) -> None:
    async def life(supervisor: Supervisor, raw: dict[str, object]) -> None:
        await reaches(lambda: supervisor.jobs["sums"].state == "failed")
        supervisor.jobs.clear()
        await supervisor.apply(raw, adopt=True)
        await reaches(lambda: supervisor.jobs["sums"].state == "failed")
        assert brittle.STARTS["sums"] == 1

    supervised(tmp_path, job("cannot"), life=life)


def test_restarts_by_the_engine_itself_count_and_what_cannot_change_is_stopped(tmp_path: Path) -> None:
    async def life(supervisor: Supervisor, raw: dict[str, object]) -> None:
        task: JobTask = supervisor.jobs["sums"]
        await reaches(lambda: task.state == "running")
        brittle.NOW["sums"] = replace(brittle.WORKS, restarts=2, error="lost a task manager")
        await reaches(lambda: task.state == "failing")
        assert (task.failures.attempts, task.restarts) == (2, 2)
        brittle.NOW["sums"] = replace(brittle.WORKS, restarts=3, error="a bad record", hopeless=True)
        await reaches(lambda: task.state == "failed")
        assert "sums" not in brittle.NOW
        await asyncio.sleep(1.2)
        assert brittle.STARTS["sums"] == 1

    supervised(tmp_path, job("works"), life=life)


def test_a_log_is_bounded_while_its_process_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "kafka.log"
    with path.open("ab", buffering=0) as writer:
        writer.write(b"x" * 1000)
        rotate_all(tmp_path, limit=500)
        writer.write(b"after\n")
    assert path.read_bytes() == b"after\n"
    assert path.with_suffix(".log.1").stat().st_size == 1000
