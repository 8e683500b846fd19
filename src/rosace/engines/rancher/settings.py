"""What Rancher is told of projects, clusters and backups. Pure.

Sources: ranchermanager.docs.rancher.com v2.14: "Projects" (API workflows), "Resource Quota Type Reference", "Backup
Configuration", "Backing up a Cluster"; rancher/rancher#47723 (a project's own namespace: `<cluster id>-<project id>`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rosace.engines.rancher import values
from rosace.engines.rancher.spec import RancherSpec, Store
from rosace.engines.rancher.values import Backup, BackupStore, Role, Snapshots, SnapshotStore
from rosace.kit import cron
from rosace.kit.teams import managed, project_clusters, project_id
from rosace.model.cluster_words import Project, Quota
from rosace.model.platform import Platform

ROLES: dict[str, Role] = {"owner": "project-owner", "member": "project-member", "viewer": "read-only"}
"""A member's word to Rancher's role."""

FLEET = "fleet-default"
"""Where Rancher keeps the clusters that it provisions."""

RESOURCES = "rancher-resource-set-full"
"""All that Rancher is, secrets too: they are encrypted."""

ENCRYPTION, CREDENTIAL = "rancher-backup-encryption", "rancher-backup-s3"
"""Secrets of the backup operator."""

KUBERNETES_ITSELF = ("aws", "azure", "gcp")
"""Providers that keep a managed cluster's etcd themselves."""


def projects(platform: Platform, spec: RancherSpec) -> dict[str, dict[str, values.Project]]:
    """Cluster id to its projects by name."""
    return {
        cluster: {project_id(platform, name): _project(platform, name, one, spec) for name, one in _sorted(platform)}
        for cluster in sorted(project_clusters(platform).values())
        if platform.projects
    }


def _sorted(platform: Platform) -> list[tuple[str, Project]]:
    return sorted(platform.projects.items())


def _project(platform: Platform, name: str, words: Project, spec: RancherSpec) -> values.Project:
    found: values.Project = {"displayName": f"{platform.platform} {name}", "members": {}}
    if quota := _quota(words.quota):
        found["quota"] = quota
    for group, role in sorted(words.members.items()):
        principal = group if "://" in group else f"{spec.principals}://{group}"
        found["members"][_plain(group)] = {"group": principal, "role": ROLES[role]}
    return found


def _plain(group: str) -> str:
    """A group's name as part of an object's."""
    return re.sub(r"[^a-z0-9]+", "-", group.lower()).strip("-")


def _quota(words: Quota) -> dict[str, str]:
    """The same bounds as in the namespace itself: a memory limit is what was asked for."""
    said = {
        "limitsMemory": words.memory,
        "requestsCpu": words.cpu,
        "requestsMemory": words.memory,
        "requestsStorage": words.storage,
    }
    return {key: str(value) for key, value in said.items() if value is not None}


def snapshots(platform: Platform, spec: RancherSpec) -> dict[str, Snapshots]:
    """Clusters whose etcd Rancher keeps, by their name there, with when and how many snapshots are taken."""
    if platform.backups is None:
        return {}
    words = platform.backups.etcd
    found: dict[str, Snapshots] = {}
    for name, cluster in managed(platform).items():
        if cluster.provider in KUBERNETES_ITSELF:
            continue
        kept: Snapshots = {"schedule": cron.every(words.every), "keep": words.keep}
        if spec.store and spec.store.credential:
            kept["s3"] = _etcd(spec.store, spec.store.credential, name)
        found[spec.names.get(name, name)] = kept
    return found


def _etcd(store: Store, credential: str, cluster: str) -> SnapshotStore:
    found: SnapshotStore = {
        "bucket": store.bucket,
        "cloudCredentialName": credential,
        "endpoint": store.endpoint,
        "folder": f"etcd/{cluster}",
    }
    if store.region:
        found["region"] = store.region
    return found


def backup(platform: Platform, spec: RancherSpec, namespace: str) -> Backup | None:
    """When Rancher itself is copied, and where to; None where nobody says where."""
    if platform.backups is None or spec.store is None:
        return None
    words = platform.backups.etcd
    store: BackupStore = {
        "bucketName": spec.store.bucket,
        "credentialSecretName": CREDENTIAL,
        "credentialSecretNamespace": namespace,
        "endpoint": spec.store.endpoint,
        "folder": "rancher",
    }
    if spec.store.region:
        store["region"] = spec.store.region
    return {
        "schedule": cron.every(words.every, minute=30),
        "keep": words.keep,
        "resources": RESOURCES,
        "encryption": ENCRYPTION,
        "s3": store,
    }


def names(found: Iterable[str]) -> str:
    """For people: names, or a word where there are none."""
    return ", ".join(found) or "none"
