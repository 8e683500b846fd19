"""What has to be there before an engine's objects mean something: images, and upstream charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rosace.contract.workload import Workload


@dataclass(frozen=True, slots=True)
class Image:
    """A container image. `source` is where its project publishes name and tag; `digest` where it is known."""

    name: str
    registry: str
    repository: str
    tag: str
    source: str
    digest: str = ""
    licence: str = ""

    @property
    def reference(self) -> str:
        """`registry/repository:tag`, as a container runtime pulls it."""
        return f"{self.registry}/{self.repository}:{self.tag}"


@dataclass(frozen=True, slots=True)
class Operator:
    """An upstream chart that must be installed first, as an Argo CD application of its own.

    `repo`, `chart` and `version` are pinned from `source`; nothing here could pull it. `crds` are the definitions that
    it serves (`kafkas.kafka.strimzi.io`); they come in the first wave from `crd_repo`, folder `crd_path`, at
    `crd_revision`.
    """

    name: str
    repo: str
    chart: str
    version: str
    namespace: str
    source: str
    crds: tuple[str, ...]
    crd_repo: str
    crd_path: str
    crd_revision: str
    crd_include: str = "*.yaml"
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    watched: tuple[str, ...] = ()
    """Namespaces whose resources it looks after."""
    workload: Workload | None = None
    """Its own pods, for network policies."""
