"""PostgreSQL's section of the chart `serving`: one server with its volume."""

from __future__ import annotations

from rosace.contract.values import Passed, Resources, Section, Trial, Values, Volume


class Secrets(Values):
    """Secrets that the server's pod reads, by name."""

    admin: str
    """The superuser's."""
    user: str
    """Of the role as which the platform connects."""
    certificate: str
    """The server's certificate and key."""


class Exporter(Values):
    """The container that tells metrics."""

    image: str
    """Its image."""
    port: int
    """The port that it listens at."""
    role: str
    """As which role it asks the server."""
    resources: Resources
    """What it asks for and may take."""


class Keeper(Values):
    """The container that keeps roles, the database and passwords as they are said."""

    resources: Resources
    """What it asks for and may take."""


class PostgresqlValues(Section):
    """All that the chart knows of PostgreSQL."""

    name: str
    """What the names of its objects begin with, and that of the service."""
    image: str
    """The server's image."""
    port: int
    """The port that it listens at."""
    database: str
    """The platform's database in it."""
    config: dict[str, str]
    """Lines of `postgresql.conf`."""
    access: list[str]
    """Lines of `pg_hba.conf`: who may connect, from where and how."""
    identities: list[str]
    """Lines of `pg_ident.conf`: which users of the pod are which roles."""
    roles: str
    """SQL that makes the platform's role and database, again and again the same."""
    serving: str
    """SQL after that: what is exported to it, as tables and views; empty where nothing is."""
    initdb: list[str]
    """How the volume's first start makes the cluster: options of `initdb`."""
    secrets: Secrets
    """What is secret."""
    resources: Resources
    """What the server asks for and may take."""
    storage: Volume
    """Its volume."""
    sharedMemory: str
    """How much its processes may share in `/dev/shm`, such as `256Mi`."""
    priority: str
    """The pod's priority class."""
    securityContext: Passed
    """As whom the pod runs."""
    exporter: Exporter
    """Its metrics."""
    keeper: Keeper
    """Its roles and passwords."""
    test: Trial
    """The pod by which `helm test` asks it."""
