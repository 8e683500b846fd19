"""What an engine's own planner is asked, and what it answers: the last judge of a statement, before anything runs.

A room has a `planner.py` with `PLANNER: Planner`, found by its name like its `rules.py` and imported only when asked.
`rosace check --engines`, `up` and `build` run it through `rosace.local.judging`, which brings the artifacts, remembers
what was taken, and turns a `Verdict` into a diagnostic at its place in the user's file.

A planner starts what it needs (a JVM, an interpreter) in processes of its own below `Bench.home`, bounded in memory and
time, and ends them: when its iterator is closed, none is left. It needs no platform that runs, no port and no secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel

from rosace.model.checked import Checked
from rosace.model.rendered import Rendered


class Owner(NamedTuple):
    """Whose statement: `("jobs", "carrier-delays")`, `("queries", "late-carriers")`, `("verify", "lake.delays")`."""

    kind: Literal["jobs", "queries", "verify"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a planner works.

    `spec` is the engine's section, `artifacts` maps the names in its versions.toml to paths (all of them when
    `Planner.artifacts` is empty). `home` is an empty folder of its own, removed afterwards. `archives` is the folder of
    class-data archives.
    """

    checked: Checked
    spec: BaseModel
    home: Path
    archives: Path
    artifacts: Mapping[str, Path]
    python: str
    cores: int


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
