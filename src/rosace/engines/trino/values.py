"""Trino's section of the chart `query`: a coordinator and workers, with what they read."""

from __future__ import annotations

from rosace.contract.values import FromSecret, Passed, Resources, Scale, Section, Trial, Values


class Node(Values):
    """One kind of server."""

    config: dict[str, str]
    """Lines of `config.properties`."""
    jvm: list[str]
    """Lines of `jvm.config`."""
    resources: Resources
    """What its container asks for and may take."""


class Workers(Node):
    """The servers that compute."""

    autoscale: Scale
    """Between how many."""
    endSeconds: int
    """Seconds that one gets to finish the tasks it has."""
    topologySpreadConstraints: list[Passed]
    """How they keep apart."""


class KafkaClient(Values):
    """How topics are read; empty where none is."""

    config: dict[str, str]
    """Settings of the client."""
    secrets: dict[str, str]
    """Folder below `/etc/kafka` to the secret whose keys are files there."""


class TrinoValues(Section):
    """All that the chart knows of Trino."""

    name: str
    """What the names of its objects begin with, and that of the service."""
    image: str
    """The image of its servers."""
    port: int
    """The port that each listens at."""
    securityContext: Passed
    """As whom pods run."""
    node: dict[str, str]
    """Lines of `node.properties`."""
    log: dict[str, str]
    """Lines of `log.properties`: logger to level."""
    access: Passed
    """Who may do what: the rules of file-based access control."""
    environment: dict[str, FromSecret]
    """Variables of the servers, and where their values are kept."""
    catalogs: dict[str, dict[str, str]]
    """Catalogs, by name: lines of each one's properties."""
    topics: dict[str, Passed]
    """Topics as tables, by name: each one's table definition file."""
    kafka: KafkaClient
    """How topics are read."""
    resourceGroups: Passed
    """How queries share the cluster: the file of Trino's resource groups."""
    coordinator: Node
    """The server that plans."""
    workers: Workers
    """The servers that compute."""
    test: Trial
    """The pod by which `helm test` asks it."""
