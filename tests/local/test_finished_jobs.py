"""What was worked off is not worked off again, and what was not is: jobs whose settings, inputs or files change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import forgetful
import pytest

from rosace.contract.jobs import JobOrder
from rosace.local.bus import Bus
from rosace.local.gates import Gates
from rosace.local.home import Home
from rosace.local.job_task import JobTask
from rosace.local.supervision import Context, Progress
from rosace.plan.machine.deployment import Streams

STREAM = JobOrder(
    "sums", "forgetful", "forgetful", False, {"name": "sums", "starts": "running"}, finite_inputs=("sales",), work="sum"
)
BATCH = JobOrder(
    "report", "forgetful", "forgetful", True, {"name": "report", "starts": "finished"}, after=("sums",), work="report"
)


class House:
    """Jobs on one engine, as a supervisor keeps them; `gave` is what the source gave, None while it may give more."""

    def __init__(self, folder: Path) -> None:
        home = Home(folder)
        self.context = Context(
            home, folder, Bus(home.events), Gates(), Progress.read(folder / "progress.json"), lambda: None, {}
        )
        self.gave: str | None = "all"
        self.jobs: dict[str, JobTask] = {}

    def settled(self, name: str) -> str | None:
        if name == "sales":
            return self.gave
        return (self.jobs[name].finished() or self.jobs[name].gives) if name in self.jobs else "written"

    async def apply(self, *orders: JobOrder, port: int = 1) -> None:
        """As another `up` does where an address has changed: each task is another one."""
        for task in self.jobs.values():
            await task.stop()
        for order in orders:
            changed = replace(order, order={**order.order, "port": port})
            name, streams = f"{order.name} at {port}", Streams("forgetful", "")
            task = JobTask(changed, name, self.context, self.settled, lambda ref: True, streams)
            self.jobs[order.name] = task
            task.begin()

    async def reaches(self, test: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not test():
                await asyncio.sleep(0.05)

    async def all_end(self) -> None:
        await self.reaches(lambda: all(task.state == "finished" for task in self.jobs.values()))

    async def end(self) -> None:
        for task in self.jobs.values():
            await task.stop()


@pytest.fixture
def house(tmp_path: Path) -> House:
    forgetful.STATES.clear()
    forgetful.RUNS.clear()
    return House(tmp_path)


def test_another_address_is_no_reason_to_run_a_finished_job_again(house: House) -> None:
    async def life() -> None:
        await house.apply(STREAM, BATCH)
        await house.all_end()
        await house.apply(STREAM, BATCH, port=2)
        await house.all_end()
        await asyncio.sleep(0.7)
        await house.end()

    asyncio.run(life())
    assert {name: len(runs) for name, runs in forgetful.RUNS.items()} == {"sums": 1, "report": 1}


def test_another_text_is(house: House) -> None:
    async def life() -> None:
        await house.apply(STREAM, BATCH)
        await house.all_end()
        await house.apply(STREAM, replace(BATCH, work="another report"))
        await house.all_end()
        await house.end()

    asyncio.run(life())
    assert {name: len(runs) for name, runs in forgetful.RUNS.items()} == {"sums": 1, "report": 2}


def test_a_stream_with_more_to_read_is_not_finished_because_its_engine_says_so_of_the_run_before(house: House) -> None:
    """Else what waits for it runs while there is more to come, and once more when that has come."""

    async def life() -> None:
        await house.apply(STREAM, BATCH)
        await house.all_end()
        house.gave = None
        await house.apply(STREAM, BATCH, port=2)
        await house.reaches(lambda: house.jobs["sums"].state == "running")
        await asyncio.sleep(0.7)
        assert len(forgetful.RUNS["report"]) == 1
        house.gave = "more"
        await house.all_end()
        await house.end()

    asyncio.run(life())
    assert {name: len(runs) for name, runs in forgetful.RUNS.items()} == {"sums": 2, "report": 2}


# fmt: off
ONCE = JobOrder(
    "copy", "forgetful", "forgetful", False, {"name": "copy", "starts": "finished"},
    finite_inputs=("sales",), work="copy", once=("sales",),
)
# fmt: on
"""A job that reads to its end what another one fills, such as a table."""


def test_what_is_read_once_is_read_when_it_is_all_there(house: House) -> None:
    """Else it is read half, and then again: what was there already comes out twice."""

    async def life() -> None:
        house.gave = None
        await house.apply(ONCE)
        await house.reaches(lambda: house.jobs["copy"].detail == "waits for sales")
        await asyncio.sleep(0.7)
        assert "copy" not in forgetful.RUNS
        house.gave = "all"
        await house.all_end()
        await house.apply(ONCE, port=2)
        await house.all_end()
        await asyncio.sleep(0.7)
        await house.end()

    asyncio.run(life())
    assert len(forgetful.RUNS["copy"]) == 1


def test_what_was_read_once_and_is_another_since_is_said_and_not_read_again(house: House) -> None:
    async def life() -> None:
        await house.apply(ONCE)
        await house.all_end()
        house.gave = "more"
        await house.apply(ONCE, port=2)
        await house.reaches(lambda: house.jobs["copy"].state == "failed")
        assert "`rosace rebuild copy`" in house.jobs["copy"].failures.error
        assert len(forgetful.RUNS["copy"]) == 1
        # Made anew it is another run, and reads all of it.
        await house.apply(replace(ONCE, work="copy #1"), port=3)
        await house.all_end()
        await house.end()

    asyncio.run(life())
    assert len(forgetful.RUNS["copy"]) == 2


def test_a_run_that_turns_out_to_be_needless_is_ended(house: House) -> None:
    """Else it goes on beside nobody's back, and another text's job takes it for its own."""

    async def life() -> None:
        await house.apply(STREAM)
        await house.all_end()
        house.gave = None
        await house.apply(STREAM, port=2)
        await house.reaches(lambda: house.jobs["sums"].state == "running")
        house.gave = "all"
        await house.all_end()
        assert forgetful.STATES["sums"] == "absent"
        await house.end()

    asyncio.run(life())


def test_a_supervisor_that_was_killed_while_a_stream_was_drained_believes_its_end(house: House) -> None:
    async def life() -> None:
        await house.apply(STREAM)
        await house.all_end()
        house.context.progress.jobs.clear()
        await house.apply(STREAM)
        await house.all_end()
        await house.end()

    asyncio.run(life())
    assert len(forgetful.RUNS["sums"]) == 1


def test_a_stream_over_what_is_followed_does_not_end_and_what_waits_for_it_runs_when_there_is_more(
    house: House,
) -> None:
    endless = replace(STREAM, finite_inputs=(), endless_inputs=("sales",))

    async def life() -> None:
        await house.apply(endless, BATCH)
        await house.reaches(lambda: house.jobs["report"].state == "finished")
        assert (house.jobs["sums"].state, house.jobs["sums"].current) == ("running", True)
        house.gave = None
        await house.reaches(lambda: not house.jobs["sums"].current)
        house.gave = "more"
        await house.reaches(lambda: len(forgetful.RUNS["report"]) == 2)
        await house.reaches(lambda: house.jobs["report"].state == "finished")
        await asyncio.sleep(0.7)
        await house.end()

    asyncio.run(life())
    assert {name: len(runs) for name, runs in forgetful.RUNS.items()} == {"sums": 1, "report": 2}


def test_a_file_that_is_followed_is_loaded_when_it_has_changed(house: House, tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("n\n1\n", encoding="utf-8")
    load = replace(BATCH, name="load", order={**BATCH.order, "name": "load"}, after=(), follows=str(path))

    async def life() -> None:
        await house.apply(load)
        await house.all_end()
        await asyncio.sleep(0.7)
        assert len(forgetful.RUNS["load"]) == 1
        path.write_text("n\n1\n2\n", encoding="utf-8")
        await house.reaches(lambda: len(forgetful.RUNS["load"]) == 2)
        await house.all_end()
        await house.end()

    asyncio.run(life())
    assert len(forgetful.RUNS["load"]) == 2
