"""What `up` tells while it works, as typed values: one stream, of which every rendering is a view.

The board of a terminal, plain lines and JSON lines take the same; so can a program that calls `local.up` itself.
Must not: say how anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rosace.model.events import Event
from rosace.model.status import Running

if TYPE_CHECKING:
    from rosace.contract.artifacts import Artifact
    from rosace.local.artifacts.events import FetchEvent
    from rosace.local.home import Home
    from rosace.plan.machine.deployment import Deployment
    from rosace.plan.machine.memory import Budget
    from rosace.plan.machine.revision import Edit
    from rosace.plan.machine.steps import Step
    from rosace.source.diagnostic import Diagnostic

Stage = Literal["check", "fetch", "judge", "plan", "start", "flow", "verify"]
"""The parts of the work, in their order; those that have nothing to do are left out."""

Outcome = Literal["unchanged", "handed over", "ready", "not ready", "not settled", "verified", "not exact"]


@dataclass(frozen=True, slots=True)
class Begun:
    """A stage begins."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Over:
    """A stage ended after `seconds`; `reached` is whether it came to what it is for."""

    stage: Stage
    seconds: float
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Warned:
    """What checking has to say although nothing is wrong; `sources` are texts that are no files, to quote from."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToFetch:
    """What is missing from the cache and will be fetched: nothing, mostly."""

    artifacts: tuple[Artifact, ...]


@dataclass(frozen=True, slots=True)
class ToInstall:
    """Packages of Python that jobs ask for and that will be installed, each with its version."""

    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """All that is installed for the jobs now: what they ask for and what that needs, each with its version."""

    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetching:
    """Something happened to an artifact."""

    event: FetchEvent


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Planners that judged nothing, since their engines are not in the cache."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """A planner that was asked and could not answer."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What will be done, the memory it takes, ports that another program took since the last time, and what becomes of
    what is there."""

    steps: tuple[Step, ...]
    budget: Budget
    stolen: tuple[str, ...]
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The deployment that is handed over next."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the supervisor's, with its number in its stream."""

    number: int
    event: Event


@dataclass(frozen=True, slots=True)
class Looked:
    """All that runs, seen now."""

    now: Running


@dataclass(frozen=True, slots=True)
class Hopeless:
    """A process failed for good, so that nothing is waited for any longer."""

    process: str
    detail: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """Nothing is waited for any longer, since nothing moved (no state, no count of records) for `seconds`, or since the
    `seconds` that were to be waited are over. `waiting` is what is not there, each with its state."""

    why: Literal["nothing moved", "the time is over"]
    seconds: float
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A word on what is being done, for people."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of the stream. `seconds` are those that were waited, or all that an unchanged platform took."""

    outcome: Outcome
    home: Home
    seconds: float = 0.0

    @property
    def well(self) -> bool:
        """Whether it came out as it should."""
        return self.outcome in ("unchanged", "handed over", "ready", "verified")


Told = (
    Begun
    | Over
    | Warned
    | ToFetch
    | Fetching
    | ToInstall
    | Installed
    | NotAsked
    | NotAnswered
    | Planned
    | Wanted
    | Happened
    | Looked
    | Hopeless
    | Stuck
    | Note
    | Ended
)
