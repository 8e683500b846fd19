"""Namespaces with the level of Pod Security they enforce, the projects' quotas, and how urgent pods are.

A namespace holds data, so neither Helm nor Argo CD ever removes one. Sources: kubernetes.io/docs, "Enforce Pod Security
Standards with Namespace Labels", "Resource Quotas", "Limit Ranges", "Pod Priority and Preemption", v1.34.
"""

from __future__ import annotations

from typing import NotRequired

from rosace.contract.values import Requests, Section, Values
from rosace.contract.workload import Level
from rosace.kit.teams import annotation
from rosace.model.cluster_words import Quota
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import LEVELS, levels, namespaces, projects

CONTAINER: Requests = {"cpu": "100m", "memory": "512Mi"}
"""What a container of a project gets that says nothing: little, so that whoever needs more says so."""

PRIORITIES = {
    "critical": (1_000_000, "What keeps data: others make room for it."),
    "normal": (0, "What serves people and streams; also whatever says nothing."),
    "batch": (-1, "What can run later: it makes room for all others."),
}
"""Word to (value, meaning). Not below -10: for such pods the cluster autoscaler adds no node (its FAQ, "How does
Cluster Autoscaler work with Pod Priority and Preemption?")."""


class Space(Values):
    """A namespace."""

    holds: str
    """What for, in words."""
    podSecurity: Level
    """The level that it enforces."""
    project: NotRequired[str]
    """Whose it is."""
    rancherProject: NotRequired[str]
    """The same, as Rancher calls the project."""


class Memory(Values):
    """A bound on memory alone."""

    memory: str
    """Bytes, such as `512Mi`."""


class Share(Values):
    """What a container of a project gets that says nothing."""

    default: Memory
    """Allowed."""
    defaultRequest: Requests
    """Asked for."""


class Project(Values):
    """What a project may take in its namespace."""

    quota: dict[str, str]
    """In all, in the words of a ResourceQuota; empty for no bound."""
    container: Share
    """Each container, where it does not say itself."""


class Priority(Values):
    """How urgent pods are."""

    value: int
    """The higher, the more others make room."""
    description: str
    """For whom, in words."""


class NamespacesValues(Section):
    """Namespaces, shares of projects, priorities."""

    podSecurityVersion: str
    """The release of Kubernetes whose levels hold, such as `v1.34`."""
    spaces: dict[str, Space]
    """Namespaces by name."""
    projects: dict[str, Project]
    """Namespace to the share of its project."""
    priorities: dict[str, Priority]
    """PriorityClasses by name."""


class Namespaces:
    """See `rosace.deliver.concerns.Concern`."""

    name = "namespaces"
    chart = "governance"
    shape = NamespacesValues

    def values(self, estate: Estate, cluster: str) -> NamespacesValues:
        """The platform's namespaces here, the shares of projects that work here, and the priorities."""
        spaces = namespaces(estate, cluster)
        security = levels(estate, cluster)
        owners = {space: name for name, space in projects(estate, cluster).items()}
        return {
            "enabled": bool(spaces),
            "namespace": "",
            "labels": {},
            "podSecurityVersion": _version(estate.clusters[cluster].kubernetes),
            "spaces": {
                space: _space(estate, cluster, holds, security.get(space, LEVELS[0]), owners.get(space))
                for space, holds in spaces.items()
            },
            "projects": {
                space: {
                    "quota": _quota(estate.checked.platform.projects[name].quota),
                    "container": {"default": {"memory": CONTAINER["memory"]}, "defaultRequest": CONTAINER},
                }
                for space, name in sorted(owners.items())
            },
            "priorities": {
                f"{estate.platform}-{word}": {"value": value, "description": meaning}
                for word, (value, meaning) in PRIORITIES.items()
            },
        }


def _space(estate: Estate, cluster: str, holds: str, level: Level, project: str | None) -> Space:
    """A namespace, with whose it is, also as Rancher is told it."""
    found: Space = {"holds": holds, "podSecurity": level}
    if project:
        found["project"] = project
        if rancher := annotation(estate.checked.platform, cluster, project):
            found["rancherProject"] = rancher
    return found


def _version(kubernetes: str) -> str:
    """`v1.34` of a cluster's version: levels may change between releases, so they are pinned."""
    major, minor = kubernetes.removeprefix("v").split(".")[:2]
    return f"v{major}.{minor.split('+')[0].split('-')[0]}"


def _quota(quota: Quota) -> dict[str, str]:
    """A memory limit is what was asked for, in every room, so both have the same bound."""
    said = {
        "requests.cpu": quota.cpu,
        "requests.memory": quota.memory,
        "limits.memory": quota.memory,
        "requests.storage": quota.storage,
    }
    return {key: str(value) for key, value in said.items() if value is not None}


CONCERN = Namespaces()
