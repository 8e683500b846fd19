"""What an engine's own planner is asked, and what it answers: the last judge of a statement, before anything runs.

A room has a `planner.py` with `PLANNER: Planner`, found by its name like its `rules.py` and imported only when asked.
`rosace check --engines`, `up` and `build` run it through `rosace.local.judging`, which brings the artifacts, remembers
what was taken, and turns a `Verdict` into a diagnostic at its place in the user's file.

A planner needs no platform that runs, no port and no secret. What it starts (a JVM, an interpreter) it starts by
`Bench.start`: a `Program` that reads one question a line and answers each with one line. It is ended, by force where it
must be, when its time is over, when the judging is, and when whoever asks dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel

from rosace.contract.machine import Site
from rosace.model.capabilities import Capability
from rosace.model.checked import Checked
from rosace.model.quantity import Size
from rosace.model.rendered import Rendered


class Owner(NamedTuple):
    """Whose statement: `("jobs", "carrier-delays")`, `("queries", "late-carriers")`, `("verify", "lake.delays")`."""

    kind: Literal["jobs", "queries", "verify"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


UNBOUNDED = Size(0)


class Answer(NamedTuple):
    """What a program answered: whether it took what it was given, and what it says of it."""

    taken: bool
    texts: tuple[str, ...]


class Talk(Protocol):
    """A program that runs and answers."""

    def ask(self, word: str, *texts: str) -> Answer:
        """Asks once. Raises `Unasked` where the program ended, or did not answer in time."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """A process that answers on its standard output what it is asked on its standard input; what it has to say besides
    goes to its standard error. It must end itself when its standard input does.

    A question is a line: a word, and texts in base64 of UTF-8, between single spaces. So is an answer, whose word is
    `taken` or `refused`. `archive` is the class-data archive of a JVM (see kit/java.py), whose command begins at
    `argv[jvm]`: what stands before starts it. A JVM is bounded in memory by its own flags; of any other program
    `memory` says how many bytes of address space it may take.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    archive: str = ""
    jvm: int = 0
    memory: Size = UNBOUNDED


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a planner works.

    `spec` is the engine's section, `artifacts` maps the names in its versions.toml to paths. `home` is an empty folder
    of its own, removed afterwards; programs run in it. `archives` is the folder of class-data archives, which may be
    read-only.
    """

    checked: Checked
    spec: BaseModel
    home: Path
    archives: Path
    artifacts: Mapping[str, Path]
    python: str
    cores: int
    start: Callable[[Program], Talk]

    def site(self, offered: Mapping[type[Capability], Capability]) -> Site:
        """A place like that of a job, with no ports, memory or secrets: enough to render what is asked. `offered` are
        the neighbours that it names, at addresses that need not answer."""
        return Site(
            checked=self.checked,
            spec=self.spec,
            home=self.home,
            archives=self.archives,
            ports={},
            heap={},
            memory={},
            artifacts=self.artifacts,
            offered=offered,
            secrets={},
            cores=self.cores,
            python=self.python,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the planner said of one statement.

    `statement` is its index in `CheckedJob.statements`; 0 for a query and an oracle. An empty `message` means that it
    was taken. Else `message` is in the engine's own words, reduced to what says why; `offset` is the place in the
    statement's text as the user wrote it (`Fragment.text`), None where the engine names none; `hints` say what to do.
    """

    owner: Owner
    statement: int
    message: str = ""
    offset: int | None = None
    hints: tuple[str, ...] = ()


class Planner(Protocol):
    """How a room lets its engine judge.

    `artifacts` are the names in versions.toml without which it cannot be asked. `owners` are those whose statements
    this engine would run. `judge` gives one verdict for each statement of each of `owners`, as soon as it is known; it
    raises `Unasked` where the engine could not be asked at all.
    """

    @property
    def artifacts(self) -> tuple[str, ...]: ...
    def owners(self, checked: Checked) -> tuple[Owner, ...]: ...
    def judge(self, bench: Bench, owners: tuple[Owner, ...]) -> Iterator[Verdict]: ...


class Unasked(Exception):
    """The planner could not be started, or it died: nothing is known of the statements. Says why, for people."""


def at(
    owner: Owner, statement: int, text: Rendered, message: str, place: tuple[int, int] | None, *, units: bool = False
) -> Verdict:
    """A complaint at the engine's line and column (from 1) in the text that it was given."""
    found = text.offset(*place, units=units) if place else None
    return Verdict(owner, statement, message, found)
