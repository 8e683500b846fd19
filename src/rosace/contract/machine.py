"""What an engine says of itself on one machine: memory, ports, secrets, processes, actions, jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator

from rosace.model.capabilities import Capability, Secret
from rosace.model.checked import Checked, CheckedJob, Ref
from rosace.model.quantity import Size

if TYPE_CHECKING:
    pass
from rosace.contract.jobs import JobOrder

ZERO = Size(0)


def _or_nothing(value: object) -> object:
    return ZERO if value == 0 else value


Share = Annotated[Size, BeforeValidator(_or_nothing)]
"""What a process gets, which may be nothing: no user writes it, but it is read back from the file of a deployment."""


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
    `archive`: the class-data archive it should end up with (see kit/java.py).
    `follows`: run `once`, it ends only when told to, and says on stdout by a JSON line with `followed` that it has done
    all there is; a line with `gave` says at its end what it gave, where that is not what `work` says.
    `work`: of what is run `once`, all that decides what it gives, as text; while that stays the same, what is done is
    not done again, whatever else changes (a port, a rate), unless the files that it reads look otherwise than `seen`.
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
    follows: bool = False
    work: str = ""
    seen: str = ""


C = TypeVar("C", bound=Capability)


def sending(source: str) -> str:
    """The name of the process that sends a source's file into its topic."""
    return f"source-{source}"


@dataclass(frozen=True, slots=True)
class History:
    """What on this machine is not the first of its name (`plan.machine.lineage`): how often jobs and sources (`flows`)
    and topics and tables (`refs`) were made anew. `swapped` are tables whose new rows take the place of the old ones in
    one commit, so that nobody empties them; `pruned` are topics and tables of before that are to go.
    """

    flows: Mapping[str, int] = field(default_factory=dict[str, int])
    refs: Mapping[Ref, int] = field(default_factory=dict[Ref, int])
    swapped: frozenset[Ref] = frozenset()
    pruned: tuple[Ref, ...] = ()

    def flow(self, name: str) -> int:
        """How often a job or source began anew."""
        return self.flows.get(name, 0)

    def ref(self, ref: Ref) -> int:
        """How often a topic or table was made anew."""
        return self.refs.get(ref, 0)

    def suffix(self, name: str) -> str:
        """What sets the durable state of a job or source apart from that of its earlier generations; empty at first."""
        return f".g{self.flow(name)}" if self.flow(name) else ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where one engine lives on this machine, with everything that was decided for it.

    `home` holds `conf/`, `data/`, `tmp/` of the engine (exists before its processes start). `archives` is the
    per-user folder of class-data archives. `heap` and `memory` map process to what the budget gave it (bytes).
    `artifacts` maps the names in versions.toml to paths, `packages` the sources that a package brings to its folder.
    `requirements` is the folder of the Python packages that jobs ask for, None where they ask for nothing.
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
    packages: Mapping[str, Path] = field(default_factory=dict[str, Path])
    history: History = History()
    requirements: Path | None = None

    def need(self, capability: type[C]) -> C:
        """The capability as offered by whichever engine provides it here."""
        found = self.offered[capability]
        assert isinstance(found, capability)
        return found

    def has(self, capability: type[Capability]) -> bool:
        """True where some engine offers the capability."""
        return capability in self.offered

    def reveal(self, secret: Secret) -> str:
        """The secret in clear text, for a file of mode 0600 or a pipe; never for a command line or a log."""
        return self.secrets[secret.name]


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
