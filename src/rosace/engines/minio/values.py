"""What the chart `storage` is told of MinIO."""

from __future__ import annotations

from typing import Literal, NotRequired

from rosace.contract.values import Passed, Resources, Section, Values, Volume


class Temporary(Values):
    """Where a server writes besides its drives."""

    size: str
    """The most it may hold, such as `1Gi`."""


class Sidecar(Values):
    """The operator's container beside each server."""

    resources: Resources
    """What it gets."""


class Setup(Values):
    """The Job that brings a tenant to what its values say."""

    image: str
    """With MinIO's client, `mc`."""
    script: str
    """What it runs, for `/bin/sh`."""
    resources: Resources
    """What it gets."""


class Bucket(Values):
    """A bucket of a tenant."""

    versioning: bool
    """Whether it keeps what is overwritten or deleted."""


class Client(Values):
    """Somebody who may use a tenant."""

    secret: str
    """The secret with its `access-key` and `secret-key`."""
    policy: Passed
    """What it may do, as a policy of S3."""


class Tier(Values):
    """Another store, to which objects move."""

    kind: Literal["minio", "s3"]
    """What speaks there."""
    endpoint: str
    """Its address, a URL."""
    bucket: str
    """Where objects go."""
    prefix: str
    """What their names begin with there."""
    region: NotRequired[str]
    """The region of the bucket."""
    storageClass: NotRequired[str]
    """The class that objects get there."""
    secret: str
    """The secret with its `access-key` and `secret-key`."""


class Tenant(Values):
    """A store of its own: servers, buckets and clients."""

    namespace: str
    """Where it lives; no two share one."""
    secret: str
    """The secret with the administrator's name and password, below `config.env`."""
    storage: Volume
    """Each drive."""
    topologySpreadConstraints: list[Passed]
    """How its servers keep apart."""
    buckets: dict[str, Bucket]
    """By name."""
    lifecycles: dict[str, Passed]
    """Bucket to its rules, as `mc ilm rule import` takes them."""
    tiers: dict[str, Tier]
    """By MinIO's name, in capitals."""
    clients: dict[str, Client]
    """By name."""


class MinioValues(Section):
    """MinIO: tenants of its operator."""

    image: str
    """Of the servers."""
    port: int
    """Where each server answers, to S3 and to who asks whether it is well."""
    consolePort: int
    """Where people look at a tenant, behind the service that the operator makes."""
    servers: int
    """How many each tenant has."""
    volumesPerServer: int
    """How many drives each server has."""
    config: dict[str, str]
    """Variables of each server."""
    resources: Resources
    """What each server gets."""
    priority: str
    """The PriorityClass of the servers."""
    securityContext: Passed
    """Of all its pods."""
    temporary: Temporary
    """Of each server."""
    sidecar: Sidecar
    """Of each server."""
    setup: Setup
    """Of each tenant."""
    tenants: dict[str, Tenant]
    """By name."""
