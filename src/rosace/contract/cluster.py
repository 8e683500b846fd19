"""What an engine says of itself on Kubernetes.

An engine with target `kubernetes` has `kubernetes.py` with `KUBERNETES`, its `KubernetesRoom`. Decisions become its
section of a chart's values (`values`), whose type its `values.py` says (`shape`); the chart's templates lay them out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel

from rosace.contract import values
from rosace.contract.backup import Backup
from rosace.contract.feed import Feed
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image, Operator, UpstreamChart
from rosace.contract.workload import Served, Workload
from rosace.model.capabilities import Address, Capability, Service
from rosace.model.checked import Checked, CheckedJob
from rosace.model.cluster_words import Cluster, Disk, Resources
from rosace.model.quantity import Size

C = TypeVar("C", bound=Capability)
S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Offered:
    """What engines offer, one of each kind, with addresses as one cluster reaches them."""

    by_kind: Mapping[type[Capability], Capability]

    def need(self, capability: type[C]) -> C:
        """The capability as offered by whichever engine provides it."""
        found = self.by_kind[capability]
        assert isinstance(found, capability)
        return found

    def has(self, capability: type[Capability]) -> bool:
        """True where some engine offers the capability."""
        return capability in self.by_kind


@dataclass(frozen=True, slots=True)
class Namespaces:
    """By name, the namespaces of a platform's engines (on all clusters) and of its projects."""

    engines: Mapping[str, str]
    projects: Mapping[str, str]

    def of(self, job: CheckedJob) -> str:
        """Where a job runs: its project's, or its engine's."""
        return self.projects[job.spec.project] if job.spec.project else self.engines[job.spec.engine]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSite:
    """Where one engine lives on a cluster, before anybody says what it offers.

    `namespace` is the engine's, `namespaces` are those of all. `here` are the engines on this cluster. `environment` is
    the overlay's name.
    """

    checked: Checked
    spec: BaseModel
    platform: str
    environment: str
    cluster_name: str
    cluster: Cluster
    namespace: str
    namespaces: Namespaces
    here: frozenset[str]
    outside: bool = False
    """True where addresses are asked for as other clusters reach them."""

    def told(self, offered: Offered, siblings: Mapping[str, tuple[Capability, ...]]) -> OfferedSite:
        """The same place, with what is offered."""
        return OfferedSite(
            checked=self.checked,
            spec=self.spec,
            platform=self.platform,
            environment=self.environment,
            cluster_name=self.cluster_name,
            cluster=self.cluster,
            namespace=self.namespace,
            namespaces=self.namespaces,
            here=self.here,
            outside=self.outside,
            offered=offered,
            siblings=siblings,
        )

    def jobs(self, engine: str) -> dict[str, CheckedJob]:
        """The jobs of an engine that were placed on this cluster, by name."""
        placed = self.checked.placement.jobs
        return {
            name: job
            for name, job in self.checked.jobs.items()
            if job.spec.engine == engine and placed[name].cluster == self.cluster_name
        }

    def words(self, kind: type[S]) -> S:
        """The engine's own words, as the type that its room gave them."""
        assert isinstance(self.spec, kind)
        return self.spec

    def namespace_of(self, job: CheckedJob) -> str:
        """Where a job runs: its project's namespace, or the engine's."""
        return self.namespaces.of(job)

    def operator_namespace(self, upstream: UpstreamChart, usual: str) -> str:
        """Where an operator is installed: where `delivery.operators` says, else in `usual`."""
        said = self.checked.platform.delivery.operators.get(upstream.name)
        return (said and said.namespace) or usual

    def service(self, name: str, namespace: str = "") -> str:
        """The full name of a service, of this engine's namespace where none is said: as its cluster knows it, or as
        the others do."""
        space = namespace or self.namespace
        if self.outside:
            return f"{name}.{space}.{self.cluster.dns or self.cluster_name}"
        return f"{name}.{space}.svc.{self.cluster.domain}"

    def address(self, name: str, port: int, scheme: str = "", namespace: str = "") -> Address:
        """Where such a service answers."""
        space = namespace or self.namespace
        return Address(self.service(name, space), port, scheme, Service(name, space))

    def priority(self, word: Literal["critical", "normal", "batch"]) -> str:
        """The PriorityClass of pods that keep data, that serve people and streams, or that can run later."""
        return f"{self.platform}-{word}"

    def image(self, image: Image) -> str:
        """The reference of an image, from the platform's own registry where it has one."""
        registry = self.checked.platform.delivery.registry
        return f"{registry}/{image.repository}:{image.tag}" if registry else image.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSite(PlacedSite):
    """The same, once everybody has said what is offered: enough to say which pods there are."""

    offered: Offered
    siblings: Mapping[str, tuple[Capability, ...]]
    """Cluster to what the same engine offers there, with addresses as other clusters reach them."""

    def among(self, around: Surroundings) -> ClusterSite:
        """The same place, with who lives around."""
        return ClusterSite(
            checked=self.checked,
            spec=self.spec,
            platform=self.platform,
            environment=self.environment,
            cluster_name=self.cluster_name,
            cluster=self.cluster,
            namespace=self.namespace,
            namespaces=self.namespaces,
            here=self.here,
            outside=self.outside,
            offered=self.offered,
            siblings=self.siblings,
            around=around,
        )

    def need(self, capability: type[C]) -> C:
        """The capability as offered by whichever engine provides it."""
        return self.offered.need(capability)

    def has(self, capability: type[Capability]) -> bool:
        """True where some engine offers the capability."""
        return self.offered.has(capability)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who lives on a cluster."""

    operators: Mapping[str, tuple[Mapping[str, str], ...]]
    """Namespaces in which operators live, with the labels of their pods."""
    serving: Mapping[Served, tuple[tuple[str, Mapping[str, str]], ...]]
    """What is served, such as a capability, to namespace and labels of the pods that serve it."""
    inhabited: frozenset[str]
    """Namespaces in which pods of the platform live, operators' too."""
    privileged: frozenset[str]
    """Namespaces with pods whose work is the node itself: no policy can hold there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSite(OfferedSite):
    """The same, once all pods are known: everything that was decided for an engine."""

    around: Surroundings


class KubernetesRoom(ABC):
    """What `kubernetes.py` exports an instance of as `KUBERNETES`. All functions are pure; what a room leaves out, it
    has nothing of.
    """

    chart: ClassVar[str]
    """A folder of `charts/`; empty for what has no objects of its own (a catalog in another engine's database)."""
    shape: ClassVar[type] = values.Section
    """The typed dictionary that `values` gives; the chart's schema is made of it."""

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        """What others may use, with addresses. `needed` is what those offer that come before."""
        return ()

    @abstractmethod
    def values(self, site: ClusterSite) -> Mapping[str, Any]:
        """The engine's section of the chart's values: every decision."""

    def outposts(self, site: ClusterSite) -> tuple[str, ...]:
        """Namespaces in which the chart lays out objects of this section although no pods of the platform live there:
        those that others make. Argo CD may write to them only since they are named here."""
        return ()

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        """Every kind of pod that there will be, those that operators create too."""
        return ()

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        """Upstream charts without which the objects mean nothing."""
        return ()

    def operator_values(self, site: ClusterSite, operator: Operator) -> Mapping[str, Any]:
        """What the chart of one of them is told: its own `values`, and what depends on who else lives there."""
        return operator.values

    def backups(self, site: OfferedSite) -> tuple[Backup, ...]:
        """What is copied into the backups' bucket, of a room with `Engine.backs_up` where `backups:` are said."""
        return ()

    def feeds(self, site: ClusterSite) -> tuple[Feed, ...]:
        """What sends or loads the files of the sources that it takes care of, on this cluster."""
        return ()

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        """Every image that its pods run."""
        return ()

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        """Every secret that its pods read."""
        return ()

    def watch(self, site: ClusterSite) -> Watch:
        """What is scraped, alarming, drawn."""
        return Watch()

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        """The engine's own configuration by file name (`server.properties`) as it ends up in its pods: by the same
        functions of `settings.py` as on this machine."""
        return {}

    def manual(self, site: ClusterSite) -> tuple[str, ...]:
        """Lines for the tree's README, in Markdown: how those connect who are no part of the platform."""
        return ()

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        """What is the same on this machine, what differs and why."""
        return ()


def resources(asked: Resources, cpu: str, memory: Size) -> values.Resources:
    """What a container asks for, with defaults of the room. Memory asked for is memory allowed."""
    amount = str(asked.memory or memory)
    limits: values.Limits = {"cpu": asked.cpu_limit, "memory": amount} if asked.cpu_limit else {"memory": amount}
    return {"requests": {"cpu": str(asked.cpu or cpu), "memory": amount}, "limits": limits}


def storage(disk: Disk, size: Size, cluster: Cluster) -> values.Volume:
    """Size and class of a volume, as charts say it."""
    found: values.Volume = {"size": str(disk.size or size)}
    if name := disk.class_ or cluster.storage_class:
        found["class"] = name
    return found
