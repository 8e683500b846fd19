"""Who writes what and who reads it, over all sources and jobs.

Comes in: resolved references. Goes out: writers, readers, finite inputs, cycles. Must not: know SQL or files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from rosace.check.circles import parts
from rosace.model.checked import Ref

_Thing = TypeVar("_Thing")

MOST_STEPS = 20_000
"""Looks for cycles among jobs that all lead to each other: those of a ring of a hundred jobs take as many.

Breaking one such cycle often breaks the others; in a ring of ten thousand jobs each would be found ten thousand times.
"""

Lead = tuple[str, Ref | None]
"""A job, and what leads from it to the next one: a topic or table, or None for `after`."""


@dataclass(frozen=True)
class Flow:
    """The references of all sources and jobs that could be resolved."""

    sources: Mapping[str, Ref]
    reads: Mapping[str, tuple[Ref, ...]]
    writes: Mapping[str, tuple[Ref, ...]]
    after: Mapping[str, tuple[str, ...]]
    produced: frozenset[Ref] = frozenset()
    """The topics that programs outside of the platform write."""

    def filled_by(self, ref: Ref) -> tuple[str, ...]:
        """The sources that go straight into `ref`."""
        return self._fillers.get(ref, ())

    def written_by(self, ref: Ref) -> tuple[str, ...]:
        """The jobs that write `ref`."""
        return self._writers.get(ref, ())

    def read_by(self, ref: Ref) -> tuple[str, ...]:
        """The jobs that read `ref`."""
        return self._readers.get(ref, ())

    @cached_property
    def _fillers(self) -> Mapping[Ref, tuple[str, ...]]:
        return _turned({name: (target,) for name, target in self.sources.items()})

    @cached_property
    def _writers(self) -> Mapping[Ref, tuple[str, ...]]:
        return _turned(self.writes)

    @cached_property
    def _readers(self) -> Mapping[Ref, tuple[str, ...]]:
        return _turned(self.reads)

    @cached_property
    def _following(self) -> Mapping[str, tuple[str, ...]]:
        """Job to those that come after it."""
        return _turned(self.after)

    def finite_inputs(self, job: str) -> tuple[str, ...]:
        """The sources that all of a job's input comes from, sorted; empty where some of it may never end.

        A topic that a producer writes, or neither a source nor a job, is open: programs outside may write it at any
        time. A table
        that nobody writes holds what it holds and adds nothing. A scheduled job writes again and again, but what a
        table gets from it is not awaited.
        """
        return tuple(sorted(self._finite.get(job) or ()))

    @cached_property
    def _finite(self) -> Mapping[str | Ref, frozenset[str] | None]:
        """The sources that each job, topic and table gets all of its data from; None where it may never end."""

        def givers(thing: str | Ref) -> tuple[str | Ref, ...]:
            return self.written_by(thing) if isinstance(thing, Ref) else self.reads.get(thing, ())

        found: dict[str | Ref, frozenset[str] | None] = {}
        for part in parts(self.reads, givers):
            inputs = {found[giver] for thing in part for giver in givers(thing) if giver in found}
            inputs.update(frozenset(self.filled_by(thing)) for thing in part if isinstance(thing, Ref))
            if any(isinstance(thing, Ref) and self._open(thing) for thing in part):
                inputs.add(None)
            # Shared where all of it comes one way: a chain of jobs has one set, not one each.
            inputs.discard(frozenset())
            known = [one for one in inputs if one is not None]
            union = known[0] if len(known) == 1 else frozenset[str]().union(*known)
            found.update(dict.fromkeys(part, None if None in inputs else union))
        return found

    def _open(self, ref: Ref) -> bool:
        unfed = ref.kind == "topic" and not self.filled_by(ref) and not self.written_by(ref)
        return unfed or ref in self.produced

    def cycles(self) -> Iterator[tuple[Lead, ...]]:
        """Each cycle once, as its steps: the shortest ways from jobs to themselves.

        Of jobs that all lead to each other at least one cycle is told, and no more after `MOST_STEPS` looks.
        """
        circles = parts(self.writes, self._users)
        circle_of = {thing: number for number, circle in enumerate(circles) for thing in circle}
        looks = [0] * len(circles)
        told: set[frozenset[str]] = set()
        for start in self.writes:
            number = circle_of[start]
            alone = len(circles[number]) == 1 and start not in self._following.get(start, ())
            if alone or looks[number] > MOST_STEPS:
                continue
            path, looked = self._way_back(start, circle_of)
            looks[number] += looked
            if path and (members := frozenset(job for job, _ in path)) not in told:
                told.add(members)
                yield path

    def _users(self, thing: str | Ref) -> tuple[str | Ref, ...]:
        """The jobs that read a topic or a table; the jobs after a job, and what it writes."""
        if isinstance(thing, Ref):
            return self.read_by(thing)
        return (*self._following.get(thing, ()), *self.writes.get(thing, ()))

    def _way_back(self, start: str, circle_of: Mapping[str | Ref, int]) -> tuple[tuple[Lead, ...], int]:
        """The shortest way from a job to itself, within its circle; and how many looks it took."""
        before: dict[str | Ref, str] = {}
        queue = deque([start])
        looked = 0
        while queue:
            job = queue.popleft()
            for thing in self._users(job):
                if thing in before or circle_of[thing] != circle_of[start]:
                    continue
                before[thing] = job
                for following in self.read_by(thing) if isinstance(thing, Ref) else (thing,):
                    looked += 1
                    if following == start:
                        return self._steps(start, job, before), looked
                    if following == thing or (following not in before and circle_of[following] == circle_of[start]):
                        before[following] = job
                        queue.append(following)
        return (), looked

    def _steps(self, start: str, last: str, before: Mapping[str | Ref, str]) -> tuple[Lead, ...]:
        steps = [(last, self._lead(last, start))]
        while last != start:
            following, last = last, before[last]
            steps.append((last, self._lead(last, following)))
        return tuple(reversed(steps))

    def _lead(self, job: str, following: str) -> Ref | None:
        """What leads from a job to one that follows it: what it reads, where it does, else `after`."""
        read = set(self.reads.get(following, ()))
        return next((ref for ref in reversed(self.writes.get(job, ())) if ref in read), None)


def _turned(references: Mapping[str, tuple[_Thing, ...]]) -> Mapping[_Thing, tuple[str, ...]]:
    """Who refers to each thing, once, in the order of names."""
    found: dict[_Thing, dict[str, None]] = {}
    for name, refs in references.items():
        for ref in refs:
            found.setdefault(ref, {})[name] = None
    return {ref: tuple(names) for ref, names in found.items()}
