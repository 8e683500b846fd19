"""Which engine lives on which cluster, under which address and name: everything that charts need to know.

Comes in: `Checked` and the name of the environment. Goes out: `Estate`. Must not: write files, or know an engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rosace.check.placement import clusters_of, homes_of
from rosace.contract.cluster import ClusterSite
from rosace.contract.engine import Engine
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


@dataclass(frozen=True, eq=False)
class Estate:
    """All clusters of a platform in one environment, and what lives on each.

    Two are the same only if they are one: what is derived from an estate is kept with it (`lru_cache`).
    """

    checked: Checked
    environment: str
    clusters: Mapping[str, Cluster]
    parts: tuple[Part, ...]
    namespaces: Mapping[str, str]
    """Engine, `project:<name>` or `operator:<name>` to namespace."""

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
    platform = checked.platform
    order = in_use(checked)
    clusters = _clusters(platform, order)
    homes = {engine.name: homes_of(engine, clusters) for engine in order}
    prefix = platform.delivery.prefix
    namespaces = {engine.name: f"{prefix}{engine.namespace or engine.name}" for engine in order}
    namespaces |= {f"project:{name}": f"{prefix}{name}" for name in platform.projects}
    parts: list[Part] = []
    offers: dict[tuple[str, str], list[tuple[Capability, Capability]]] = {}
    for engine in order:
        for home in homes[engine.name]:
            offered = _offered(home, clusters, offers)
            here = frozenset(name for name, where in homes.items() if home in where)
            site = ClusterSite(
                checked=checked,
                spec=checked.engines[engine.name],
                platform=platform.platform,
                environment=environment,
                cluster_name=home,
                cluster=clusters[home],
                namespace=namespaces[engine.name],
                namespaces=namespaces,
                offered=offered,
                here=here,
            )
            room = engine.kubernetes
            outside = dataclasses.replace(site, outside=True)
            offers[(engine.name, home)] = list(zip(room.offers(site), room.offers(outside), strict=True))
            own = {type(inside): inside for inside, _ in offers[(engine.name, home)]}
            parts.append(Part(engine, dataclasses.replace(site, offered={**offered, **own})))
    # What came later is known now too: an engine may send to one that starts after it.
    complete = [_knowing(part, clusters, offers) for part in parts]
    around = {name: _neighbours([part for part in complete if part.site.cluster_name == name]) for name in clusters}
    finished = (
        Part(part.engine, dataclasses.replace(part.site, **around[part.site.cluster_name])) for part in complete
    )
    return Estate(checked, environment, clusters, tuple(finished), namespaces)


Offers = Mapping[tuple[str, str], list[tuple[Capability, Capability]]]
"""Engine and cluster to what it offers there: as its own cluster reaches it, and as the others do."""


def _knowing(part: Part, clusters: Mapping[str, Cluster], offers: Offers) -> Part:
    """A part that knows what all others offer."""
    here = part.site.cluster_name
    siblings = {
        cluster: tuple(outside for _, outside in pairs)
        for (engine, cluster), pairs in offers.items()
        if engine == part.engine.name and cluster != here
    }
    offered = {**_offered(here, clusters, offers), **part.site.offered}
    return Part(part.engine, dataclasses.replace(part.site, offered=offered, siblings=siblings))


def _neighbours(parts: list[Part]) -> dict[str, Any]:
    """What every part of a cluster knows of the others there: fields of `ClusterSite`."""
    operators: dict[str, tuple[Mapping[str, str], ...]] = {}
    serving: dict[str, tuple[tuple[str, Mapping[str, str]], ...]] = {}
    inhabited: set[str] = set()
    privileged: set[str] = set()
    for part in parts:
        room = part.engine.kubernetes
        for one in room.workloads(part.site):
            inhabited.add(one.namespace)
            if one.security == "privileged":
                privileged.add(one.namespace)
            for word in one.serves:
                serving[word] = (*serving.get(word, ()), (one.namespace, one.labels))
        moved = part.site.checked.platform.delivery.operators
        for one in room.operators(part.site):
            place = moved.get(one.name)
            space = (place and place.namespace) or one.namespace
            labels = (one.workload.labels,) if one.workload else ()
            known = operators.get(space, ())
            operators[space] = (*known, *(each for each in labels if each not in known))
    return {
        "operators": operators,
        "serving": serving,
        "inhabited": frozenset({*inhabited, *operators}),
        "privileged": frozenset(privileged),
    }


def _clusters(platform: Platform, order: tuple[Engine, ...]) -> dict[str, Cluster]:
    """The platform's clusters, and the one that manages them where something lives there."""
    found = clusters_of(platform)
    if any(engine.management for engine in order) and MANAGEMENT not in found:
        address = str(platform.delivery.rancher).rstrip("/")
        found[MANAGEMENT] = Cluster(server=f"{address}/k8s/clusters/local")
    return found


def _offered(home: str, clusters: Mapping[str, Cluster], offers: Offers) -> dict[type[Capability], Capability]:
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
