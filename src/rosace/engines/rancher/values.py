"""What the chart `management` is told of Rancher."""

from __future__ import annotations

from typing import Literal, NotRequired

from rosace.contract.values import Section, Values

Role = Literal["project-owner", "project-member", "read-only"]
"""Rancher's own roles in a project."""


class Member(Values):
    """A group that belongs to a project."""

    group: str
    """Its principal, such as `activedirectory_group://CN=...`."""
    role: Role
    """What its people may do."""


class Project(Values):
    """A project of Rancher on one cluster."""

    displayName: str
    """What people see."""
    members: dict[str, Member]
    """By name, as objects may be called."""
    quota: NotRequired[dict[str, str]]
    """What it may take: Rancher's name of a resource (`requestsCpu`) to amount."""


class SnapshotStore(Values):
    """A bucket for snapshots of etcd, in the words of Rancher's clusters."""

    bucket: str
    """Its name."""
    cloudCredentialName: str
    """Rancher's cloud credential with its user."""
    endpoint: str
    """The host of the object storage."""
    folder: str
    """The folder of this cluster."""
    region: NotRequired[str]
    """Where the storage has regions."""


class Snapshots(Values):
    """Snapshots of a cluster's etcd."""

    schedule: str
    """When, as cron says it."""
    keep: int
    """How many."""
    s3: NotRequired[SnapshotStore]
    """Where they are copied; they stay on the cluster's nodes where unsaid."""


class BackupStore(Values):
    """A bucket for Rancher itself, in the words of its backup operator."""

    bucketName: str
    """Its name."""
    credentialSecretName: str
    """The secret with its user."""
    credentialSecretNamespace: str
    """Where that secret is."""
    endpoint: str
    """The host of the object storage."""
    folder: str
    """The folder in it."""
    region: NotRequired[str]
    """Where the storage has regions."""


class Backup(Values):
    """Copies of Rancher itself."""

    schedule: str
    """When, as cron says it."""
    keep: int
    """How many."""
    resources: str
    """The operator's ResourceSet that says what Rancher is made of."""
    encryption: str
    """The secret with the key that copies are encrypted by."""
    s3: BackupStore
    """Where they go."""


class RancherValues(Section):
    """What is asked of Rancher, on its own cluster."""

    projects: dict[str, dict[str, Project]]
    """Rancher's id of a cluster to its projects by name."""
    clustersIn: str
    """The namespace of the clusters that Rancher provisioned."""
    snapshots: dict[str, Snapshots]
    """By Rancher's name of the cluster."""
    backup: NotRequired[Backup]
    """Of Rancher itself, where there is a bucket."""
