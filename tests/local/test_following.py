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
from rosace.local.job_commits import Commits
from rosace.local.told import Stuck
from rosace.model.events import Event, Kind, Subject
from rosace.model.status import JobNow, JobState, ProcessNow, Running, SupervisorNow
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


ABORT = "/ by zero"


class Moments:
    """What `up` sees, look by look: each is a job's state, whether it has committed, and what a source has sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *looks: tuple[JobState, bool, int | None]) -> None:
        self.left = [*looks]
        self.looks, self.ready_after = 0, 0
        self.began = time.monotonic()
        submitted = Event(time.time(), Kind.SUBMITTED, Subject("job", "land"))
        monkeypatch.setattr(following, "follow", lambda home, since: self.events(submitted))
        monkeypatch.setattr(following, "look", lambda home: self.look())
        for name, value in (("LOOK", 0.02), ("CALM", 0.5), ("BEGUN", 2.0)):
            monkeypatch.setattr(following, name, value)

    def events(self, first: Event) -> Iterator[Any]:
        yield 1, first
        while True:
            time.sleep(0.03)
            yield None

    def look(self) -> Running:
        state, committed, sent = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        fingerprints = Deployment("demo", "/", "1", (), (), (ORDER,)).fingerprints()
        job = JobNow("spark", state, ABORT, committed=committed, fingerprint=fingerprints[Subject("job", "land")])
        source = ProcessNow("kafka", "running", once=True, sent=sent)
        self.looks += 1
        trino = ProcessNow("trino", "ready" if self.looks > self.ready_after else "starting")
        processes = {"source-orders": source, "trino": trino}
        return Running(time.time(), "demo", "/", "1", SupervisorNow(1, 0), processes, {}, {"land": job})

    def well(self, tmp_path: Path) -> tuple[bool, float]:
        """What `well` says, and after how many seconds."""
        deployment = Deployment("demo", "/", "1", (), (), (ORDER,))
        heard = Following(Home(tmp_path), deployment, 0).well(20)
        try:
            while True:
                next(heard)
        except StopIteration as end:
            return end.value, time.monotonic() - self.began


def test_a_job_that_fails_of_its_first_record_is_not_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    looks: list[tuple[JobState, bool, int | None]] = [("running", False, 7)] * 5
    assert Moments(monkeypatch, *looks, ("failing", False, 7), ("failed", False, 7)).well(tmp_path)[0] is False


def test_a_source_that_has_sent_nothing_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    looks: list[tuple[JobState, bool, int | None]] = [("running", False, None)] * 25
    assert Moments(monkeypatch, *looks, ("running", False, 1), ("failed", False, 1)).well(tmp_path)[0] is False


def test_what_has_committed_is_well_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ready, seconds = Moments(monkeypatch, ("starting", False, 1), ("running", True, 1)).well(tmp_path)
    assert ready and seconds < 0.5


@pytest.mark.parametrize(("sent", "least", "most"), [(7, 0.5, 2.0), (None, 2.5, 6.0)])
def test_what_has_nothing_to_read_is_believed_after_a_while(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sent: int | None, least: float, most: float
) -> None:
    ready, seconds = Moments(monkeypatch, ("running", False, sent)).well(tmp_path)
    assert ready and least <= seconds < most


def test_a_job_that_worked_while_others_started_is_not_watched_once_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    moments = Moments(monkeypatch, ("running", False, 7))
    moments.ready_after = 30
    ready, _ = moments.well(tmp_path)
    assert ready and 30 <= moments.looks <= 33


def test_what_is_watched_when_the_time_is_over_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Moments(monkeypatch, ("running", False, None))
    heard = [*Following(Home(tmp_path), Deployment("demo", "/", "1", (), (), (ORDER,)), 0).well(1.0)]
    last = heard[-1]
    assert isinstance(last, Stuck) and last.waiting == ("land (has committed nothing yet)",)


def test_a_commit_counts_only_where_it_goes_beyond_what_was_there() -> None:
    commits = Commits()
    commits.submitted()
    commits.take({"orders": {}})
    assert (commits.ever, commits.lately) == (False, False)
    commits.take({"orders": {"0": 5}})
    assert (commits.ever, commits.lately) == (True, True)
    commits.submitted()
    commits.take({"orders": {"0": 5}})
    assert (commits.ever, commits.lately) == (True, False)
    commits.take({"orders": {"0": 6}})
    assert commits.lately
