"""Small rooms with real contracts: what a plan is made from, without an engine's own settings around it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

from rosace.contract.engine import Engine
from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, MemoryAsk, ProcessSpec, Site
from rosace.local.workbench import unchecked
from rosace.model.capabilities import Capability
from rosace.model.checked import Checked, CheckedJob
from rosace.model.platform import Job, Platform, Words
from rosace.model.quantity import Size
from rosace.plan import order
from rosace.plan.machine.deployment import Deployment, Ground, deploy
from rosace.plan.machine.memory import solve

ROOT = Path("/nowhere")


@dataclass(frozen=True, slots=True)
class Store(Capability):
    """Something kept. `made_by` tells which engine's offer was seen."""

    made_by: str


@dataclass(frozen=True, slots=True)
class Catalog(Capability):
    """Something found. `store` is what the catalog itself was offered."""

    store: str


@dataclass(frozen=True, slots=True)
class Stream(Capability):
    """Something that flows."""

    made_by: str


class NoWords(Words):
    """Nothing to say."""


@dataclass(frozen=True)
class Room:
    """A room of a few processes and actions, each given with its own `after`."""

    engine: str
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    does: dict[str, tuple[str, ...]] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    offered: tuple[Capability, ...] = ()
    seen: list[Site] = field(default_factory=list)

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        return tuple(MemoryAsk(part, Size.mebibytes(64), Size.mebibytes(16), Size.mebibytes(8)) for part in self.parts)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("http",)

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ()

    def offers(self, site: Site) -> tuple[Capability, ...]:
        self.seen.append(site)
        return self.offered

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        return tuple(
            ProcessSpec(
                name=part,
                engine=self.engine,
                argv=("run", part, str(site.ports.get("http"))),
                after=after,
                once=part in self.once,
                heap=site.heap[part],
                memory=site.memory[part],
                interface=f"http://{part}/" if part == self.engine else "",
            )
            for part, after in self.parts.items()
        )

    def actions(self, site: Site) -> tuple[Action, ...]:
        return tuple(Action(name, "module:function", after=after) for name, after in self.does.items())

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return tuple(JobOrder(job.name, self.engine, "module", False, {}, needs=(f"{self.engine}",)) for job in jobs)


@dataclass
class House:
    """Rooms that stand beside each other for one test."""

    patch: pytest.MonkeyPatch
    rooms: dict[str, Engine] = field(default_factory=dict)
    locals: dict[str, Room] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        room: Room,
        *,
        needs: tuple[type[Capability], ...] = (),
        optional: tuple[type[Capability], ...] = (),
        runs: bool = False,
    ) -> None:
        package = f"small_rooms.{room.engine}"
        module = ModuleType(f"{package}.local")
        module.__dict__["LOCAL"] = room
        self.patch.setitem(sys.modules, f"{package}.local", module)
        self.locals[room.engine] = room
        self.rooms[room.engine] = Engine(
            name=room.engine,
            title=room.engine.title(),
            package=package,
            summary="",
            spec=NoWords,
            wanted=lambda platform: True,
            offers=tuple(type(one) for one in room.offered),
            needs=needs,
            optional=optional,
            runs=("sql",) if runs else (),
        )

    def checked(self) -> Checked:
        first = next(iter(self.rooms.values()))
        whole = unchecked({"platform": "test"}, first)
        jobs = {
            name: CheckedJob(name, Job(engine=engine, sql="x.sql"), ROOT / "x.sql", (), (), (), ())
            for name, engine in self.jobs.items()
        }
        return Checked(
            platform=Platform(platform="test"),
            root=ROOT,
            topics={},
            tables={},
            jobs=jobs,
            sources={},
            queries={},
            verify=(),
            engines={name: NoWords() for name in sorted(self.rooms)},
            graph=whole.graph,
            placement=whole.placement,
            token=whole.token,
        )

    def ground(self) -> Ground:
        checked = self.checked()
        asks = [(name, ask) for name, room in self.locals.items() for ask in room.memory(checked, NoWords())]
        return Ground(
            home=ROOT / "home",
            archives=ROOT / "archives",
            ports={name: {"http": 20_000 + number} for number, name in enumerate(sorted(self.rooms))},
            budget=solve(asks, Size(2**40), why="test"),
            artifacts={},
            secrets={},
            cores=2,
            python="python",
        )

    def deploy(self) -> Deployment:
        self.patch.setattr(order, "engines", lambda: self.rooms)
        return deploy(self.checked(), self.ground(), inputs="inputs")
