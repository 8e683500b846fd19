"""What `helm test` makes of the examples, by the real Helm; and whom its pods ask: names of services become pods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from compiled import EXAMPLES, ROOT, compiled, example, laid_out

from rosace.deliver.build import Built
from rosace.plan.clusters.workloads import residents

Obj = dict[str, Any]
Labels = dict[str, Any]

PLATFORMS = (*EXAMPLES, "seaweedfs")
"""The examples, and the first one with the other object storage."""

ASKED = re.compile(r"(?:(?P<scheme>https?)://|--bootstrap-server )(?P<host>[a-z0-9.-]+)(?::(?P<port>\d+))?")
PORTS = {"http": 80, "https": 443}

OF_OPERATORS: dict[str, Labels] = {
    r"(.+)-kafka-bootstrap": {"strimzi.io/cluster": r"\1", "strimzi.io/pool-name": "broker"},
    r"(.+)-rest": {"app": r"\1", "component": "jobmanager"},
    r"minio": {"v1.min.io/tenant": None},
}
"""Services that operators make: name to the labels of the pods behind, None for any value."""

TARGETS = {("minio", 80): 9000}
"""The pods' port behind such a service, where it is another."""


@cache
def built(name: str) -> Built:
    """One of `PLATFORMS`, compiled."""
    if name in EXAMPLES:
        return example(name)
    return compiled(ROOT / "examples" / "flights", "prod", f"storage.provider={name}")


@cache
def hooks(name: str) -> tuple[tuple[str, str, Obj], ...]:
    """Every object that `helm test` makes, with its cluster and its chart."""
    return tuple(
        (release.cluster, release.chart, one)
        for release in built(name).releases
        for one in laid_out(release, hooks=True)
    )


def pods(name: str) -> list[tuple[str, Obj]]:
    """Only the pods, with their cluster."""
    return [(cluster, one) for cluster, _, one in hooks(name) if one["kind"] == "Pod"]


def questions(pod: Obj) -> Iterator[tuple[str, int]]:
    """Host and port of everything that the containers of a pod connect to, as they say it."""
    for box in pod["spec"]["containers"]:
        said = {one["name"]: one["value"] for one in box.get("env", ()) if "value" in one}
        for text in (*box["command"], *said.values()):
            for found in ASKED.finditer(text):
                yield found["host"], int(found["port"] or PORTS[found["scheme"]])
        if "PGHOST" in said:
            yield said["PGHOST"], int(said["PGPORT"])


def services(name: str, cluster: str, space: str) -> list[Obj]:
    """The services that charts lay out in a namespace."""
    here = (one for one in _objects(name, cluster) if one["kind"] == "Service")
    return [one for one in here if one["metadata"]["namespace"] == space]


def behind(name: str, cluster: str, space: str, host: str, port: int) -> list[tuple[Labels, int]]:
    """The pods that a host stands for, which has no dot where it is in the same namespace: labels and port."""
    service, space = [*host.split("."), space][:2]
    wanted, number = _selected(name, cluster, space, service, port)
    found = (one.workload for one in residents(built(name).estate, cluster) if one.workload.namespace == space)
    return [
        (dict(one.labels), number)
        for one in found
        if all(key in one.labels and value in (None, one.labels[key]) for key, value in wanted.items())
    ]


def _selected(name: str, cluster: str, space: str, service: str, port: int) -> tuple[Labels, int]:
    """Which labels the pods of a service have, and at which port they listen."""
    for one in services(name, cluster, space):
        if one["metadata"]["name"] == service:
            labels = one["spec"]["selector"]
            (target,) = [each["targetPort"] for each in one["spec"]["ports"] if each["port"] == port]
            return labels, target if isinstance(target, int) else _named(name, cluster, labels, target, port)
    for pattern, labels in OF_OPERATORS.items():
        if found := re.fullmatch(pattern, service):
            made = {key: value and found.expand(value) for key, value in labels.items()}
            return made, TARGETS.get((service, port), port)
    raise AssertionError(f"nobody makes the service {service} in {space}")


def _named(name: str, cluster: str, labels: Labels, word: str, port: int) -> int:
    """The number of a named port of the pods with these labels; pods of operators have the service's."""
    for one in _objects(name, cluster):
        if one["kind"] in ("Deployment", "StatefulSet"):
            template = one["spec"]["template"]
            if labels.items() <= template["metadata"]["labels"].items():
                ports = (each for box in template["spec"]["containers"] for each in box.get("ports", ()))
                return next(each["containerPort"] for each in ports if each["name"] == word)
    return port


def _objects(name: str, cluster: str) -> Iterator[Obj]:
    return (one for release in built(name).releases if release.cluster == cluster for one in laid_out(release))
