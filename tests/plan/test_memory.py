"""The memory budget: never over the limit, never below a floor, never different for the same question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.contract.machine import MemoryAsk
from rosace.model.quantity import Size
from rosace.plan.machine.memory import OWN, Budget, keep, lowest, restore, solve
from rosace.source.diagnostic import Refused

MIB = 2**20
Asks = list[tuple[str, MemoryAsk]]


def ask(process: str, heap: int, floor: int, overhead: int) -> MemoryAsk:
    return MemoryAsk(process, Size(heap), Size(floor), Size(overhead))


@st.composite
def asks(draw: st.DrawFn) -> Asks:
    """Any asks of up to eight processes; sizes are bytes, not whole mebibytes, as users may write `1.3Gi`."""
    found: Asks = []
    for number in range(draw(st.integers(1, 8))):
        floor = draw(st.integers(1, 700 * MIB))
        heap = draw(st.integers(1, 4096 * MIB))
        found.append((f"engine-{number % 3}", ask(f"process-{number}", heap, floor, draw(st.integers(0, 900 * MIB)))))
    return found


def least(given_asks: Asks) -> int:
    return OWN + sum(lowest(one) + one.overhead for _, one in given_asks)


def most(given_asks: Asks) -> int:
    return OWN + sum(one.heap + one.overhead for _, one in given_asks)


@st.composite
def fitting(draw: st.DrawFn) -> tuple[Asks, Size]:
    """Asks, and a limit in which their floors fit: often just so, often in between, often with room to spare."""
    found = draw(asks())
    low, high = least(found), most(found)
    return found, Size(draw(st.one_of(st.just(low), st.integers(low, high), st.integers(high, 2 * high))))


def heaps(budget: Budget) -> dict[str, int]:
    return {part.process: int(part.heap) for part in budget.allotments}


@given(fitting())
def test_stays_within_limit_floors_and_wishes(case: tuple[Asks, Size]) -> None:
    found, limit = case
    budget = solve(found, limit, why="test")
    assert budget.expected <= limit
    assert [(part.engine, part.process) for part in budget.allotments] == [(name, one.process) for name, one in found]
    for part, (_, one) in zip(budget.allotments, found, strict=True):
        assert lowest(one) <= part.heap <= one.heap
        assert part.expected == part.heap + one.overhead
        assert part.asked == one.heap


@given(fitting())
def test_nothing_is_shrunk_exactly_where_all_fits(case: tuple[Asks, Size]) -> None:
    found, limit = case
    budget = solve(found, limit, why="test")
    if limit >= most(found):
        assert budget.shrunk == ()
        assert budget.expected == most(found)
    else:
        assert budget.shrunk != ()


@given(fitting())
def test_little_is_wasted(case: tuple[Asks, Size]) -> None:
    """What is left over is at most the rounding to whole mebibytes of each process."""
    found, limit = case
    budget = solve(found, limit, why="test")
    assert min(int(limit), most(found)) - budget.expected <= len(found) * MIB


@given(fitting(), st.data())
def test_order_does_not_matter(case: tuple[Asks, Size], data: st.DataObject) -> None:
    found, limit = case
    shuffled = data.draw(st.permutations(found))
    assert heaps(solve(shuffled, limit, why="test")) == heaps(solve(found, limit, why="test"))


@given(fitting(), st.integers(0, 2**32))
def test_more_memory_never_gives_less(case: tuple[Asks, Size], more: int) -> None:
    found, limit = case
    before, after = heaps(solve(found, limit, why="test")), heaps(solve(found, Size(limit + more), why="test"))
    assert all(before[name] <= after[name] for name in before)


@given(asks(), st.integers(1, 8 * 1024 * MIB))
def test_refuses_exactly_where_floors_and_overheads_do_not_fit(found: Asks, limit: int) -> None:
    if limit >= least(found):
        solve(found, Size(limit), why="test")
        return
    with pytest.raises(Refused) as refused:
        solve(found, Size(limit), why="the reason given")
    problem = refused.value.diagnostics[0]
    assert problem.code == "memory-too-small"
    assert "the reason given" in problem.message
    assert all(name in problem.hints[0] for name, _ in found)


@given(fitting())
def test_a_decision_is_kept_and_restored_as_it_was(case: tuple[Asks, Size]) -> None:
    found, limit = case
    budget = solve(found, limit, why="test")
    assert keep(heaps(budget), found)
    assert restore(heaps(budget), found, limit) == budget
    again = restore(heaps(budget), found, Size(limit * 2))
    assert heaps(again) == heaps(budget), "more free memory must not restart what runs"


def test_a_decision_is_not_kept_where_the_question_changed() -> None:
    found = [("a", ask("one", 400 * MIB, 100 * MIB, 0)), ("b", ask("two", 300 * MIB, 50 * MIB, 0))]
    decided = {"one": 200 * MIB, "two": 300 * MIB}
    assert keep(decided, found)
    assert not keep(decided, found[:1]), "a process went"
    assert not keep({"one": 200 * MIB}, found), "a process came"
    assert not keep(decided, [found[0], ("b", ask("two", 200 * MIB, 50 * MIB, 0))]), "less is asked than was given"
    assert not keep(decided, [("a", ask("one", 400 * MIB, 256 * MIB, 0)), found[1]]), "the floor rose"


def test_the_refusal_says_who_takes_what_largest_first() -> None:
    found = [
        ("small", ask("s", 64 * MIB, 32 * MIB, 16 * MIB)),
        ("large", ask("l1", 512 * MIB, 256 * MIB, 100 * MIB)),
        ("large", ask("l2", 512 * MIB, 256 * MIB, 100 * MIB)),
    ]
    with pytest.raises(Refused) as refused:
        solve(found, Size.mebibytes(500), why="`memory` in platform.yaml")
    problem = refused.value.diagnostics[0]
    assert f"at least {Size(least(found))}" in problem.message
    assert "500Mi may be used (`memory` in platform.yaml)" in problem.message
    assert problem.hints[0].startswith("at their smallest: large 712Mi, small 48Mi")
