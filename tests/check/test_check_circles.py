"""Cycles, order and finite inputs in linear time are what plain searches find, on graphs of every shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.check import flow as flows
from rosace.check.circles import parts
from rosace.check.flow import Flow
from rosace.check.placement import in_order
from rosace.model.checked import Ref

Cycle = tuple[tuple[str, Ref | None], ...]

JOBS = st.sampled_from([f"job-{n}" for n in range(7)])
REFS = st.sampled_from([Ref(kind, f"{kind}_{n}") for kind in ("topic", "table") for n in range(4)])


@st.composite
def flow(draw: st.DrawFn) -> Flow:
    """Who reads and writes what, and who comes after whom: any way, circles and all."""
    names = draw(st.lists(JOBS, min_size=1, unique=True))
    some = st.lists(REFS, max_size=3, unique=True).map(tuple)
    after = st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple)
    return Flow(
        draw(st.dictionaries(st.sampled_from(["one", "two", "three"]), REFS)),
        {name: draw(some) for name in names},
        {name: draw(some) for name in names},
        {name: draw(after) for name in names},
    )


def leads_of(flow: Flow) -> Mapping[str, Mapping[str, Ref | None]]:
    """Job to every job that follows it, with what leads there; None for `after`."""
    leads: dict[str, dict[str, Ref | None]] = {}
    for job in flow.writes:
        by = leads.setdefault(job, {})
        by.update({other: None for other, names in flow.after.items() if job in names})
        for ref in flow.writes[job]:
            by.update({reader: ref for reader in flow.reads if ref in flow.reads[reader]})
    return leads


def searched_cycles(flow: Flow) -> Iterator[Cycle]:
    """The shortest way from each job to itself, by a search through everything from each."""
    leads = leads_of(flow)
    told: set[frozenset[str]] = set()
    for start in leads:
        queue: list[tuple[str, Cycle]] = [(start, ())]
        seen: set[str] = set()
        path: Cycle = ()
        while queue and not path:
            job, before = queue.pop(0)
            for following, by in leads[job].items():
                if following == start:
                    path = (*before, (job, by))
                    break
                if following not in seen:
                    seen.add(following)
                    queue.append((following, (*before, (job, by))))
        if path and (members := frozenset(job for job, _ in path)) not in told:
            told.add(members)
            yield path


def searched_inputs(flow: Flow, job: str) -> tuple[str, ...]:
    """All that a job's input comes from, by a search from it."""
    found: set[str] = set()
    seen: set[Ref] = set()
    waiting = list(flow.reads[job])
    while waiting:
        ref = waiting.pop()
        if ref in seen:
            continue
        seen.add(ref)
        if ref.kind == "topic" and not flow.filled_by(ref) and not flow.written_by(ref):
            return ()
        found.update(flow.filled_by(ref))
        for writer in flow.written_by(ref):
            waiting.extend(flow.reads[writer])
    return tuple(sorted(found))


def rounds(flow: Flow) -> Iterator[str]:
    """Jobs round by round: those that read nothing which a waiting one writes, or else the first."""
    waiting = dict.fromkeys(flow.writes)
    while waiting:
        fed = {ref for name in waiting for ref in flow.writes[name]}
        free = [name for name in waiting if not fed & set(flow.reads[name])] or [next(iter(waiting))]
        for name in free:
            del waiting[name]
            yield name


@given(flow())
def test_cycles_are_those_of_a_search_from_each_job(flow: Flow) -> None:
    assert list(flow.cycles()) == list(searched_cycles(flow))


@given(flow())
def test_finite_inputs_are_those_of_a_search_from_each_job(flow: Flow) -> None:
    assert {job: flow.finite_inputs(job) for job in flow.reads} == {
        job: searched_inputs(flow, job) for job in flow.reads
    }


@given(flow())
def test_jobs_come_in_the_order_of_rounds(flow: Flow) -> None:
    assert list(in_order(flow)) == list(rounds(flow))


@given(flow())
def test_a_circle_tells_at_least_one_cycle_however_few_looks(flow: Flow) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows, "MOST_STEPS", 0)
        told = list(flow.cycles())
    every = list(searched_cycles(flow))
    assert set(told) <= set(every) and bool(told) == bool(every)


@dataclass
class Counted:
    """How often edges are asked for."""

    times: int = 0

    def leads(self, vertex: int) -> tuple[int, ...]:
        self.times += 1
        return (vertex + 1,) if vertex < 20_000 else ()


def test_a_long_chain_asks_once_for_each() -> None:
    counted = Counted()
    found = parts(range(20_001), counted.leads)
    assert counted.times == 20_001
    assert [list(part) for part in found[:2]] == [[20_000], [19_999]]
