"""Which engine lives on which cluster, under which address and name: everything that charts need to know.

Comes in: `Checked` and the name of the environment. Goes out: `Estate`. Must not: write files, or know an engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from rosace.check.placement import clusters_of, homes_of
from rosace.contract.cluster import ClusterSite, Namespaces, Offered, OfferedSite, PlacedSite, Surroundings
from rosace.contract.engine import Engine
from rosace.contract.operator import Operator
from rosace.contract.workload import Served, Workload
from rosace.model.capabilities import Capability
from rosace.model.checked import Checked
from rosace.model.cluster_words import Cluster
from rosace.model.placement import MANAGEMENT, distance, nearest
from rosace.model.platform import Platform
from rosace.plan.order import in_use


@dataclass(frozen=True, slots=True)
class Part:
    """One engine on one cluster."""

    engine: Engine
    site: ClusterSite
    outside: tuple[Capability, ...]
    """What it offers, as other clusters reach it."""
    workloads: tuple[Workload, ...]
    operators: tuple[Operator, ...]


@dataclass(frozen=True, eq=False)
class Estate:
    """All clusters of a platform in one environment, and what lives on each.

    Two are the same only if they are one: what is derived from an estate is kept with it (`lru_cache`).
    """

    checked: Checked
    environment: str
    clusters: Mapping[str, Cluster]
    parts: tuple[Part, ...]
    namespaces: Namespaces

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.checked.platform.platform

    def on(self, cluster: str) -> tuple[Part, ...]:
        """The parts on a cluster, those that others need first."""
        return tuple(part for part in self.parts if part.site.cluster_name == cluster)

    @cached_property
    def homes(self) -> Mapping[str, tuple[str, ...]]:
        """Engine to the clusters it lives on."""
        found: dict[str, tuple[str, ...]] = {}
        for part in self.parts:
            found[part.engine.name] = (*found.get(part.engine.name, ()), part.site.cluster_name)
        return found

    def reached(self, engine: str, here: str) -> str:
        """The cluster whose engine of that name the pods of `here` use: the nearest."""
        return nearest(self.homes[engine], self.clusters, here)


def estate_of(checked: Checked, environment: str) -> Estate:
    """Places every engine. `check` has made sure that each has a home, and that only what may have several has."""
    order = in_use(checked)
    clusters = _clusters(checked.platform, order)
    namespaces = _namespaces(checked.platform, order)
    placed = _placed(checked, environment, clusters, namespaces, order)
    offers = _offers(placed, clusters)
    found = [_inhabitant(engine, _offered(engine, site, clusters, offers)) for engine, site in placed]
    around = {name: _around([one for one in found if one.site.cluster_name == name]) for name in clusters}
    parts = (
        Part(
            one.engine,
            one.site.among(around[one.site.cluster_name]),
            tuple(outside for _, outside in offers[(one.engine.name, one.site.cluster_name)]),
            one.workloads,
            one.operators,
        )
        for one in found
    )
    return Estate(checked, environment, clusters, tuple(parts), namespaces)


Place = tuple[Engine, PlacedSite]
Offers = Mapping[tuple[str, str], list[tuple[Capability, Capability]]]
"""Engine and cluster to what it offers there: as its own cluster reaches it, and as the others do."""


class _Inhabitant(NamedTuple):
    """An engine on a cluster with its pods, when those of the others are not yet known."""

    engine: Engine
    site: OfferedSite
    workloads: tuple[Workload, ...]
    operators: tuple[Operator, ...]


def _inhabitant(engine: Engine, site: OfferedSite) -> _Inhabitant:
    room = engine.kubernetes
    return _Inhabitant(engine, site, room.workloads(site), room.operators(site))


def _namespaces(platform: Platform, order: tuple[Engine, ...]) -> Namespaces:
    prefix = platform.delivery.prefix
    return Namespaces(
        {engine.name: f"{prefix}{engine.namespace or engine.name}" for engine in order},
        {name: f"{prefix}{name}" for name in platform.projects},
    )


def _placed(
    checked: Checked,
    environment: str,
    clusters: Mapping[str, Cluster],
    namespaces: Namespaces,
    order: tuple[Engine, ...],
) -> list[Place]:
    """Every engine on each of its clusters, those that others need first."""
    homes = {engine.name: homes_of(engine, clusters) for engine in order}
    here = {home: frozenset(name for name, where in homes.items() if home in where) for home in clusters}
    return [
        (
            engine,
            PlacedSite(
                checked=checked,
                spec=checked.engines[engine.name],
                platform=checked.platform.platform,
                environment=environment,
                cluster_name=home,
                cluster=clusters[home],
                namespace=namespaces.engines[engine.name],
                namespaces=namespaces,
                here=here[home],
            ),
        )
        for engine in order
        for home in homes[engine.name]
    ]


def _offers(placed: list[Place], clusters: Mapping[str, Cluster]) -> Offers:
    """What everybody offers; who needs something of others for that comes after them."""
    found: dict[tuple[str, str], list[tuple[Capability, Capability]]] = {}
    for engine, site in placed:
        room, needed = engine.kubernetes, Offered(_nearest(site.cluster_name, clusters, found))
        outside = room.offers(replace(site, outside=True), needed)
        found[(engine.name, site.cluster_name)] = list(zip(room.offers(site, needed), outside, strict=True))
    return found


def _offered(engine: Engine, site: PlacedSite, clusters: Mapping[str, Cluster], offers: Offers) -> OfferedSite:
    """A place that knows what all offer, those too that come after it: an engine may send to one that starts later."""
    here = site.cluster_name
    own = {type(inside): inside for inside, _ in offers[(engine.name, here)]}
    siblings = {
        cluster: tuple(outside for _, outside in pairs)
        for (name, cluster), pairs in offers.items()
        if name == engine.name and cluster != here
    }
    offered = Offered({**_nearest(here, clusters, offers), **own})
    return site.told(offered, siblings)


def _around(here: list[_Inhabitant]) -> Surroundings:
    """What every engine of a cluster knows of the others there."""
    operators: dict[str, tuple[Mapping[str, str], ...]] = {}
    serving: dict[Served, tuple[tuple[str, Mapping[str, str]], ...]] = {}
    inhabited: set[str] = set()
    privileged: set[str] = set()
    for inhabitant in here:
        for one in inhabitant.workloads:
            inhabited.add(one.namespace)
            if one.security == "privileged":
                privileged.add(one.namespace)
            for served in one.serves:
                serving[served] = (*serving.get(served, ()), (one.namespace, one.labels))
        for one in inhabitant.operators:
            labels = (one.workload.labels,) if one.workload else ()
            told = operators.get(one.namespace, ())
            operators[one.namespace] = (*told, *(each for each in labels if each not in told))
    return Surroundings(operators, serving, frozenset({*inhabited, *operators}), frozenset(privileged))


def _clusters(platform: Platform, order: tuple[Engine, ...]) -> dict[str, Cluster]:
    """The platform's clusters, and the one that manages them where something lives there."""
    found = clusters_of(platform)
    if any(engine.management for engine in order) and MANAGEMENT not in found:
        address = str(platform.delivery.rancher).rstrip("/")
        found[MANAGEMENT] = Cluster(server=f"{address}/k8s/clusters/local")
    return found


def _nearest(home: str, clusters: Mapping[str, Cluster], offers: Offers) -> dict[type[Capability], Capability]:
    """What others offer, as `home` reaches it: from this cluster where it is here, else from the nearest outside."""
    found: dict[type[Capability], Capability] = {}
    far: dict[type[Capability], int] = {}
    for (_, cluster), pairs in offers.items():
        away = distance(clusters, home, cluster)
        for inside, outside in pairs:
            kind = type(inside)
            if kind not in far or away < far[kind]:
                far[kind], found[kind] = away, outside if away else inside
    return found
