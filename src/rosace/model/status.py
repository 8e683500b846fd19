"""What runs, as a supervisor sees it at one moment: typed states, and the one answer to whether all is well.

Comes in: plain data of a supervisor's answer. Goes out: `Running`, and `health` of it. Pure. Must not: take a state
that nobody knows for a good one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeVar

from rosace.model.events import Subject

ProcessState = Literal[
    "waiting", "setup", "starting", "running", "ready", "done", "exited", "failed", "stopping", "stopped", "unknown"
]
"""`running` is said of what does its work once and ends `done`; what serves is `ready` when it answers. `failed` is for
good, `exited` is started again. `unknown`: nobody who watches it answers."""

ActionState = Literal["waiting", "applying", "done", "failed", "unknown"]
"""`failed`: it was given up, until a person asks for it again (`up`)."""

JobState = Literal[
    "waiting", "submitting", "absent", "starting", "running", "draining", "finished", "failing", "failed",
    "unreachable", "stopped", "unknown",
]  # fmt: skip
"""`absent` to `finished` are what its engine says (`contract.jobs.JobReport`), the others what is done about it.
`failing`: it failed, is tried again, and has not worked for long enough since. `failed`: it was given up, until a
person asks for it again (`up`, `restart`)."""

Health = Literal["well", "starting", "ill", "stopped", "unknown"]
"""`well`: all that should run does. `starting`: something is awaited, nothing is wrong. `ill`: something is wrong."""


@dataclass(frozen=True, slots=True)
class ProcessNow:
    """One process. Sizes are bytes, `since` seconds since the epoch; `memory` is what it really takes, resident.

    `sent` of `total` is how far one is that does its work once; None where it did not say.
    """

    engine: str
    state: ProcessState
    detail: str = ""
    pid: int | None = None
    since: float | None = None
    ready_seconds: float | None = None
    ready_cpu_seconds: float | None = None
    restarts: int = 0
    exit_code: int | None = None
    heap: int = 0
    expected: int = 0
    memory: int = 0
    ports: Mapping[str, int] = field(default_factory=dict[str, int])
    interface: str = ""
    once: bool = False
    fingerprint: str = ""
    sent: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ActionNow:
    """Something that is done once to a running engine."""

    state: ActionState
    detail: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class JobNow:
    """One job, with the records of this run or of the last one that ended (None: nobody counted).

    `error` is the last failure of the row it is in, on one line; `failing_since` and `next_try` are seconds since the
    epoch (None: it does not fail; it is not tried again), `failures` how many there were in a row.
    """

    engine: str
    state: JobState
    detail: str = ""
    batch: bool = False
    schedule: str = ""
    restarts: int = 0
    error: str = ""
    failing_since: float | None = None
    failures: int = 0
    next_try: float | None = None
    current: bool | None = None
    """Of a stream over sources that are followed: whether it has read all that they gave so far."""
    committed: bool = False
    """Whether it was seen to commit something, or to finish, since it was last submitted."""
    late: int | None = None
    """Records that came too late for all their windows in its last run (None: it has no windows)."""
    records_in: int | None = None
    records_out: int | None = None
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class SupervisorNow:
    """Who answers: its process, its resident bytes, the Rosace it was started from, and whether it is ending."""

    pid: int
    memory: int
    build: str = ""
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """All that a supervisor knows at `time` (seconds since the epoch). `inputs` tells what it was made from."""

    time: float
    platform: str
    root: str
    inputs: str
    supervisor: SupervisorNow
    processes: Mapping[str, ProcessNow]
    actions: Mapping[str, ActionNow]
    jobs: Mapping[str, JobNow]

    def fingerprints(self) -> dict[Subject, str]:
        """Subject (`process/kafka`) -> fingerprint of everything that runs."""
        sections = {"process": self.processes, "action": self.actions, "job": self.jobs}
        things = ((kind, name, item) for kind, items in sections.items() for name, item in items.items())
        return {Subject(kind, name): item.fingerprint for kind, name, item in things}

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Running:
        """The inverse of `to_json`. Takes what a supervisor of another Rosace says, as far as it says the same."""
        return cls(
            time=float(value["time"]),
            platform=value["platform"],
            root=value["root"],
            inputs=value["inputs"],
            supervisor=_made(SupervisorNow, value["supervisor"]),
            processes={name: _made(ProcessNow, item) for name, item in value["processes"].items()},
            actions={name: _made(ActionNow, item) for name, item in value["actions"].items()},
            jobs={name: _made(JobNow, item) for name, item in value["jobs"].items()},
        )


_Made = TypeVar("_Made", SupervisorNow, ProcessNow, ActionNow, JobNow)


def _made(kind: type[_Made], value: Mapping[str, Any]) -> _Made:
    known = kind.__dataclass_fields__
    given: dict[str, Any] = {
        name: tuple(item) if isinstance(item, list) else item for name, item in value.items() if name in known
    }
    return kind(**given)


Trouble = tuple[Subject, str, str]
"""Subject, its state and what is known of it."""


def troubles(now: Running) -> Iterator[Trouble]:
    """What is wrong: it failed, it ended before its time, it cannot be reached, or nobody knows."""
    for subject, item in _items(now):
        if item.state in _WRONG:
            yield subject, item.state, item.detail


def awaited(now: Running, wanted: Mapping[Subject, str]) -> Iterator[Trouble]:
    """What should be there and is not yet. `wanted` maps the subjects that should be to their fingerprints."""
    running = now.fingerprints()
    for subject, fingerprint in wanted.items():
        if running.get(subject) != fingerprint:
            yield subject, "absent", "not taken over yet"
    for subject, item in _items(now):
        if item.state not in _WRONG and not _there(item):
            yield subject, item.state, item.detail


def health(now: Running | None, wanted: Mapping[Subject, str]) -> Health:
    """Whether all that should be is, and works: the one answer, for every verb and for programs.

    Every process that serves is ready, every action done, every job that streams works or has finished, and nothing
    else is in trouble. What is done once (a replay) may still be at work, and a batch job may wait for its time.
    None, an answer of nobody, is unknown.
    """
    if now is None:
        return "unknown"
    if now.supervisor.stopping:
        return "stopped"
    states = {item.state for _, item in _items(now)}
    if "unknown" in states:
        return "unknown"
    if any(True for _ in troubles(now)):
        return "ill"
    return "starting" if any(True for _ in awaited(now, wanted)) else "well"


def flowed(
    now: Running | None, wanted: Mapping[Subject, str], finite: Iterable[str], endless: Iterable[str] = ()
) -> bool:
    """Whether all is well and all data has come to its end: every replay is done, every job of `finite` finished. Of
    what has no end: every source that is followed was sent, every job of `endless` has read all that came."""
    if now is None or health(now, wanted) != "well":
        return False
    # One that follows its files is ready while all of them was sent.
    replays = all(item.state in ("done", "ready") for item in now.processes.values() if item.once)
    current = all(name in now.jobs and now.jobs[name].current for name in endless)
    return replays and current and all(name in now.jobs and now.jobs[name].state == "finished" for name in finite)


def unfinished(now: Running, finite: Iterable[str]) -> tuple[str, ...]:
    """Who keeps the data from its end: every replay that is not done, every job of `finite` that has not finished, with
    its state and what is known of it."""
    replays = [(name, item.state, item.detail) for name, item in now.processes.items() if item.once]
    jobs = [(name, job.state, job.error or job.detail) for name in finite if (job := now.jobs.get(name))]
    left = (one for one in (*replays, *jobs) if one[1] not in ("done", "finished"))
    return tuple(f"{name} ({state}{': ' + detail if detail else ''})" for name, state, detail in left)


def hopeless(now: Running) -> tuple[str, str] | None:
    """The first process, action or job that failed for good, with the reason: waiting longer is no use. None while
    there is none."""
    items = (*now.processes.items(), *now.actions.items(), *now.jobs.items())
    return next(((name, item.detail) for name, item in items if item.state == "failed"), None)


_WRONG = frozenset({"failed", "failing", "exited", "unreachable", "unknown"})


def _items(now: Running) -> Iterator[tuple[Subject, ProcessNow | ActionNow | JobNow]]:
    for kind, items in (("process", now.processes), ("action", now.actions), ("job", now.jobs)):
        for name, item in items.items():
            yield Subject(kind, name), item


def _there(item: ProcessNow | ActionNow | JobNow) -> bool:
    match item:
        case ProcessNow(once=True):
            return item.state in ("running", "ready", "done", "waiting", "setup", "starting")
        case ProcessNow():
            return item.state == "ready"
        case ActionNow():
            return item.state == "done"
        case JobNow(batch=True):
            return True
        case JobNow():
            return item.state in ("running", "draining", "finished")
