"""What Rancher is told of projects, clusters and backups. Pure.

Sources: ranchermanager.docs.rancher.com v2.14: "Projects" (API workflows), "Resource Quota Type Reference", "Backup
Configuration", "Backing up a Cluster"; rancher/rancher#47723 (a project's own namespace: `<cluster id>-<project id>`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rosace.engines import cron
from rosace.engines.rancher.spec import RancherSpec, Store
from rosace.engines.teams import managed, project_clusters, project_id
from rosace.model.cluster_words import Project, Quota
from rosace.model.platform import Platform

ROLES = {"owner": "project-owner", "member": "project-member", "viewer": "read-only"}
"""A member's word to Rancher's role."""

FLEET = "fleet-default"
"""Where Rancher keeps the clusters that it provisions."""

RESOURCES = "rancher-resource-set-full"
"""All that Rancher is, secrets too: they are encrypted."""

ENCRYPTION, CREDENTIAL = "rancher-backup-encryption", "rancher-backup-s3"
"""Secrets of the backup operator."""

KUBERNETES_ITSELF = ("aws", "azure", "gcp")
"""Providers that keep a managed cluster's etcd themselves."""


def projects(platform: Platform, spec: RancherSpec) -> dict[str, dict[str, Any]]:
    """Cluster id to its projects by name."""
    return {
        cluster: {project_id(platform, name): _project(platform, name, one, spec) for name, one in _sorted(platform)}
        for cluster in sorted(project_clusters(platform).values())
        if platform.projects
    }


def _sorted(platform: Platform) -> list[tuple[str, Project]]:
    return sorted(platform.projects.items())


def _project(platform: Platform, name: str, words: Project, spec: RancherSpec) -> dict[str, Any]:
    found: dict[str, Any] = {"displayName": f"{platform.platform} {name}", "members": {}}
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


def snapshots(platform: Platform, spec: RancherSpec) -> dict[str, dict[str, Any]]:
    """Clusters whose etcd Rancher keeps, by their name there, with when and how many snapshots are taken."""
    if platform.backups is None:
        return {}
    words = platform.backups.etcd
    found: dict[str, dict[str, Any]] = {}
    for name, cluster in managed(platform).items():
        if cluster.provider in KUBERNETES_ITSELF:
            continue
        found[spec.names.get(name, name)] = {
            "schedule": cron.every(words.every),
            "keep": words.keep,
            **({"s3": _etcd(spec.store, name)} if spec.store and spec.store.credential else {}),
        }
    return found


def _etcd(store: Store, cluster: str) -> dict[str, str]:
    return {
        "bucket": store.bucket,
        "cloudCredentialName": str(store.credential),
        "endpoint": store.endpoint,
        "folder": f"etcd/{cluster}",
        **({"region": store.region} if store.region else {}),
    }


def backup(platform: Platform, spec: RancherSpec, namespace: str) -> dict[str, Any] | None:
    """When Rancher itself is copied, and where to; None where nobody says where."""
    if platform.backups is None or spec.store is None:
        return None
    words = platform.backups.etcd
    return {
        "schedule": cron.every(words.every, minute=30),
        "keep": words.keep,
        "resources": RESOURCES,
        "encryption": ENCRYPTION,
        "s3": {
            "bucketName": spec.store.bucket,
            "credentialSecretName": CREDENTIAL,
            "credentialSecretNamespace": namespace,
            "endpoint": spec.store.endpoint,
            "folder": "rancher",
            **({"region": spec.store.region} if spec.store.region else {}),
        },
    }


def names(found: Iterable[str]) -> str:
    """For people: names, or a word where there are none."""
    return ", ".join(found) or "none"
