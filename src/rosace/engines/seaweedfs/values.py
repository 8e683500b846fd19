"""What the chart `storage` is told of SeaweedFS."""

from __future__ import annotations

from rosace.contract.values import Passed, Resources, Section, Values, Volume


class Ports(Values):
    """Ports that do not belong to one component."""

    s3: int
    """Of the service that clients use."""
    metrics: int
    """Of every pod, for Prometheus."""


class Component(Values):
    """Servers of one kind."""

    replicas: int
    """How many."""
    arguments: list[str]
    """What the program `weed` is told."""
    ports: dict[str, int]
    """By name, besides that of metrics; `s3` or `http` is asked how the server is."""
    health: str
    """The path at that port which answers where the server is well."""
    resources: Resources
    """What each gets."""
    storage: Volume
    """Of each."""
    topologySpreadConstraints: list[Passed]
    """How they keep apart."""


class Components(Values):
    """The kinds of servers."""

    master: Component
    """Knows which volume is where."""
    volume: Component
    """Keeps what is stored."""
    filer: Component
    """Knows the objects' names, and speaks S3."""


class Client(Values):
    """Somebody who may use the store."""

    secret: str
    """The secret with its `access-key` and `secret-key`."""
    actions: list[str]
    """What it may do, such as `Read:lake`."""


class Setup(Values):
    """The Job that makes the buckets."""

    buckets: list[str]
    """Their names."""
    masters: str
    """Addresses of the masters, with commas between."""
    filer: str
    """Address of the filer."""
    resources: Resources
    """What it gets."""


class SeaweedfsValues(Section):
    """SeaweedFS, without any operator."""

    name: str
    """What its objects are called, or begin with."""
    image: str
    """Of all its pods."""
    ports: Ports
    """Those of all."""
    securityContext: Passed
    """Of all its pods."""
    files: dict[str, str]
    """Name to content, for the folder of its configuration."""
    components: Components
    """Its servers."""
    clients: dict[str, Client]
    """By name."""
    setup: Setup
    """What must be there before anybody comes."""
