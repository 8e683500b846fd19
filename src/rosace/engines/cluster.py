"""What a room says of its engine on Kubernetes.

A room with target `kubernetes` has `kubernetes.py` with `KUBERNETES`, its `KubernetesRoom`. Decisions become the room's
section of a chart's values (`values`), whose type the room's `values.py` says (`shape`). The chart's templates, and
nothing else, lay the values out as objects; they decide nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel

from rosace.engines import values
from rosace.model.capabilities import Capability
from rosace.model.checked import Checked, CheckedJob
from rosace.model.cluster_words import Cluster, Disk, Resources
from rosace.model.quantity import Size

C = TypeVar("C", bound=Capability)
S = TypeVar("S", bound=BaseModel)

API_SERVER = "api-server"
"""The name that stands for the cluster's own API server in `Workload.uses`."""

INTERNET = "internet"
"""The name that stands for addresses outside, in `Workload.uses`: Git, image and chart registries, alert receivers.
By HTTPS, or at another port where one follows: `internet:587`."""

NODES = "nodes"
"""The name that stands for the nodes' own addresses, in `Workload.uses`: kubelets, and exporters on the host."""

Level = Literal["restricted", "baseline", "privileged"]
"""Pod Security's levels, the strictest first (kubernetes.io, Pod Security Standards)."""

ON_ALL = "@all"
"""After a capability's name in `Workload.uses`: whoever serves it on every cluster, not only on this one. With a
cluster's name instead (`KafkaBootstrap@storage`): whoever serves it there."""


@dataclass(frozen=True, slots=True)
class ClusterSite:
    """Where one engine lives on a cluster, with everything that was decided for it.

    `namespace` is the engine's. `namespaces` maps the engines of the platform (on all clusters) and its projects to
    theirs. `offered` holds what other engines offer, with addresses as this cluster reaches them.
    `environment` is the overlay's name.
    """

    checked: Checked
    spec: BaseModel
    platform: str
    environment: str
    cluster_name: str
    cluster: Cluster
    namespace: str
    namespaces: Mapping[str, str]
    offered: Mapping[type[Capability], Capability] = field(default_factory=dict[type[Capability], Capability])
    siblings: Mapping[str, tuple[Capability, ...]] = field(default_factory=dict[str, tuple[Capability, ...]])
    """Cluster to what the same engine offers there, with addresses as other clusters reach them."""
    here: frozenset[str] = frozenset()
    """The engines on this cluster."""
    outside: bool = False
    """True where addresses are asked for as other clusters reach them."""
    operators: Mapping[str, tuple[Mapping[str, str], ...]] = field(
        default_factory=dict[str, tuple[Mapping[str, str], ...]]
    )
    """Namespaces of this cluster in which operators live, with the labels of their pods."""
    serving: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, Mapping[str, str]], ...]]
    )
    """A capability's name to namespace and labels of the pods that serve it on this cluster."""
    privileged: frozenset[str] = frozenset()
    """Namespaces of this cluster with pods whose work is the node itself: no policy can hold there."""
    inhabited: frozenset[str] = frozenset()
    """Namespaces of this cluster in which pods of the platform live, operators' too."""

    def jobs(self, engine: str) -> dict[str, CheckedJob]:
        """The jobs of an engine that were placed on this cluster, by name."""
        placed = self.checked.placement.jobs
        return {
            name: job
            for name, job in self.checked.jobs.items()
            if job.spec.engine == engine and placed[name].cluster == self.cluster_name
        }

    def need(self, capability: type[C]) -> C:
        """The capability as offered by whichever engine provides it."""
        found = self.offered[capability]
        assert isinstance(found, capability)
        return found

    def words(self, kind: type[S]) -> S:
        """The engine's own words, as the type that its room gave them."""
        assert isinstance(self.spec, kind)
        return self.spec

    def has(self, capability: type[Capability]) -> bool:
        return capability in self.offered

    def namespace_of(self, job: CheckedJob) -> str:
        """Where a job runs: its project's namespace, or the engine's."""
        project = job.spec.project
        return self.namespaces[f"project:{project}"] if project else self.namespace

    def service(self, name: str) -> str:
        """The full name of a service of this engine: as its cluster knows it, or as the others do."""
        if self.outside:
            return f"{name}.{self.namespace}.{self.cluster.dns or self.cluster_name}"
        return f"{name}.{self.namespace}.svc.{self.cluster.domain}"

    def priority(self, word: Literal["critical", "normal", "batch"]) -> str:
        """The PriorityClass of pods that keep data, that serve people and streams, or that can run later."""
        return f"{self.platform}-{word}"

    def image(self, image: Image) -> str:
        """The reference of an image, from the platform's own registry where it has one."""
        registry = self.checked.platform.delivery.registry
        return f"{registry}/{image.repository}:{image.tag}" if registry else image.reference


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


