"""What has to be there before an engine's objects mean something: images, and upstream charts.

`Image` and `UpstreamChart` are pinned in a room's `versions.toml` and nowhere else (`rosace.contract.versions`).
"""

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
class Definitions:
    """Where custom resource definitions are published: a folder of a Git repository, and the files in it."""

    repository: str
    path: str
    revision: str
    include: str = "*.yaml"


@dataclass(frozen=True, slots=True)
class UpstreamChart:
    """A chart of another project, pinned from `source`; nothing here could pull it.

    `name` is what the platform calls it, `chart` what its `repository` does. `definitions` say where its custom
    resources are defined, None where it brings none. `kinds` are what it lays out outside of any namespace besides what
    most charts do (`ClusterScanProfile.compliance.cattle.io`): Argo CD's project has to allow them. `opens` says that
    it brings a network policy which lets all pods of its namespace talk to everybody, and has no value against it.
    `images` say for an image of the same `versions.toml` where the chart's values name it (`image`, with `registry`,
    `repository` and `tag` below).
    """

    name: str
    repository: str
    chart: str
    version: str
    source: str
    definitions: Definitions | None = None
    kinds: tuple[str, ...] = ()
    opens: bool = False
    images: Mapping[str, str] = field(default_factory=dict[str, str])


OPEN = "its chart brings a policy that lets all pods of the namespace talk to everybody, and has no value against it"
"""What people are told of an operator whose `UpstreamChart.opens`."""


@dataclass(frozen=True, slots=True)
class Operator:
    """An upstream chart that must be installed first, as an Argo CD application of its own.

    `crds` are the definitions that it serves (`kafkas.kafka.strimzi.io`) and that come in the first wave from where the
    chart's `definitions` are; none where the chart upgrades them itself.
    """

    upstream: UpstreamChart
    namespace: str
    crds: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    watched: tuple[str, ...] = ()
    """Namespaces whose resources it looks after."""
    workload: Workload | None = None
    """Its own pods, for network policies."""

    @property
    def name(self) -> str:
        return self.upstream.name
