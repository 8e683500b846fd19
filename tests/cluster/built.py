"""Everything that the examples become, for the judges of this folder."""

from __future__ import annotations

from functools import cache
from typing import Any

from compiled import EXAMPLES, example, laid_out, plain

from rosace.deliver import applications

Obj = dict[str, Any]

PROJECTS = (
    "argo-cd",
    "external-secrets",
    "flink-kubernetes-operator",
    "gatekeeper",
    "minio-operator",
    "prometheus-operator",
    "rancher",
    "rancher-backup",
    "rancher-compliance",
    "spark-operator",
    "strimzi-kafka-operator",
)
"""The upstream projects whose definitions the first wave brings, and External Secrets, which has to be there."""

__all__ = ["EXAMPLES", "PROJECTS", "Obj", "argo", "clusters", "everything"]


def clusters(name: str) -> dict[str, list[Obj]]:
    """Cluster to its objects, in the order of the waves of the applications that bring them."""
    built = example(name)
    found: dict[str, list[Obj]] = {}
    waves = applications.WAVES
    for release in sorted(built.releases, key=lambda one: waves.get(one.chart, applications.LAST)):
        found.setdefault(release.cluster, []).extend(laid_out(release))
    return found


def argo(name: str) -> list[Obj]:
    """What Argo CD itself is given."""
    built = example(name)
    more = [applications.project(built.estate, built.applications, built.releases)]
    more += [applications.root(built.estate), applications.settings(built.estate)]
    return plain([*(app.body for app in built.applications), *more])


@cache
def everything(name: str) -> tuple[Obj, ...]:
    """All objects of all clusters."""
    return (*(one for objects in clusters(name).values() for one in objects), *argo(name))
