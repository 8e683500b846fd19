"""The memory budget: solved before anything starts.

Each process asks for a heap (which may shrink to a floor) and an overhead (which may not). What fits is kept as
asked; what does not is shrunk evenly above the floors; what cannot fit is refused with the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rosace.contract.machine import MemoryAsk
from rosace.model.quantity import Size
from rosace.source.diagnostic import Diagnostic, Refused

OWN = Size(90 * 2**20)
"""Resident size of Rosace's own supervisor and guardian (bench/memory)."""

RESERVE = 0.10
"""Share of the free memory left to the rest of the machine where the user set no limit."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """What one process gets, in bytes: `heap`, and the resident size expected of it."""

    process: str
    engine: str
    asked: Size
    heap: Size
    expected: Size


@dataclass(frozen=True, slots=True)
class Budget:
    """The whole decision. `limit` is what may be used, `expected` what should be."""

    limit: Size
    allotments: tuple[Allotment, ...]

    @property
    def expected(self) -> Size:
        """Resident memory of all engines and of Rosace itself, in bytes."""
        return Size(OWN + sum(part.expected for part in self.allotments))

    @property
    def shrunk(self) -> tuple[Allotment, ...]:
        """The engines that got less heap than they asked for."""
        return tuple(part for part in self.allotments if part.heap < part.asked)


def solve(asks: Sequence[tuple[str, MemoryAsk]], limit: Size, *, why: str) -> Budget:
    """Shares `limit` bytes among the asks (engine name, ask). Raises Refused when even the floors do not fit.

    `why` says where the limit comes from, for the message.
    """
    fixed = OWN + sum(ask.overhead for _, ask in asks)
    floors = sum(lowest(ask) for _, ask in asks)
    wanted = sum(ask.heap for _, ask in asks)
    room = int(limit) - fixed
    if room < floors:
        raise Refused(_too_small(asks, limit, Size(fixed + floors), why))
    share = 1.0 if room >= wanted else (room - floors) / max(1, wanted - floors)
    parts: list[Allotment] = []
    for engine, ask in asks:
        floor = lowest(ask)
        heap = ask.heap if share >= 1 else _whole(floor, floor + (ask.heap - floor) * share)
        parts.append(Allotment(ask.process, engine, ask.heap, heap, Size(heap + ask.overhead)))
    return Budget(limit, tuple(parts))


def lowest(ask: MemoryAsk) -> Size:
    """The least heap an ask can be given: its floor, or what was asked where that is less."""
    return min(ask.floor, ask.heap)


def _whole(floor: Size, heap: float) -> Size:
    """In whole mebibytes, which is what JVM flags take, but never below the floor."""
    return max(floor, Size(int(heap) // 2**20 * 2**20))


def _too_small(asks: Sequence[tuple[str, MemoryAsk]], limit: Size, least: Size, why: str) -> Diagnostic:
    by_engine: dict[str, int] = {}
    for engine, ask in asks:
        by_engine[engine] = by_engine.get(engine, 0) + int(lowest(ask) + ask.overhead)
    parts = ", ".join(f"{name} {Size(size)}" for name, size in sorted(by_engine.items(), key=lambda pair: -pair[1]))
    return Diagnostic(
        "memory-too-small",
        f"this platform needs at least {least} of memory, and {limit} may be used ({why})",
        hints=(
            f"at their smallest: {parts}, Rosace itself {OWN}",
            "free some memory, raise `memory:` in platform.yaml, or take out what needs an engine you can do without",
        ),
    )


def keep(previous: Mapping[str, int], asks: Sequence[tuple[str, MemoryAsk]]) -> bool:
    """True when an earlier decision (process -> heap bytes) still answers these asks: same processes, within bounds."""
    return set(previous) == {ask.process for _, ask in asks} and all(
        lowest(ask) <= previous[ask.process] <= ask.heap for _, ask in asks
    )


def restore(previous: Mapping[str, int], asks: Sequence[tuple[str, MemoryAsk]], limit: Size) -> Budget:
    """The earlier decision as a Budget, so that a second `up` changes no heap and restarts nothing."""
    return Budget(
        limit,
        tuple(
            Allotment(ask.process, engine, ask.heap, Size(heap := previous[ask.process]), Size(heap + ask.overhead))
            for engine, ask in asks
        ),
    )
