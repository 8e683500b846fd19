"""What an engine's room must have.

A room is a package `engines/<name>/` whose `__init__.py` holds `ENGINE = Engine(...)`. Its other files are found
by name and imported only when used, so that `rosace check` never loads an engine's client:

  spec.py       the words users write under `engines: {<name>: ...}` (a closed pydantic model)
  versions.toml versions, artifacts with checksums, end of life
  settings.py   spec -> the engine's own configuration: pure, shared by every target
  local.py      `LOCAL: LocalRoom` -> memory, ports, capabilities, processes on this machine (target `local`)
  kubernetes.py `KUBERNETES: KubernetesRoom` -> values of a chart, objects, peers, images (target `kubernetes`)
  live.py       talks to the running engine (client library imported here only)
  health.py     readiness by the engine's own protocol: functions named by `Probe.entry`
  jobs.py       for engines that run jobs: `order(site, job)`; its driver is in live.py
  sql.py        for engines that take SQL: its dialect, names and column types
  planner.py    for engines that take SQL: `PLANNER`, its own planner as the judge of statements (see planner.py here)
  changelog.py  for engines whose queries go on for ever: `Changelog` (see `ChangelogReader`)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator

from rosace.model.capabilities import Capability, Secret
from rosace.model.checked import Checked, CheckedJob
from rosace.model.platform import Platform
from rosace.model.quantity import Size

if TYPE_CHECKING:
    from sqlglot import exp

    from rosace.engines.cluster import KubernetesRoom

Target = Literal["local", "kubernetes"]
ZERO = Size(0)
C = TypeVar("C", bound=Capability)


@dataclass(frozen=True, slots=True)
class Engine:
    """The table of contents of a room.

    `wanted` says whether a platform needs the engine by itself (a job names it, a query exists); an engine is also
    taken in when one that is wanted needs what only it offers. `runs` are the kinds of job text it takes. `eager`:
    its processes start beside what it needs, of which only its jobs make use.
    """

    name: str
    title: str
    package: str
    summary: str
    spec: type[BaseModel]
    wanted: WantedBy
    offers: tuple[type[Capability], ...] = ()
    needs: tuple[type[Capability], ...] = ()
    optional: tuple[type[Capability], ...] = ()
    runs: tuple[Literal["sql", "python"], ...] = ()
    streaming: bool = False
    batch: bool = False
    eager: bool = False
    targets: tuple[Target, ...] = ("local",)
    preferred: tuple[Target, ...] = ()
    """Where it is taken when several rooms offer the same and the user names none."""
    exports: tuple[str, ...] = ()
    """The words by which `exports: {x: {to: ...}}` means this engine; empty where it takes none."""
    everywhere: bool = False
    """On clusters: it lives on each of them, not on one."""
    several: bool = False
    """On clusters: it may live on several, each with jobs or topics of its own."""
    management: bool = False
    """On clusters: it lives on the one from which the others are managed, and on none of those."""
    backs_up: bool = False
    """On clusters: where `backups:` are said, it copies what it holds into the object storage (`backups(site)`)."""
    namespace: str = ""
    """On clusters: the namespace it shares with others; one of its own name where empty."""

    def part(self, name: str) -> Any:
        """A file of the room, such as `local`; imported when asked for."""
        return import_module(f"{self.package}.{name}")

    @property
    def local(self) -> LocalRoom:
        return self.part("local").LOCAL

    @property
    def kubernetes(self) -> KubernetesRoom:
        return self.part("kubernetes").KUBERNETES

    @property
    def folder(self) -> Path:
        return Path(str(import_module(self.package).__file__)).parent


def _or_nothing(value: object) -> object:
    return ZERO if value == 0 else value


Share = Annotated[Size, BeforeValidator(_or_nothing)]
"""What a process gets, which may be nothing: no user writes it, but it is read back from the file of a deployment."""


class WantedBy(Protocol):
    """Pure: True where the platform itself asks for the engine."""

    def __call__(self, platform: Platform) -> bool: ...


@dataclass(frozen=True, slots=True)
class MemoryAsk:
    """What one process takes. `heap` may be shrunk down to `floor` by the budget; `overhead` may not.

    Expected resident size = heap + overhead, both in bytes, as measured for the example (bench/memory).
    """

    process: str
    heap: Size
    floor: Size
    overhead: Size


@dataclass(frozen=True, slots=True)
class File:
    """A file that a process reads. `path` is below the engine's home; the text may hold secrets, hence 0600."""

    path: str
    text: str
    mode: int = 0o600


