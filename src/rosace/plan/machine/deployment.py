"""From a checked platform and the facts of a machine to a frozen `Deployment`.

Comes in: `Checked` and `Ground` (where things live, which ports, how much heap). Goes out: every process, action and
job with its order of start resolved across engines. An executor that knows no engine carries it out.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rosace.contract.engine import Engine
from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, C, History, ProcessSpec, Site
from rosace.model.capabilities import Capability, KafkaBootstrap
from rosace.model.checked import Checked, KeptRef, Ref
from rosace.model.events import Subject
from rosace.plan.machine.lineage import Flow, Shape, flows_of, shapes_of
from rosace.plan.machine.memory import Budget
from rosace.plan.machine.revision import Revision
from rosace.plan.machine.work import work_of
from rosace.plan.order import in_use


@dataclass(frozen=True, slots=True)
class Ground:
    """What was decided or found on this machine before planning. `ports` are an engine's, by their names."""

    home: Path
    archives: Path
    ports: Mapping[str, Mapping[str, int]]
    budget: Budget
    artifacts: Mapping[str, Mapping[str, Path]]
    secrets: Mapping[str, str]
    cores: int
    python: str
    packages: Mapping[str, Path] = field(default_factory=dict[str, Path])
    """Source to the folder of the package that brings it."""
    revision: Revision | None = None
    """What becomes of what is there; None for a first start."""
    requirements: Path | None = None
    """Where the packages of Python are that jobs ask for; None where they ask for nothing."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Who can tell whether committed records remain to be read: `module` has `caught_up(servers, positions)`."""

    module: str
    servers: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What an engine of a deployment offers, and where: a capability as plain data, so that readers plan nothing.

    `kind` is the capability's name in `model.capabilities`. A secret is in it by its name only.
    """

    engine: str
    kind: str
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deployment:
    """All that should run. `inputs` is a digest of everything it was made from.

    `offers` are the addresses of what it starts, `packages` the folders of sources that a package brings.
    """

    platform: str
    root: str
    inputs: str
    processes: tuple[ProcessSpec, ...]
    actions: tuple[Action, ...]
    jobs: tuple[JobOrder, ...]
    streams: Streams | None = None
    interfaces: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict[str, str])
    shapes: Mapping[KeptRef, Shape] = field(default_factory=dict[Ref, Shape])
    """Topics and tables as they are declared."""
    flows: Mapping[str, Flow] = field(default_factory=dict[str, Flow])
    """What jobs and sources do, by name."""
    retired: Mapping[KeptRef, Shape] = field(default_factory=dict[Ref, Shape])
    """Topics and tables that were declared once and are still there."""
    gone: Mapping[str, Flow] = field(default_factory=dict[str, Flow])
    """Jobs and sources that were declared once: should they come back, they are compared with these."""
    pruned: tuple[KeptRef, ...] = ()
    """Topics and tables that a person had removed."""

    def offered(self, kind: type[C]) -> tuple[str, C] | None:
        """Which engine offers a capability here, and the capability; None where none does."""
        from pydantic import TypeAdapter

        for offer in self.offers:
            if offer.kind == kind.__name__:
                return offer.engine, TypeAdapter(kind).validate_python(offer.value)
        return None

    def finite(self) -> tuple[str, ...]:
        """The jobs that come to an end: streams over finite sources, and batch jobs without a schedule."""
        return tuple(j.name for j in self.jobs if j.finite_inputs or j.after or (j.batch and not j.schedule))

    def endless(self) -> tuple[str, ...]:
        """The streams that read all that sources have had so far, and go on: some of these are followed."""
        return tuple(job.name for job in self.jobs if job.endless_inputs and not job.batch)

    def follows(self) -> bool:
        """Whether anything looks by itself for more to do."""
        return any(spec.follows for spec in self.processes) or any(job.follows for job in self.jobs)

    def fingerprints(self) -> dict[Subject, str]:
        """Subject (`process/kafka`) -> digest of all that makes it what it is."""
        return {
            **{Subject("process", spec.name): digest(_identity(spec)) for spec in self.processes},
            **{Subject("action", action.name): digest(dataclasses.asdict(action)) for action in self.actions},
            **{Subject("job", job.name): digest(dataclasses.asdict(job)) for job in self.jobs},
        }


def digest(value: Any) -> str:
    """A short, stable digest of plain data."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _identity(spec: ProcessSpec) -> dict[str, Any]:
    # What only orders the start or only informs does not make it another process.
    whole = dataclasses.asdict(spec)
    for name in ("after", "interface", "memory", "ready", "stop_grace"):
        whole.pop(name)
    return whole


def sites(checked: Checked, ground: Ground) -> dict[str, Site]:
    """One `Site` per engine, with the capabilities that are offered to it. Makes no folder."""
    offered: dict[type[Capability], Capability] = {}
    found: dict[str, Site] = {}
    for engine in in_use(checked):
        site = _site(engine, checked, ground, dict(offered))
        for capability in engine.local.offers(site):
            offered[type(capability)] = capability
        found[engine.name] = dataclasses.replace(site, offered=dict(offered))
    return found


def history(revision: Revision | None) -> History:
    """What engines are told of a revision."""
    if revision is None:
        return History()
    return History(
        flows={name: flow.generation for name, flow in revision.flows.items()},
        refs={ref: shape.generation for ref, shape in revision.shapes.items()},
        swapped=frozenset(revision.swapped),
        pruned=revision.pruned,
    )


