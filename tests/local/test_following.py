"""Data is not waited for without end: what has not moved for a while is said, and so is what is missing at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rosace.contract.jobs import JobOrder
from rosace.local import following
from rosace.local.following import Following
from rosace.local.home import Home
from rosace.local.told import Stuck
from rosace.model.status import JobNow, Running, SupervisorNow
from rosace.plan.machine.deployment import Deployment

ORDER = JobOrder("land", "spark", "none", False, {}, finite_inputs=("orders",))


def seen(records: int) -> Running:
    deployment = Deployment("demo", "/", "1", (), (), (ORDER,))
    fingerprint = deployment.fingerprints()["job/land"]
    job = JobNow("spark", "running", records_in=records, fingerprint=fingerprint)
    return Running(time.time(), "demo", "/", "1", SupervisorNow(1, 0), {}, {}, {"land": job})


def ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, timeout: float, *, moves: bool) -> Stuck:
    count = iter(range(10**9))

    def follow(home: Home, since: int) -> Iterator[Any]:
        while True:
            time.sleep(0.01)
            yield None

    monkeypatch.setattr(following, "follow", follow)
    monkeypatch.setattr(following, "look", lambda home: seen(next(count) if moves else 7))
    monkeypatch.setattr(following, "LOOK", 0.02)
    monkeypatch.setattr(following, "STILL", 0.3)
    deployment = Deployment("demo", "/", "1", (), (), (ORDER,))
    *_, last = Following(Home(tmp_path), deployment, 0).flowed(timeout)
    assert isinstance(last, Stuck)
    return last


def test_what_does_not_move_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    begun = time.monotonic()
    stuck = ended(monkeypatch, tmp_path, 30, moves=False)
    assert (stuck.why, stuck.waiting) == ("nothing moved", ("land (running)",))
    assert time.monotonic() - begun < 10


def test_what_moves_is_waited_for_until_the_time_is_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stuck = ended(monkeypatch, tmp_path, 1.5, moves=True)
    assert (stuck.why, stuck.seconds, stuck.waiting) == ("the time is over", 1.5, ("land (running)",))