@dataclass(frozen=True, slots=True)
class Probe:
    """Readiness by the engine's own protocol: `entry` is `package.module:function`, called with `args` as keywords.

    It returns None when ready, or a short text that says what is awaited. It must return within `timeout` seconds.
    """

    entry: str
    args: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Action:
    """Something done once to a running engine, again after every change of `args`: create topics, a database.

    `entry` is `package.module:function`, idempotent, called with `args` as keywords (plus `secrets` when
    `secrets` names any: a mapping from name to value). `after` are processes that must be ready before.
    """

    name: str
    entry: str
    args: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """A command run before the first start, when `creates` (below the engine's home) does not exist yet."""

    argv: tuple[str, ...]
    creates: str
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One process of one engine, ready to be run by an executor that knows no engine.

    `after` names processes or actions that must be ready first. `once`: it does its work and exits 0.
    `unprivileged`: run it as an ordinary user even where Rosace runs as root. `interface` is an address for people.
    `archive`: the class-data archive it should end up with (see engines/java.py).
    `work`: of what is run `once`, all that decides what it gives, as text; while that stays the same, what is done is
    not done again, whatever else changes (a port, a rate).
    """

    name: str
    engine: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    setup: tuple[Setup, ...] = ()
    after: tuple[str, ...] = ()
    ready: Probe | None = None
    ports: Mapping[str, int] = field(default_factory=dict)
    heap: Share = ZERO
    memory: Share = ZERO
    once: bool = False
    unprivileged: bool = False
    stop_signal: Literal["TERM", "INT", "QUIT"] = "TERM"
    stop_grace: float = 20.0
    interface: str = ""
    archive: str = ""
    work: str = ""


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
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    finite_inputs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    schedule: str = ""
    needs: tuple[str, ...] = ()
    """Processes and actions that must be ready before it can start."""
    secrets: tuple[str, ...] = ()
    work: str = ""
    """All that decides what a run of it gives, as text; said by the planner (`rosace.plan.work`)."""


JobState = Literal["absent", "starting", "running", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class JobReport:
    """What a driver sees of a job now.

    `positions` maps topic -> partition (as text) -> next offset to read, as of the last durable checkpoint.
    `records_in`/`records_out` count since this run began (None: unknown). `detail` is for people.
    """

    state: JobState
    positions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    records_in: int | None = None
    records_out: int | None = None
    detail: str = ""


class JobDriver(Protocol):
    """The functions that a module named by `JobOrder.module` has. All may raise: the executor tries again.

    `start` resumes from the newest durable state of the job if there is any (`fresh=False`), and is called only when
    `observe` says absent or failed. `finish` ends a streaming job so that every window fires and every sink commits;
    the job then becomes `finished`. `stop` ends it keeping its durable state.
    """

    def start(self, order: Mapping[str, Any], secrets: Mapping[str, str], *, fresh: bool) -> None: ...
    def observe(self, order: Mapping[str, Any], secrets: Mapping[str, str]) -> JobReport: ...
    def finish(self, order: Mapping[str, Any], secrets: Mapping[str, str]) -> None: ...
    def stop(self, order: Mapping[str, Any], secrets: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Site:
    """Where one engine lives on this machine, with everything that was decided for it.

    `home` holds `conf/`, `data/`, `tmp/` of the engine (exists before its processes start). `archives` is the
    per-user folder of class-data archives. `heap` and `memory` map process to what the budget gave it (bytes).
    `artifacts` maps the names in versions.toml (and package sources, as `source-<name>`) to paths.
    """

    checked: Checked
    spec: BaseModel
    home: Path
    archives: Path
    ports: Mapping[str, int]
    heap: Mapping[str, Size]
    memory: Mapping[str, Size]
    artifacts: Mapping[str, Path]
    offered: Mapping[type[Capability], Capability]
    secrets: Mapping[str, str]
    cores: int
    python: str

    def need(self, capability: type[C]) -> C:
        """The capability as offered by whichever engine provides it here."""
        found = self.offered[capability]
        assert isinstance(found, capability)
        return found

    def has(self, capability: type[Capability]) -> bool:
        return capability in self.offered

    def reveal(self, secret: Secret) -> str:
        return self.secrets[secret.name]


class Update(NamedTuple):
    """A part of a query by which rows change that were given before. `word` names it (`GROUP BY`); it stands at
    `[start, end)` of the text. `instead` says how to ask nearly the same so that every row is given once; may be empty.
    """

    word: str
    start: int
    end: int
    instead: str = ""


class ChangelogReader(Protocol):
    """`Changelog(text, topics)` of a room's `changelog.py`: the statements of one job's text, told in order.

    The trees are those that the room's dialect makes of the text, and hold offsets into it. What is called an update
    has to be one: the rest is left to the engine's own planner.
    """

    def view(self, name: str, tree: exp.Expr) -> None: ...
    def updates(self, tree: exp.Expr) -> tuple[Update, ...]: ...


class LocalRoom(Protocol):
    """What `local.py` exports as `LOCAL` (an instance of a small frozen class, or the module's own functions).

    `offers` is called with ports known and nothing offered yet by later engines: only `checked`, `spec`, `home`,
    `ports` and capabilities that it needs are filled.
    """

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]: ...
    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]: ...
    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]: ...
    def offers(self, site: Site) -> tuple[Capability, ...]: ...
    def processes(self, site: Site) -> tuple[ProcessSpec, ...]: ...
    def actions(self, site: Site) -> tuple[Action, ...]: ...
    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]: ...
