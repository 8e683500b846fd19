"""Whether all is well: one answer, which knows no good state that is not one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from rosace.model.status import (
    ActionNow,
    ActionState,
    JobNow,
    JobState,
    ProcessNow,
    ProcessState,
    Running,
    SupervisorNow,
    flowed,
    health,
    hopeless,
)


def running(**items: ProcessNow | ActionNow | JobNow) -> Running:
    """A platform that is well, and what else is given by name."""
    parts: dict[str, dict[str, Any]] = {
        "processes": {"kafka": ProcessNow("kafka", "ready", fingerprint="1")},
        "actions": {"topics": ActionNow("done", fingerprint="2")},
        "jobs": {"land": JobNow("flink", "running", fingerprint="3")},
    }
    for name, item in items.items():
        section = {ProcessNow: "processes", ActionNow: "actions", JobNow: "jobs"}[type(item)]
        parts[section][name] = item
    return Running(1.0, "p", "/p", "i", SupervisorNow(7, 1), **parts)


def test_all_that_should_be_is() -> None:
    assert health(running(), running().fingerprints()) == "well"


def test_nobody_answers() -> None:
    assert health(None, {}) == "unknown"
    assert not flowed(None, {}, ())


def test_who_is_ending_runs_nothing() -> None:
    assert health(replace(running(), supervisor=SupervisorNow(7, 1, "b", stopping=True)), {}) == "stopped"


WELL_PROCESS, WELL_ACTION, WELL_STREAM = {"ready"}, {"done"}, {"running", "draining", "finished"}
ILL = {"failed", "failing", "exited", "unreachable"}


@pytest.mark.parametrize("state", get_args(ProcessState))
def test_each_state_of_a_process(state: ProcessState) -> None:
    found = health(running(x=ProcessNow("x", state)), {})
    assert found == expected(state, WELL_PROCESS)


@pytest.mark.parametrize("state", get_args(ProcessState))
def test_what_is_done_once_is_awaited_by_nobody(state: ProcessState) -> None:
    found = health(running(x=ProcessNow("x", state, once=True)), {})
    assert found == expected(state, {"waiting", "setup", "starting", "running", "ready", "done"})


@pytest.mark.parametrize("state", get_args(ActionState))
def test_each_state_of_an_action(state: ActionState) -> None:
    assert health(running(x=ActionNow(state)), {}) == expected(state, WELL_ACTION)


@pytest.mark.parametrize("state", get_args(JobState))
def test_each_state_of_a_stream(state: JobState) -> None:
    assert health(running(x=JobNow("flink", state)), {}) == expected(state, WELL_STREAM)


@pytest.mark.parametrize("state", get_args(JobState))
def test_a_batch_job_may_wait_for_its_time_but_not_fail(state: JobState) -> None:
    known = set(get_args(JobState)) - ILL - {"unknown"}
    assert health(running(x=JobNow("spark", state, batch=True)), {}) == expected(state, known)


def expected(state: str, well: set[str]) -> str:
    return "unknown" if state == "unknown" else "ill" if state in ILL else "well" if state in well else "starting"


def test_what_is_wanted_and_not_there_or_not_as_wanted_is_awaited() -> None:
    wanted = running().fingerprints()
    assert health(running(), wanted | {"process/trino": "4"}) == "starting"
    assert health(running(), wanted | {"process/kafka": "changed"}) == "starting"


def test_data_has_flowed_when_replays_and_finite_jobs_have_ended() -> None:
    ended = running(land=JobNow("flink", "finished", fingerprint="3"), source=ProcessNow("kafka", "done", once=True))
    assert flowed(ended, {}, ("land",))
    assert not flowed(ended, {}, ("land", "report"))
    assert not flowed(running(source=ProcessNow("kafka", "running", once=True)), {}, ())
    assert not flowed(running(), {}, ("land",))
    assert flowed(running(), {}, ())


def test_a_process_that_failed_for_good_is_named() -> None:
    assert hopeless(running()) is None
    assert hopeless(running(x=ProcessNow("x", "failed", "the file changed"))) == ("x", "the file changed")


def test_what_a_supervisor_says_is_read_back_as_it_was() -> None:
    whole = running(
        spark=ProcessNow("spark", "ready", ports={"ui": 4040}, pid=5, memory=6),
        report=JobNow("spark", "waiting", batch=True, reads=("a",), writes=("lake.b",), records_in=4),
    )
    assert Running.from_json(whole.to_json()) == whole


def test_words_of_another_rosace_are_passed_over() -> None:
    said = running().to_json()
    said["processes"]["kafka"]["mood"] = "fine"
    assert Running.from_json(said) == running()
