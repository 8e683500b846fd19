"""From what runs to what should run: nothing where nothing changed, in an order that can be carried out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import deployments

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, ProcessSpec
from rosace.model.quantity import Size
from rosace.plan.machine.deployment import Deployment
from rosace.plan.machine.steps import Step, difference, ordered, steps, subject_of

SECRET = "hunter2-is-secret"

STORE = ProcessSpec("store", "store", ("run", "store"), files=(File("conf/store.json", f'{{"key": "{SECRET}"}}'),))
BUCKETS = Action("store:buckets", "m:f", {"names": ["lake"]}, after=("store",))
READER = ProcessSpec("reader", "reader", ("run", "reader"), after=("store", "store:buckets"), heap=Size.mebibytes(64))
LAND = JobOrder("land", "reader", "m", False, {"sql": "SELECT 1"}, needs=("reader",))
WHOLE = Deployment("p", "/", "i", (READER, STORE), (BUCKETS,), (LAND,))
"""The reader is listed before what it waits for: the order of a list must not matter."""


def summary(found: tuple[Step, ...]) -> list[tuple[str, str]]:
    return [(step.change, step.subject) for step in found]


@settings(max_examples=30)
@given(deployments())
def test_what_runs_as_it_should_needs_no_step(deployment: Deployment) -> None:
    assert steps(deployment, deployment.fingerprints()) == ()
    assert steps(deployment, deployment.fingerprints(), old=deployment) == ()


@settings(max_examples=30)
@given(deployments())
def test_from_nothing_everything_is_started_after_what_it_waits_for(deployment: Deployment) -> None:
    found = steps(deployment, {})
    subjects = [step.subject for step in found]
    assert sorted(subjects) == sorted(deployment.fingerprints())
    assert {step.change for step in found} <= {"start", "apply", "submit"}
    places = {subject.partition("/")[2]: at for at, subject in enumerate(subjects) if not subject.startswith("job/")}
    for step in found:
        if not step.subject.startswith("job/"):
            mine = places[step.subject.partition("/")[2]]
            assert all(places[name] < mine for name in step.after if name in places)


@settings(max_examples=30)
@given(deployments())
def test_to_nothing_everything_stops_in_the_reverse_of_its_start(deployment: Deployment) -> None:
    running = {subject_of(item): "x" for item in ordered(deployment)}
    found = steps(Deployment("p", "/", "i", (), (), ()), running)
    assert [step.subject for step in found] == list(reversed(running))
    assert {step.change for step in found} <= {"stop", "cancel"}


@settings(max_examples=30)
@given(deployments(), deployments(), st.data())
def test_any_change_is_told_once_and_leads_to_what_is_wanted(
    before: Deployment, after: Deployment, data: st.DataObject
) -> None:
    """Each subject has one step at most, stops come first, and what has no step is as it should be already."""
    prints = before.fingerprints()
    running = {name: prints[name] for name in prints if data.draw(st.booleans())}
    wanted = after.fingerprints()
    found = steps(after, running, old=before)
    subjects = [step.subject for step in found]
    assert len(set(subjects)) == len(subjects)
    ends = [step.change in ("stop", "cancel") for step in found]
    assert ends == sorted(ends, reverse=True), "stops come before starts"
    for step in found:
        assert (step.subject in wanted) != (step.change in ("stop", "cancel"))
    for subject in {*running, *wanted} - {*subjects}:
        assert running[subject] == wanted[subject]


def test_a_first_start_in_order() -> None:
    assert summary(steps(WHOLE, {})) == [
        ("start", "process/store"),
        ("apply", "action/store:buckets"),
        ("start", "process/reader"),
        ("submit", "job/land"),
    ]
    assert {step.why for step in steps(WHOLE, {})} == {"declared, not running"}
    assert steps(WHOLE, {})[-1].after == ("reader",)


def test_what_is_no_longer_declared_goes_jobs_first() -> None:
    running = {subject_of(item): "x" for item in ordered(WHOLE)}
    assert summary(steps(replace(WHOLE, processes=(STORE,), jobs=()), {**WHOLE.fingerprints(), **running}))[:2] == [
        ("cancel", "job/land"),
        ("stop", "process/reader"),
    ]


def changed(**fields: Any) -> Deployment:
    return replace(WHOLE, processes=(READER, replace(STORE, **fields)))


def test_a_changed_file_is_named_and_its_text_is_not() -> None:
    after = changed(files=(File("conf/store.json", f'{{"key": "{SECRET}2"}}'),))
    (step,) = steps(after, WHOLE.fingerprints(), old=WHOLE)
    assert (step.change, step.subject) == ("restart", "process/store")
    assert step.why == "changed: conf/store.json"
    assert SECRET not in str(step.to_json())


@given(st.text("xyz", min_size=1), st.text("xyz", min_size=1))
def test_no_text_of_a_file_is_ever_in_a_step(one: str, other: str) -> None:
    before = changed(files=(File("conf/a", f"{SECRET}{one}"), File("conf/b", SECRET)))
    after = changed(files=(File("conf/a", f"{SECRET}{other}"), File("conf/c", SECRET)))
    for step in steps(after, before.fingerprints(), old=before):
        assert SECRET not in str(step.to_json())
        assert "conf/c" in step.why


def test_a_file_that_is_no_longer_written_is_named() -> None:
    assert difference(WHOLE, changed(files=()), "process/store") == "changed: conf/store.json"


def test_why_tells_what_changed() -> None:
    assert difference(WHOLE, changed(argv=("run", "store", "-v")), "process/store") == "changed: command line"
    assert difference(WHOLE, changed(env={"A": SECRET}), "process/store") == "changed: command line"
    assert difference(WHOLE, changed(ports={"http": 1}), "process/store") == "changed: ports"
    assert difference(WHOLE, changed(heap=Size.mebibytes(96)), "process/store") == "changed: heap 0 -> 96Mi"


def test_a_change_without_a_word_for_it_is_still_told() -> None:
    (step,) = steps(changed(unprivileged=True), WHOLE.fingerprints(), old=WHOLE)
    assert step.why == "its settings changed"


def test_a_changed_order_resubmits_the_job_only() -> None:
    after = replace(WHOLE, jobs=(replace(LAND, order={"sql": "SELECT 2"}),))
    assert summary(steps(after, WHOLE.fingerprints(), old=WHOLE)) == [("resubmit", "job/land")]
