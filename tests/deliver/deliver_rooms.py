"""Small rooms with a cluster side: what a platform on clusters is made from, without an engine's own decisions."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from rosace.contract.backup import Backup
from rosace.contract.cluster import ClusterSite, Offered, OfferedSite, PlacedSite
from rosace.contract.engine import Engine
from rosace.contract.feed import Feed
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Definitions, Image, Operator, UpstreamChart
from rosace.contract.workload import Workload
from rosace.local.workbench import unchecked
from rosace.model.capabilities import Capability
from rosace.model.words import Words
from rosace.plan import order
from rosace.plan.clusters.topology import Estate, estate_of


class NoWords(Words):
    """Nothing to say."""


def nothing(*_: object) -> tuple[Any, ...]:
    """For what a room does not have."""
    return ()


@dataclass(frozen=True)
class Room:
    """A room whose every answer is given."""

    chart: str = "small"
    offered: Callable[[PlacedSite, Offered], tuple[Capability, ...]] = nothing
    pods: Callable[[OfferedSite], tuple[Workload, ...]] = nothing
    asks: Callable[[OfferedSite], tuple[Operator, ...]] = nothing
    wants: Callable[[ClusterSite], tuple[SecretNeed, ...]] = nothing

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return self.offered(site, needed)

    def values(self, site: ClusterSite) -> dict[str, Any]:
        return {"enabled": True, "namespace": site.namespace, "labels": {}}

    def outposts(self, site: ClusterSite) -> tuple[str, ...]:
        return ()

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        return self.pods(site)

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        return self.asks(site)

    def operator_values(self, site: ClusterSite, operator: Operator) -> Mapping[str, Any]:
        return operator.values

    def backups(self, site: OfferedSite) -> tuple[Backup, ...]:
        return ()

    def feeds(self, site: ClusterSite) -> tuple[Feed, ...]:
        return ()

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return ()

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        return self.wants(site)

    def watch(self, site: ClusterSite) -> Watch:
        return Watch()

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        return {}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        return ()


def operator(name: str, namespace: str, workload: Workload | None, *crds: str) -> Operator:
    """An operator of which only its place and its pods matter."""
    definitions = Definitions("https://git.example.com/operator", "crds", "v1.0.0")
    upstream = UpstreamChart(name, "https://charts.example.com", name, "1.0.0", "", definitions)
    return Operator(upstream, namespace, crds, workload=workload)


@dataclass
class Houses:
    """Rooms beside each other, on the clusters that a platform's words name."""

    patch: pytest.MonkeyPatch
    rooms: dict[str, Engine] = dataclasses.field(default_factory=dict[str, Engine])

    def add(self, name: str, room: Room, **engine: Any) -> None:
        """Adds an engine; `engine` are fields of `Engine`."""
        package = f"small_rooms.{name}"
        module = ModuleType(f"{package}.kubernetes")
        module.__dict__["KUBERNETES"] = room
        self.patch.setitem(sys.modules, f"{package}.kubernetes", module)
        said = {"targets": ("kubernetes",), "spec": NoWords, "summary": "", "wanted": lambda platform: True, **engine}
        self.rooms[name] = Engine(name=name, title=name.title(), package=package, **said)

    def estate(self, words: Mapping[str, Any]) -> Estate:
        """All rooms, placed."""
        whole = unchecked({"platform": "small", **words}, next(iter(self.rooms.values())))
        checked = dataclasses.replace(whole, engines={name: NoWords() for name in self.rooms})
        self.patch.setattr(order, "engines", lambda: self.rooms)
        return estate_of(checked, "prod")
