"""What the chart `observability` is told of Prometheus and Alertmanager."""

from __future__ import annotations

from typing import NotRequired

from rosace.contract.values import FromSecret, Passed, Resources, Section, Trial, Values, Volume
from rosace.kit.objstore import Credentials
from rosace.kit.storetls import Certified


class Reloader(Values):
    """The operator's container that hands on new configuration, beside each Prometheus and Alertmanager."""

    resources: Resources
    """What it gets."""


class Component(Values):
    """A part of Kubernetes itself that is measured."""

    namespace: str
    """Where its service is."""
    selector: dict[str, str]
    """Labels of its service."""
    port: str
    """The name of the service's port; HTTPS is spoken there."""
    paths: list[str]
    """Where its metrics are."""
    tls: Passed
    """How its certificate is looked at, as a ServiceMonitor's `tlsConfig`."""
    drop: str
    """Names of metrics that are not kept, a regular expression."""


class Sidecar(Certified):
    """Thanos beside each Prometheus. Where it is not enabled, it says nothing else."""

    enabled: bool
    """Whether there is one."""
    version: NotRequired[str]
    """Of Thanos, as the operator reads it to know its flags."""
    image: NotRequired[str]
    """Of Thanos."""
    service: NotRequired[str]
    """What the service is called by which the others find each replica."""
    port: NotRequired[int]
    """Where it answers, by gRPC."""
    objstore: NotRequired[Passed]
    """Where blocks are copied to: Thanos' configuration of object storage."""
    credentials: NotRequired[Credentials]
    """The bucket's user."""
    resources: NotRequired[Resources]
    """What it gets."""


class Alertmanager(Values):
    """Who groups alerts and tells people."""

    name: str
    """What its objects are called."""
    labels: dict[str, str]
    """Labels of all its objects, besides those of the platform."""
    version: str
    """As the operator reads it to know its flags."""
    image: str
    """Of each pod."""
    replicas: int
    """How many; they tell once together."""
    port: int
    """Of its service."""
    retention: str
    """How long it remembers silences and what it told, such as `120h`."""
    resources: Resources
    """What each gets."""
    storage: Volume
    """Of each."""
    pod: Passed
    """What else the resource says of its pods: security, and how they keep apart."""
    disruptions: Passed
    """How many may be away at once, as a PodDisruptionBudget says it."""
    variables: dict[str, FromSecret]
    """Variables that its configuration may name."""
    config: Passed
    """Routes and receivers: what an AlertmanagerConfig says."""


class PrometheusValues(Section):
    """Prometheus and Alertmanager, by the Prometheus operator."""

    name: str
    """What its objects are called."""
    version: str
    """As the operator reads it to know its flags."""
    image: str
    """Of each pod."""
    replicas: int
    """How many; each measures everything."""
    scrapeInterval: str
    """How often it measures, such as `30s`; rules are judged as often."""
    scrapeTimeout: str
    """How long it waits for an answer, such as `10s`."""
    retention: str
    """How long it keeps what it measured, such as `15d`."""
    retentionSize: str
    """How much of it at most, such as `40GiB`."""
    externalLabels: dict[str, str]
    """Labels of everything it measures, for those who ask several."""
    port: int
    """Of its service."""
    resources: Resources
    """What each gets."""
    reloader: Reloader
    """Beside each."""
    storage: Volume
    """Of each."""
    pod: Passed
    """What else the resource says of its pods: security, and how they keep apart."""
    disruptions: Passed
    """How many may be away at once, as a PodDisruptionBudget says it."""
    components: dict[str, Component]
    """By name."""
    sidecar: Sidecar
    """Thanos, where metrics are kept for long."""
    alertmanager: Alertmanager
    """Where alerts go."""
    test: Trial
    """The pod by which `helm test` asks it."""
