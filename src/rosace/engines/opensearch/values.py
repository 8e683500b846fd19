"""OpenSearch's section of the chart `serving`: servers with volumes, and what tells their metrics."""

from __future__ import annotations

from rosace.contract.values import FromSecret, Passed, Resources, Section, Trial, Values, Volume


class Ports(Values):
    """Where each server listens."""

    http: int
    """For clients."""
    transport: int
    """For the other servers."""


class Exporter(Values):
    """The pod that tells metrics."""

    image: str
    """Its image."""
    port: int
    """The port that it listens at."""
    secret: str
    """The secret with the user as whom it asks."""
    securityContext: Passed
    """As whom it runs."""
    resources: Resources
    """What its container asks for and may take."""


class OpensearchValues(Section):
    """All that the chart knows of OpenSearch."""

    name: str
    """What the names of its objects begin with, and that of the service."""
    image: str
    """The servers' image."""
    replicas: int
    """How many servers."""
    ports: Ports
    """Where they listen."""
    config: Passed
    """Content of `opensearch.yml`."""
    security: dict[str, Passed]
    """Files of the security plugin, by name: users, roles, who has which."""
    heap: str
    """The Java heap, such as `2048m`: from the start, and at most."""
    resources: Resources
    """What each server asks for and may take."""
    storage: Volume
    """Each server's volume."""
    priority: str
    """The pods' priority class."""
    securityContext: Passed
    """As whom the servers' pods run."""
    topologySpreadConstraints: list[Passed]
    """How they keep apart."""
    certificate: str
    """The secret with the servers' certificate, its key, and who signed it."""
    passwords: dict[str, FromSecret]
    """Variables with users' passwords, and where these are kept."""
    exporter: Exporter
    """Its metrics."""
    test: Trial
    """The pod by which `helm test` asks it."""
