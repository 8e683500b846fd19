"""A process that said that trying again is no use is let be, until another deployment is handed over."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brittle
import pytest

from rosace.contract.machine import Action, Probe, ProcessSpec
from rosace.kit.backoff import Backoff
from rosace.local import action_task, process_task
from rosace.local.home import Home
from rosace.local.snapshot import snapshot
from rosace.local.standing import SUPERVISOR, take
from rosace.local.supervisor import Supervisor
from rosace.model.status import health, hopeless
from rosace.plan.machine.deployment import Deployment, to_json

SCRIPT = """
import pathlib, sys
bad = pathlib.Path(sys.argv[1]).exists()
print("a bad value" if bad else "fine")
sys.exit(3 if bad else 0)
"""


DIES = "import sys; print('no such option'); sys.exit(1)"


def test_what_was_never_ready_is_given_up_after_some_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_task, "BACKOFF", Backoff((0.01,)))
    probe = Probe("brittle:observe")
    spec = ProcessSpec("kafka", "kafka", (sys.executable, "-c", DIES), ready=probe)
    raw = {
        "deployment": to_json(Deployment("demo", str(tmp_path), "1", (spec,), (), ())),
        "archives": str(tmp_path),
    }

    async def life() -> None:
        supervisor = await started(tmp_path, raw)
        await reaches(lambda: supervisor.processes["kafka"].state == "failed")
        assert hopeless(snapshot(supervisor)) == ("kafka", "given up after 8 starts in a row: no such option")
        await supervisor.stop_all()

    asyncio.run(life())


async def started(folder: Path, raw: dict[str, Any]) -> Supervisor:
    """A supervisor that was handed this."""
    home = Home(folder / "home")
    home.path.mkdir()
    lock = take(str(home.path / SUPERVISOR))
    assert lock is not None
    supervisor = Supervisor(home, lock)
    await supervisor.apply(raw)
    return supervisor


async def reaches(test: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not test():
            await asyncio.sleep(0.05)


def test_what_gave_up_is_tried_again_by_the_next_up(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.touch()
    spec = ProcessSpec("source-shop", "kafka", (sys.executable, "-c", SCRIPT, str(bad)), once=True, work="shop")
    raw = {
        "deployment": to_json(Deployment("demo", str(tmp_path), "1", (spec,), (), ())),
        "archives": str(tmp_path),
    }

    async def life() -> None:
        supervisor = await started(tmp_path, raw)
        await reaches(lambda: supervisor.processes["source-shop"].state == "failed")
        await asyncio.sleep(1)
        gave_up = supervisor.processes["source-shop"]
        assert (gave_up.state, gave_up.detail, gave_up.restarts) == ("failed", "a bad value", 0)
        bad.unlink()
        await supervisor.apply(raw)
        await reaches(lambda: supervisor.processes["source-shop"].state == "done")
        await supervisor.apply(raw)
        assert supervisor.processes["source-shop"].state == "done"
        await supervisor.stop_all()

    asyncio.run(life())


def test_an_action_that_fails_for_ever_is_given_up_in_words_until_the_next_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_task, "BACKOFF", Backoff((0.01,), most=4))
    action = Action("kafka:topics", "brittle:apply", {})
    raw = {
        "deployment": to_json(Deployment("demo", str(tmp_path), "1", (), (action,), ())),
        "archives": str(tmp_path),
    }
    brittle.APPLIED[:] = [False]

    async def life() -> None:
        supervisor = await started(tmp_path, raw)
        await reaches(lambda: supervisor.actions["kafka:topics"].state == "failed")
        now = snapshot(supervisor)
        assert hopeless(now) == ("kafka:topics", "given up after 4 failures in a row: no room for it")
        assert health(now, {}) == "ill"
        await asyncio.sleep(0.2)
        assert supervisor.actions["kafka:topics"].attempts == 4
        brittle.APPLIED[:] = [False, True]
        await supervisor.apply(raw)
        await reaches(lambda: supervisor.actions["kafka:topics"].state == "done")
        await supervisor.stop_all()

    asyncio.run(life())


def test_pauses_grow_to_the_last_one_and_end_at_the_limit() -> None:
    often = Backoff((0.2, 1.0), most=3)
    assert [often.pause(failures) for failures in (1, 2, 3)] == [0.2, 1.0, 1.0]
    assert [often.over(failures) for failures in (1, 2, 3)] == [False, False, True]
    assert not Backoff((1.0,)).over(10_000)
