"""What the chart `observability` is told of Thanos."""

from __future__ import annotations

from rosace.contract.values import Passed, Resources, Section, Trial, Values, Volume
from rosace.kit.objstore import Credentials
from rosace.kit.storetls import Certified


class Pods(Values):
    """Pods of one kind."""

    name: str
    """What their objects are called."""
    labels: dict[str, str]
    """Labels of their objects, by which they are found, too."""
    pod: Passed
    """What else is said of each: security, and how they keep apart."""


class Part(Pods):
    """One of Thanos' programs, in pods of its own."""

    command: str
    """Which program, such as `query`."""
    certificate: bool
    """Whether it shows the stores' certificate."""
    replicas: int
    """How many pods."""
    flags: dict[str, str]
    """Flag to value; one without a value is a switch."""
    resources: Resources
    """What each pod gets."""


class Server(Part):
    """A program without state of its own."""

    endpoints: list[str]
    """Addresses of the stores that it asks."""


class Store(Part):
    """A program that works on the bucket."""

    storage: Volume
    """What each pod works on."""


class ThanosValues(Section, Certified):
    """Thanos: two programs that answer, two that work on the bucket."""

    image: str
    """Of all its pods."""
    http: int
    """The port where each program answers people and Prometheus."""
    grpc: int
    """The port where programs ask each other."""
    objstore: Passed
    """Where the bucket is: Thanos' configuration of object storage."""
    credentials: Credentials
    """The bucket's user."""
    servers: dict[str, Server]
    """By name: `query`, which asks all stores, and `frontend` before it."""
    stores: dict[str, Store]
    """By name: `store`, which answers from the bucket, and `compactor`, of which there may be one."""
    test: Trial
    """The pod by which `helm test` asks it."""
