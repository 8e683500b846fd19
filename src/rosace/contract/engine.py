"""What an engine is: the table of contents of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import BaseModel

from rosace.model.capabilities import Capability
from rosace.model.platform import Platform

if TYPE_CHECKING:
    from rosace.contract.cluster import KubernetesRoom
    from rosace.contract.machine import LocalRoom

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
    """On clusters: where `backups:` are said, it copies what it holds into the object storage (`backups(site)`)."""
    namespace: str = ""
    """On clusters: the namespace it shares with others; one of its own name where empty."""

    def part(self, name: str) -> Any:
        """A file of the room, such as `local`; imported when asked for."""
        return import_module(f"{self.package}.{name}")

    @property
    def local(self) -> LocalRoom:
        """Its side on this machine, imported when first asked for."""
        return self.part("local").LOCAL

    @property
    def kubernetes(self) -> KubernetesRoom:
        """Its side on clusters, imported when first asked for."""
        return self.part("kubernetes").KUBERNETES

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return Path(str(import_module(self.package).__file__)).parent


class WantedBy(Protocol):
    """Pure: True where the platform itself asks for the engine."""

    def __call__(self, platform: Platform) -> bool: ...
