"""Whose pods live in which namespace of which cluster: engines', operators' and projects'.

Comes in: `Estate`. Goes out: `Resident`s and namespaces. Must not: know an engine, or decide who talks to whom.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from rosace.contract.needs import SecretNeed
from rosace.contract.operator import Operator
from rosace.contract.workload import Level, Workload
from rosace.plan.clusters.topology import Estate, Part

_NOT_OURS = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Namespaces that every cluster has: nothing of theirs is changed."""

LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Resident:
    """Pods of one kind on one cluster. `part` is the engine that asked for them, also for an operator's."""

    cluster: str
    part: Part
    workload: Workload


def operators(estate: Estate, cluster: str) -> tuple[tuple[Part, Operator], ...]:
    """The operators that a cluster needs, each once: where several rooms ask for the same, the first says how."""
    found: dict[str, tuple[Part, Operator]] = {}
    for part in estate.on(cluster):
        for operator in part.operators:
            found.setdefault(operator.name, (part, operator))
    return tuple(found.values())


@lru_cache(maxsize=16)
def residents(estate: Estate, cluster: str) -> tuple[Resident, ...]:
    """All kinds of pods of a cluster, those of operators last."""
    found = [Resident(cluster, part, workload) for part in estate.on(cluster) for workload in part.workloads]
    found += [Resident(cluster, part, one.workload) for part, one in operators(estate, cluster) if one.workload]
    return tuple(found)


@lru_cache(maxsize=16)
def secrets(estate: Estate, cluster: str) -> tuple[SecretNeed, ...]:
    """Every secret of a cluster once, by namespace and name, with all keys that anybody asks for.

    Who offers something says which secret its clients find in their namespaces: it is needed on each cluster where
    such a namespace lives, and nowhere if none does.
    """
    here = _alive(estate, cluster)
    found: dict[tuple[str, str], SecretNeed] = {}
    for part in estate.parts:
        for need in part.engine.kubernetes.secrets(part.site):
            own = need.namespace == part.site.namespace
            elsewhere = (own and part.site.cluster_name != cluster) or need.cluster not in ("", cluster)
            if need.namespace not in here or elsewhere:
                continue
            known = found.get((need.namespace, need.name))
            found[(need.namespace, need.name)] = need if known is None else _both(known, need)
    return tuple(found[place] for place in sorted(found))


def _both(one: SecretNeed, other: SecretNeed) -> SecretNeed:
    return dataclasses.replace(
        one,
        keys=tuple(dict.fromkeys([*one.keys, *other.keys])),
        generated=one.generated or other.generated,
        copies_of=one.copies_of or other.copies_of,
        type=one.type or other.type,
        labels={**other.labels, **one.labels},
        annotations={**other.annotations, **one.annotations},
    )


def projects(estate: Estate, cluster: str) -> dict[str, str]:
    """The projects that work on a cluster, with their namespaces: wherever jobs run, or pods of theirs are."""
    jobs = len(estate.clusters) == 1 or any(part.engine.runs for part in estate.on(cluster))
    used = {one.workload.namespace for one in residents(estate, cluster)}
    spaces = {name: estate.namespaces.projects[name] for name in estate.checked.platform.projects}
    return {name: space for name, space in spaces.items() if jobs or space in used}


def namespaces(estate: Estate, cluster: str) -> dict[str, str]:
    """Every namespace of the platform on a cluster, in alphabetical order, and what lives in it, in words."""
    alive = _alive(estate, cluster)
    return {name: ", ".join(dict.fromkeys(alive[name])) for name in sorted(alive) if name not in _NOT_OURS}


def _alive(estate: Estate, cluster: str) -> dict[str, list[str]]:
    """Every namespace where something of the platform lives, in any order, with what that is."""
    found: dict[str, list[str]] = {}
    for part in estate.on(cluster):
        if part.engine.kubernetes.chart:
            found.setdefault(part.site.namespace, []).append(part.engine.title)
    for name, space in projects(estate, cluster).items():
        found.setdefault(space, []).append(f"project {name}")
    for _, operator in operators(estate, cluster):
        found.setdefault(operator.namespace, []).append(f"operator {operator.name}")
    for one in residents(estate, cluster):
        if one.workload.namespace not in found:
            found[one.workload.namespace] = [one.part.engine.title]
    return found


def levels(estate: Estate, cluster: str) -> dict[str, Level]:
    """Namespace to the strictest level of Pod Security that all of its pods keep to."""
    found: dict[str, Level] = {}
    for one in residents(estate, cluster):
        space = one.workload.namespace
        both: tuple[Level, Level] = (found.get(space, LEVELS[0]), one.workload.security)
        found[space] = max(both, key=LEVELS.index)
    return found
