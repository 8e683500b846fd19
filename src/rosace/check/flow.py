"""Who writes what and who reads it, over all sources and jobs.

Comes in: resolved references. Goes out: writers, readers, finite inputs, cycles. Must not: know SQL or files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from rosace.model.checked import Ref

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Flow:
    """The references of all sources and jobs that could be resolved."""

    sources: Mapping[str, Ref]
    reads: Mapping[str, tuple[Ref, ...]]
    writes: Mapping[str, tuple[Ref, ...]]
    after: Mapping[str, tuple[str, ...]]

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

        A topic that neither a source nor a job writes is open: programs outside may write it at any time. A table
        that nobody writes holds what it holds and adds nothing. A scheduled job writes again and again, but what a
        table gets from it is not awaited.
        """
        found: set[str] = set()
        seen: set[Ref] = set()
        waiting = list(self.reads.get(job, ()))
        while waiting:
            ref = waiting.pop()
            if ref in seen:
                continue
            seen.add(ref)
            sources, jobs = self.filled_by(ref), self.written_by(ref)
            if ref.kind == "topic" and not sources and not jobs:
                return ()
            found.update(sources)
            for writer in jobs:
                waiting.extend(self.reads.get(writer, ()))
        return tuple(sorted(found))

    def cycles(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """Each cycle once, as steps (job, what leads to the next job)."""
        leads = {job: dict(self._leads(job)) for job in self.writes}
        told: set[frozenset[str]] = set()
        for start in leads:
            path = _way_back(start, leads)
            if path and (members := frozenset(job for job, _ in path)) not in told:
                told.add(members)
                yield path

    def _leads(self, job: str) -> Iterator[tuple[str, str]]:
        """The jobs that work on what `job` gives, with what it is."""
        for other in self._following.get(job, ()):
            yield other, "after"
        for ref in self.writes.get(job, ()):
            for reader in self.read_by(ref):
                yield reader, f"{ref.kind} `{ref}`"


def _turned(references: Mapping[str, tuple[_Thing, ...]]) -> Mapping[_Thing, tuple[str, ...]]:
    """Who refers to each thing, once, in the order of names."""
    found: dict[_Thing, dict[str, None]] = {}
    for name, refs in references.items():
        for ref in refs:
            found.setdefault(ref, {})[name] = None
    return {ref: tuple(names) for ref, names in found.items()}


def _way_back(start: str, leads: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    """The shortest way from a job to itself."""
    queue: list[tuple[str, tuple[tuple[str, str], ...]]] = [(start, ())]
    seen: set[str] = set()
    while queue:
        job, path = queue.pop(0)
        for following, by in leads.get(job, {}).items():
            step = (*path, (job, by))
            if following == start:
                return step
            if following not in seen:
                seen.add(following)
                queue.append((following, step))
    return ()