def _site(engine: Engine, checked: Checked, ground: Ground, offered: Mapping[type[Capability], Capability]) -> Site:
    return Site(
        checked=checked,
        spec=checked.engines[engine.name],
        home=ground.home / "engines" / engine.name,
        archives=ground.archives,
        ports=ground.ports.get(engine.name, {}),
        history=history(ground.revision),
        heap={part.process: part.heap for part in ground.budget.allotments if part.engine == engine.name},
        memory={part.process: part.expected for part in ground.budget.allotments if part.engine == engine.name},
        artifacts=ground.artifacts.get(engine.name, {}),
        offered=offered,
        secrets=ground.secrets,
        cores=ground.cores,
        python=ground.python,
        packages=ground.packages,
        requirements=ground.requirements,
    )


def deploy(checked: Checked, ground: Ground, *, inputs: str) -> Deployment:
    """The whole desired state on this machine."""
    places = sites(checked, ground)
    order = in_use(checked)
    revision = ground.revision or Revision(shapes_of(checked), flows_of(checked))
    processes = {engine.name: engine.local.processes(places[engine.name]) for engine in order}
    actions = {engine.name: engine.local.actions(places[engine.name]) for engine in order}
    started: list[ProcessSpec] = []
    done: list[Action] = []
    jobs: list[JobOrder] = []
    for engine in order:
        before = _ready_names(_providers(engine, order), processes, actions)
        needed = () if engine.eager else before
        started += [dataclasses.replace(spec, after=_merge(spec.after, needed)) for spec in processes[engine.name]]
        done += [dataclasses.replace(act, after=_merge(act.after, before)) for act in actions[engine.name]]
        mine = tuple(job for job in checked.jobs.values() if job.spec.engine == engine.name)
        if engine.runs:
            around = _ready_names([engine, *_providers(engine, order, also_optional=True)], processes, actions)
            orders = engine.local.jobs(places[engine.name], mine)
            jobs += [
                dataclasses.replace(job, needs=_merge(job.needs, around), work=_work(checked, revision, job.name))
                for job in orders
            ]
    return Deployment(
        platform=checked.platform.platform,
        root=str(checked.root),
        inputs=inputs,
        processes=tuple(started),
        actions=tuple(done),
        jobs=tuple(jobs),
        streams=_streams(order, places),
        interfaces={spec.name: spec.interface for spec in started if spec.interface},
        offers=_offers(order, places),
        packages={name: str(path) for name, path in ground.packages.items()},
        shapes=revision.shapes,
        flows=revision.flows,
        retired=revision.retired,
        gone=revision.gone,
        pruned=revision.pruned,
    )


def _work(checked: Checked, revision: Revision, name: str) -> str:
    """A run of another generation is another run."""
    flow = revision.flows.get(name)
    return work_of(checked, name) + (f" #{flow.generation}" if flow and flow.generation else "")


def _providers(engine: Engine, order: Iterable[Engine], *, also_optional: bool = False) -> list[Engine]:
    """The engines that must be up before this one: those that offer its needs, and through an engine without
    processes of its own (a catalog) those behind it. Nearest first; engines that need each other are each named once.
    """
    found: dict[str, Engine] = {}
    wanted = {*engine.needs, *(engine.optional if also_optional else ())}
    waiting = [wanted]
    while waiting:
        needs = waiting.pop(0)
        for other in order:
            if other is not engine and other.name not in found and needs & set(other.offers):
                found[other.name] = other
                waiting.append(set(other.needs))
    return list(found.values())


def _ready_names(
    among: Iterable[Engine], processes: Mapping[str, tuple[ProcessSpec, ...]], actions: Mapping[str, tuple[Action, ...]]
) -> tuple[str, ...]:
    return tuple(
        name
        for engine in among
        for name in (
            *(spec.name for spec in processes[engine.name] if not spec.once),
            *(action.name for action in actions[engine.name]),
        )
    )


def _merge(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *second]))


def _streams(order: Iterable[Engine], places: Mapping[str, Site]) -> Streams | None:
    for engine in order:
        bootstrap = places[engine.name].offered.get(KafkaBootstrap)
        if KafkaBootstrap in engine.offers and isinstance(bootstrap, KafkaBootstrap):
            return Streams(f"{engine.package}.live", bootstrap.servers)
    return None


def _offers(order: Iterable[Engine], places: Mapping[str, Site]) -> tuple[Offer, ...]:
    found: dict[type[Capability], tuple[Capability, Offer]] = {}
    for engine in order:
        for kind, value in places[engine.name].offered.items():
            if kind not in found or found[kind][0] is not value:
                found[kind] = (value, Offer(engine.name, kind.__name__, dataclasses.asdict(value)))
    return tuple(offer for _, offer in found.values())


def to_json(deployment: Deployment) -> dict[str, Any]:
    """Plain data for the executor's file (0600: configuration files in it may hold secrets)."""
    return dataclasses.asdict(dataclasses.replace(deployment, shapes={}, retired={})) | {
        name: {str(ref): dataclasses.asdict(shape) for ref, shape in kept.items()}
        for name, kept in (("shapes", deployment.shapes), ("retired", deployment.retired))
    }


def from_json(value: Mapping[str, Any]) -> Deployment:
    """The inverse of `to_json`; raises pydantic.ValidationError on a file of another version of Rosace."""
    from pydantic import TypeAdapter

    return TypeAdapter(Deployment).validate_python(value)
