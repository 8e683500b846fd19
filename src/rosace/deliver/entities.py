"""What Cilium lets through by what something is: API servers and nodes, which it does not know by their addresses.

Comes in: links. Goes out: the part of the section `network` that becomes CiliumNetworkPolicies, beside the policies
that say the same by addresses. Source: docs.cilium.io/en/v1.18, "Layer 3 Policies", "Entities Based" and "IP/CIDR
based".
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Literal, NotRequired

from rosace.contract.values import Values
from rosace.plan.clusters.links import End, Kind, Link, Pods

Side = Literal["ingress", "egress"]

ENTITIES: Mapping[Kind, tuple[str, ...]] = {
    "api-server": ("kube-apiserver",),
    "nodes": ("host", "kube-apiserver", "remote-node"),
    "webhook": ("host", "kube-apiserver", "remote-node"),
}
"""Kind of a link to what its far end is. A server that runs on a node calls as that node."""


class EntityRule(Values):
    """Traffic with what Cilium knows by its own words."""

    entities: list[str]
    """Its words, such as `kube-apiserver`."""
    ports: list[int]
    """At which ports."""
    why: str
    """What for, in words."""


class EntityPolicy(Values):
    """What one kind of pods may do besides."""

    pods: dict[str, str]
    """What they are known by."""
    ingress: NotRequired[list[EntityRule]]
    """Who may talk to them."""
    egress: NotRequired[list[EntityRule]]
    """Whom they may talk to."""


def policies(cluster: str, spaces: Container[str], links: Iterable[Link]) -> dict[str, dict[str, EntityPolicy]]:
    """Namespace to its policies by the name of their pods; each link to several addresses is one rule."""
    found: dict[str, dict[str, EntityPolicy]] = {}
    for link in links:
        if (entities := ENTITIES.get(link.kind)) is None:
            continue
        ends: tuple[tuple[End, Side], ...] = ((link.source, "egress"), (link.target, "ingress"))
        for end, side in ends:
            if isinstance(end, Pods) and end.cluster == cluster and end.namespace in spaces:
                here = found.setdefault(end.namespace, {})
                policy = here.setdefault(end.name, {"pods": dict(end.labels)})
                _add(policy, side, {"entities": list(entities), "ports": list(link.ports), "why": link.why})
    return {space: dict(sorted(found[space].items())) for space in sorted(found)}


def _add(policy: EntityPolicy, side: Side, rule: EntityRule) -> None:
    """Joins a rule to one of the same end and reason."""
    rules = policy.setdefault(side, [])
    for known in rules:
        if (known["entities"], known["why"]) == (rule["entities"], rule["why"]):
            known["ports"] = sorted({*known["ports"], *rule["ports"]})
            return
    rules.append(rule)