@dataclass(frozen=True, slots=True)
class Workload:
    """Pods that are one peer on the network.

    `labels` select them. `serves` maps what they offer to ports: the name of a capability's class (`KafkaBootstrap`),
    or a word of the engine's own (`metrics`, `controller`). `uses` names what they connect to: a capability's class
    (served by whichever engine; the one on its own cluster where there is one, with `ON_ALL` those of every cluster),
    `<workload>/<word>` within the same engine, `metrics` (all that anybody serves under this word), `API_SERVER`,
    `NODES`, `INTERNET` (by HTTPS; another port as `internet:587`).
    `webhook` are ports that the API server calls. Served under `NODES` is what nodes call, and
    pods that have no addresses but theirs.
    """

    name: str
    engine: str
    namespace: str
    labels: Mapping[str, str]
    serves: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    uses: tuple[str, ...] = ()
    webhook: tuple[int, ...] = ()
    entrance: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels besides `labels` of those pods that take calls from other clusters: the primary of a database."""
    doors: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """Capabilities for which its engine makes entrances for other clusters itself, with the ports behind them."""
    clients: tuple[str, ...] | None = None
    """The namespaces whose pods may use the capabilities it serves; those of everybody who asks where None."""
    security: Level = "restricted"
    """The strictest level of Pod Security that these pods keep to; their namespace enforces no more."""


@dataclass(frozen=True, slots=True)
class Scrape:
    """Pods whose metrics are collected. `port` is the container port's name; `labels` select the pods."""

    name: str
    namespace: str
    labels: Mapping[str, str]
    port: str
    path: str = "/metrics"


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert. `expr` is PromQL; `duration` how long it must hold; `runbook` what to do, in a sentence or two."""

    name: str
    expr: str
    duration: str
    severity: Literal["critical", "warning", "info"]
    summary: str
    runbook: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph of a dashboard. `unit` is Grafana's name of the unit (`bytes`, `short`, `s`, `reqps`)."""

    title: str
    expr: str
    unit: str = "short"
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """How an engine is watched: what is scraped, what is alarming, what is drawn."""

    scrapes: tuple[Scrape, ...] = ()
    rules: tuple[Rule, ...] = ()
    panels: tuple[Panel, ...] = ()


def joined(*watches: Watch) -> Watch:
    """All of them as one."""
    return Watch(
        tuple(scrape for watch in watches for scrape in watch.scrapes),
        tuple(rule for watch in watches for rule in watch.rules),
        tuple(panel for watch in watches for panel in watch.panels),
    )


@dataclass(frozen=True, slots=True)
class Parity:
    """One setting on this machine and on clusters. `why` is said where they differ."""

    setting: str
    local: str
    cluster: str
    verdict: Literal["same", "mapped", "not representable"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class SecretNeed:
    """A secret that must exist in `namespace` with these keys; its values never pass through here.

    `generated`: an operator makes it, so that nothing has to be brought. `copies_of`: `<namespace>/<name>` of the
    secret whose content it mirrors. `cluster`: the only one where it is read, though others have such a namespace too.
    `type`, `labels` and `annotations` are those of the Secret itself, where its reader
    looks at them.
    """

    name: str
    namespace: str
    keys: tuple[str, ...]
    purpose: str
    generated: bool = False
    copies_of: str = ""
    cluster: str = ""
    type: str = ""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Backup:
    """Something that is copied into the backups' bucket again and again: what a room with `backs_up` gives.

    `script` runs in `image` as `user` and writes files below `/copy/files` (the root of a new volume may hold more);
    `env` are its plain variables, `secrets` those from a secret's key (name, key). `storage` is the volume that holds
    one copy (size, class), `resources` what the container gets. Its pods carry the labels of
    `rosace.engines.backing.labels`; the room lists them in `workloads`.
    """

    name: str
    namespace: str
    image: Image
    script: str
    user: int
    env: Mapping[str, str]
    secrets: Mapping[str, tuple[str, str]]
    storage: values.Volume
    resources: values.Resources


@dataclass(frozen=True, slots=True)
class Frozen:
    """A field of a kind that cannot be changed in place. `when`: it may still grow, or not even that."""

    kind: str
    path: str
    why: str
    when: Literal["changes", "shrinks"] = "changes"


class KubernetesRoom(ABC):
    """What `kubernetes.py` exports an instance of as `KUBERNETES`. All functions are pure; what a room leaves out, it
    has nothing of. A room with `Engine.backs_up` also has `backups(site) -> tuple[Backup, ...]`.
    """

    chart: ClassVar[str]
    """A folder of `charts/`; empty for what has no objects of its own (a catalog in another engine's database)."""
    shape: ClassVar[type] = values.Section
    """The typed dictionary that `values` gives; the chart's schema is made of it."""

    def offers(self, site: ClusterSite) -> tuple[Capability, ...]:
        """What others may use, with addresses. Called before others offer, like in the local room."""
        return ()

    @abstractmethod
    def values(self, site: ClusterSite) -> Mapping[str, Any]:
        """The engine's section of the chart's values: every decision."""

    def outposts(self, site: ClusterSite) -> tuple[str, ...]:
        """Namespaces in which the chart lays out objects of this section although no pods of the platform live there:
        those that others make. Argo CD may write to them only since they are named here."""
        return ()

    def workloads(self, site: ClusterSite) -> tuple[Workload, ...]:
        """Every kind of pod that there will be, those that operators create too."""
        return ()

    def operators(self, site: ClusterSite) -> tuple[Operator, ...]:
        """Upstream charts without which the objects mean nothing."""
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
