"""A job in its engine's words, and what drives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from rosace.model.checked import Ref


@dataclass(frozen=True, slots=True)
class JobOrder:
    """A job in its engine's words, for the driver `module` (see `JobDriver`). `order` is plain JSON without secrets.

    `finite_inputs` are sources: when all are replayed and the job has read everything, a streaming job is drained.
    `after` are jobs and sources that must have worked everything off before a batch job runs.
    """

    name: str
    engine: str
    module: str
    batch: bool
    order: Mapping[str, Any]
    reads: tuple[Ref, ...] = ()
    writes: tuple[Ref, ...] = ()
    finite_inputs: tuple[str, ...] = ()
    endless_inputs: tuple[str, ...] = ()
    """Sources that all of a streaming job's input comes from, where one of them is followed: it has no end."""
    once: tuple[str, ...] = ()
    """Jobs and sources that fill the tables which a streaming job reads once, when it starts: it starts when they have
    given all, and does not go on by itself where they have given something else since."""
    after: tuple[str, ...] = ()
    schedule: str = ""
    needs: tuple[str, ...] = ()
    """Processes and actions that must be ready before it can start."""
    secrets: tuple[str, ...] = ()
    seen: str = ""
    """What the files that it reads looked like when they were planned: where that is another, there is more to do."""
    follows: str = ""
    """A file, folder or pattern that it reads: where that changes while the platform runs, there is more to do."""
    work: str = ""
    """All that decides what a run of it gives, as text; said by the planner (`rosace.plan.machine.work`)."""
    retries: int = 10
    """How often in a row it is tried again after it failed."""


JobState = Literal["absent", "starting", "running", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class JobReport:
    """What a driver sees of a job now.

    `positions` maps topic -> partition (as text) -> next offset to read, as of the last durable checkpoint.
    `records_in`/`records_out` count since this run began (None: unknown). `detail` is for people.

    `error` is the last thing that went wrong in this run, on one line, with its place where the engine says it, and
    `trace` the engine's own words on it. `hopeless`: it cannot change by itself. `restarts` counts how often the engine
    itself started the run again.
    """

    state: JobState
    positions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    records_in: int | None = None
    records_out: int | None = None
    detail: str = ""
    error: str = ""
    trace: str = ""
    hopeless: bool = False
    restarts: int = 0
    late: int | None = None
    """Records that came too late for all their windows in this run, once for each windowing (None: unknown)."""


class Hopeless(Exception):
    """What a driver was asked cannot be done, and asking again cannot change that: bad SQL, a class that is missing."""


class JobDriver(Protocol):
    """The functions that a module named by `JobOrder.module` has. All may raise: the executor tries again, but for
    `Hopeless`.

    `start` resumes from the newest durable state of the job if there is any (`fresh=False`), and is called only when
    `observe` says absent or failed. `finish` ends a streaming job so that every window fires and every sink commits;
    the job then becomes `finished`. `stop` ends it keeping its durable state.
    """

    def start(self, order: Mapping[str, Any], secrets: Mapping[str, str], *, fresh: bool) -> None: ...
    def observe(self, order: Mapping[str, Any], secrets: Mapping[str, str]) -> JobReport: ...
    def finish(self, order: Mapping[str, Any], secrets: Mapping[str, str]) -> None: ...
    def stop(self, order: Mapping[str, Any], secrets: Mapping[str, str]) -> None: ...
