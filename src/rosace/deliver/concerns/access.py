"""What people may do: members of a project in its namespace, by groups of the identity provider.

Kubernetes' own roles `admin`, `edit` and `view` know no custom resources: two cluster roles add the platform's to them
by aggregation. Source: kubernetes.io/docs, "Using RBAC Authorization", v1.34, "User-facing roles" and "Aggregated
ClusterRoles".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rosace.contract.values import Section, Values
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import operators, projects

ROLES = {"owner": "admin", "member": "edit", "viewer": "view"}
"""A member's word to Kubernetes' role."""

Known = Literal["view", "edit"]
"""Kubernetes' own roles that come to know the platform's resources."""

VERBS: dict[Known, list[str]] = {
    "view": ["get", "list", "watch"],
    "edit": ["create", "delete", "deletecollection", "patch", "update"],
}


class Grant(Values):
    """What people get in a namespace."""

    role: str
    """Kubernetes' role."""
    groups: list[str]
    """Who: groups of the identity provider."""


class Role(Values):
    """What one of Kubernetes' own roles comes to know of the platform's resources."""

    into: Known
    """The role."""
    verbs: list[str]
    """What it may do with them."""
    resources: dict[str, list[str]]
    """API group to the plural names of its resources."""


class AccessValues(Section):
    """Who may do what in the projects' namespaces."""

    bindings: dict[str, dict[str, Grant]]
    """Namespace to its grants by name."""
    roles: dict[str, Role]
    """Cluster roles by name."""


class Access:
    """See `rosace.deliver.concerns.Concern`."""

    name = "access"
    chart = "governance"
    shape = AccessValues

    def values(self, estate: Estate, cluster: str) -> AccessValues:
        """Members of each project that works here by role, and the resources that roles come to know."""
        found: dict[str, dict[str, Grant]] = {}
        for name, space in sorted(projects(estate, cluster).items()):
            members = estate.checked.platform.projects[name].members
            for word, role in ROLES.items():
                if groups := sorted(group for group, said in members.items() if said == word):
                    found.setdefault(space, {})[f"{word}s"] = {"role": role, "groups": groups}
        asked = operators(estate, cluster)
        resources: dict[Known, dict[str, list[str]]] = {
            # Everybody who sees a namespace sees what is in it; jobs are what projects change.
            "view": _resources(crd for _, one in asked for crd in one.crds),
            "edit": _resources(crd for part, one in asked if part.engine.runs for crd in one.crds),
        }
        return {
            "enabled": bool(found or any(resources.values())),
            "namespace": "",
            "labels": {},
            "bindings": found,
            "roles": {
                f"{estate.platform}-{role}": {"into": role, "verbs": VERBS[role], "resources": named}
                for role, named in resources.items()
                if named
            },
        }


def _resources(crds: Iterable[str]) -> dict[str, list[str]]:
    """API group to the plural names of its resources."""
    found: dict[str, set[str]] = {}
    for crd in crds:
        plural, _, group = crd.partition(".")
        found.setdefault(group, set()).add(plural)
    return {group: sorted(found[group]) for group in sorted(found)}


CONCERN = Access()
