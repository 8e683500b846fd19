"""What an engine is: the table of contents of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import BaseModel

from rosace.model.capabilities import Capability
from rosace.model.platform import Platform

if TYPE_CHECKING:
    from rosace.contract.cluster import KubernetesRoom
    from rosace.contract.machine import LocalRoom
    from rosace.contract.parts import (
        Answers,
        Changelog,
        Connect,
        Exports,
        Planning,
        Questions,
        Records,
        Rules,
        Sql,
        Topics,
        Upgrade,
    )

Target = Literal["local", "kubernetes"]


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
    sets_aside: tuple[Target, ...] = ()
    """Where it carries out `on-bad-record: skip | topic` of the topics that its jobs read."""
    rereads: bool = False
    """Its jobs begin anew where `on-bad-record` of a topic that they read becomes another word: they have other parts
    then, and the state of the old ones is of no use."""
    transactions: bool = False
    """Its jobs write topics in transactions; one that starts looks for those that it left open in each topic that it
    writes, for which Kafka wants the right to read it."""
    exports: tuple[str, ...] = ()
    """The words by which `exports: {x: {to: ...}}` means this engine; empty where it takes none.
    It then has `exports.py`."""
    everywhere: bool = False
    """On clusters: it lives on each of them, not on one."""
    several: bool = False
    """On clusters: it may live on several, each with jobs or topics of its own."""
    management: bool = False
    """On clusters: it lives on the one from which the others are managed, and on none of those."""
    backs_up: bool = False
    """On clusters: where `backups:` are said, it copies what it holds into the object storage (`backups`)."""
    namespace: str = ""
    """On clusters: the namespace it shares with others; one of its own name where empty."""

    def _part(self, name: str) -> Any:
        """A file of the room, imported when asked for; None where there is none. Its shape is in `parts.py`, and the
        room's own `parts.py` has the type checker hold it against that."""
        return import_module(f"{self.package}.{name}") if find_spec(f"{self.package}.{name}") else None

    @property
    def local(self) -> LocalRoom:
        """Its side on one machine."""
        return import_module(f"{self.package}.local").LOCAL

    @property
    def kubernetes(self) -> KubernetesRoom:
        """Its side on clusters."""
        return import_module(f"{self.package}.kubernetes").KUBERNETES

    @property
    def rules(self) -> Rules | None:
        """What it cannot do."""
        return self._part("rules")

    @property
    def upgrade(self) -> Upgrade | None:
        """What cannot be changed once it runs on clusters."""
        return self._part("upgrade")

    @property
    def changelog(self) -> Changelog | None:
        """Who tells which of its queries take back what they gave."""
        return self._part("changelog")

    @property
    def planning(self) -> Planning | None:
        """Its own planner as a judge."""
        return self._part("planner")

    @property
    def sql(self) -> Sql | None:
        """Its SQL."""
        return self._part("sql")

    @property
    def exporting(self) -> Exports:
        """The store that topics are exported to, where `exports` says that it is one."""
        return self._part("exports")

    @property
    def questions(self) -> Questions:
        """How a question is put to it, where it offers `SqlEndpoint`."""
        return self._part("sql")

    @property
    def answers(self) -> Answers:
        """Who puts it, where it offers `SqlEndpoint`."""
        return self._part("live")

    @property
    def records(self) -> Records:
        """Who reads topics, where it offers `KafkaBootstrap`."""
        return self._part("live")

    @property
    def connect(self) -> Connect | None:
        """How other programs reach it."""
        return self._part("connect")

    @property
    def topics(self) -> Topics:
        """Who shows topics, where it offers `KafkaBootstrap`."""
        return self._part("topics")

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return Path(str(import_module(self.package).__file__)).parent


class WantedBy(Protocol):
    """Pure: True where the platform itself asks for the engine."""

    def __call__(self, platform: Platform) -> bool: ...
