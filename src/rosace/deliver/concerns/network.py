"""NetworkPolicies: in every namespace nothing may talk to anything, but for the links of the platform.

One policy for each kind of pods, named after it, says why for each of its rules. Sources: kubernetes.io/docs, "Network
Policies", v1.34.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from rosace.contract.values import Section, Values
from rosace.deliver.entities import EntityPolicy, policies
from rosace.kit.alike import alike
from rosace.plan.clusters.links import Addresses, End, Link, Pods, network
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import namespaces


class Through(Values):
    """How pods reach each other."""

    ports: list[int]
    """At which ports."""
    protocols: NotRequired[list[str]]
    """By which protocols; `TCP` where unsaid."""
    why: str
    """What for, in words."""


class PodsRule(Through):
    """Traffic with pods of this cluster."""

    namespace: str
    """Where they are."""
    pods: dict[str, str]
    """What they are known by."""


_Except = TypedDict(
    "_Except",
    {"except": NotRequired[Annotated[list[str], Field(description="Addresses among them that are not.")]]},
)


class AddressesRule(Through, _Except):
    """Traffic with addresses."""

    cidr: str
    """The range of addresses."""


Rule = PodsRule | AddressesRule


class Policy(Values):
    """What one kind of pods may do."""

    pods: dict[str, str]
    """What they are known by."""
    ingress: NotRequired[list[Rule]]
    """Who may talk to them."""
    egress: NotRequired[list[Rule]]
    """Whom they may talk to."""


class NetworkValues(Section):
    """Who may talk to whom; nobody else may."""

    denied: list[str]
    """Namespaces that are closed but for what follows."""
    allowed: dict[str, dict[str, Policy]]
    """Namespace to its policies by the name of their pods."""
    entities: NotRequired[dict[str, dict[str, EntityPolicy]]]
    """The same for what Cilium does not know by addresses; none where the network is another."""


Side = Literal["ingress", "egress"]
_Peer = tuple[object, ...]


class Network:
    """See `rosace.deliver.concerns.Concern`."""

    name = "network"
    chart = "governance"
    shape = NetworkValues

    def values(self, estate: Estate, cluster: str) -> NetworkValues:
        """The closed namespaces, and what each kind of pods may do in them."""
        spaces = namespaces(estate, cluster)
        allowed = _allowed(estate, cluster, spaces, network(estate).links)
        found: NetworkValues = {
            "enabled": bool(spaces),
            "namespace": "",
            "labels": {},
            "denied": list(spaces),
            "allowed": {space: allowed[space] for space in spaces if space in allowed},
        }
        if estate.clusters[cluster].cni == "cilium":
            found["entities"] = policies(cluster, spaces, network(estate).links)
        return found


def _allowed(
    estate: Estate, cluster: str, spaces: Container[str], links: Iterable[Link]
) -> dict[str, dict[str, Policy]]:
    """What the pods of closed namespaces may do, by namespace and name. All in one pass: links are many.

    Raises ValueError where two kinds of pods share a name.
    """
    found: dict[tuple[str, str], tuple[tuple[tuple[str, str], ...], dict[Side, list[Link]]]] = {}
    for link in links:
        ends: tuple[tuple[End, Side], ...] = ((link.target, "ingress"), (link.source, "egress"))
        for mine, side in ends:
            if not isinstance(mine, Pods) or mine.cluster != cluster or mine.namespace not in spaces:
                continue
            place = (mine.namespace, mine.name)
            known = found.get(place)
            if known is None:
                known = found[place] = (mine.labels, {"ingress": [], "egress": []})
            elif known[0] != mine.labels:
                raise ValueError(f"two kinds of pods are called {mine}: one policy cannot select both")
            known[1][side].append(link)
    seen = _Seen(estate, cluster)
    policies: dict[str, dict[str, Policy]] = {}
    for space, name in sorted(found):
        policies.setdefault(space, {})[name] = seen.policy(*found[space, name])
    return policies


class _Seen:
    """Rules as a cluster sees them. Those of a thousand jobs talk to the same, whoever they are."""

    def __init__(self, estate: Estate, cluster: str) -> None:
        self._estate, self._cluster = estate, cluster
        self._outward: dict[tuple[object, ...], tuple[_Peer, Rule]] = {}
        self._joins: dict[tuple[int, int], tuple[Rule | None, Rule, Rule]] = {}

    def policy(self, labels: tuple[tuple[str, str], ...], links: Mapping[Side, list[Link]]) -> Policy:
        """What one kind of pods may do, always in one order."""
        found: Policy = {"pods": dict(labels)}
        if inward := links.get("ingress"):
            rules = (_rule(self._estate, self._cluster, link, "ingress") for link in inward)
            found["ingress"] = _joined(((_peer(rule), rule) for rule in rules), _both)
        if outward := links.get("egress"):
            found["egress"] = _joined(map(self._out, outward), self._both)
        return found

    def _out(self, link: Link) -> tuple[_Peer, Rule]:
        if link.kind == "within":
            # Such as the executors of one job: nobody else reaches them.
            rule = _rule(self._estate, self._cluster, link, "egress")
            return _peer(rule), rule
        found = self._outward.get(link[1:])
        if found is None:
            rule = alike(_rule(self._estate, self._cluster, link, "egress"))
            found = self._outward[link[1:]] = (_peer(rule), rule)
        return found

    def _both(self, known: Rule, rule: Rule) -> Rule | None:
        """The same rule for the same two: they are kept, so that no other ever has their number."""
        numbers = (id(known), id(rule))
        if numbers not in self._joins:
            joined = _both(known, rule)
            self._joins[numbers] = (None if joined is None else alike(joined), known, rule)
        return self._joins[numbers][0]


def _joined(rules: Iterable[tuple[_Peer, Rule]], both: Callable[[Rule, Rule], Rule | None]) -> list[Rule]:
    """The rules of one side, each said with its far end; those joined that can be, by `both`."""
    found: list[Rule] = []
    places: dict[_Peer, list[int]] = {}
    for peer, rule in rules:
        same = places.setdefault(peer, [])
        for place in same:
            if (joined := both(found[place], rule)) is not None:
                found[place] = joined
                break
        else:
            same.append(len(found))
            found.append(rule)
    return found


def _rule(estate: Estate, cluster: str, link: Link, side: Side) -> Rule:
    other = link.target if side == "egress" else link.source
    where = "" if isinstance(other, Addresses) or other.cluster == cluster else f" on cluster {other.cluster}"
    ports = list(link.entry if side == "egress" and link.across else link.ports)
    sentence = f"{link.why}{where}" if side == "egress" else f"{link.source}{where} {link.why}"
    if link.protocol == "TCP":
        return _towards(estate, cluster, other, side, {"ports": ports, "why": sentence})
    through: Through = {"ports": ports, "protocols": [link.protocol], "why": sentence}
    return _towards(estate, cluster, other, side, through)


def _towards(estate: Estate, cluster: str, other: End, side: Side, through: Through) -> Rule:
    """The far end as policies say it, with what passes."""
    if isinstance(other, Addresses):
        if other.without:
            return {"cidr": other.cidr, "except": list(other.without), **through}
        return {"cidr": other.cidr, **through}
    if other.cluster == cluster:
        return {"namespace": other.namespace, "pods": dict(other.labels), **through}
    far = estate.clusters[other.cluster]
    return {"cidr": far.entrances or far.pods if side == "egress" else far.pods, **through}


def _peer(rule: Rule) -> _Peer:
    """The far end alone."""
    if "cidr" in rule:
        return (rule["cidr"], *rule.get("except", ()))
    return (rule["namespace"], *rule["pods"].items())


def _both(known: Rule, rule: Rule) -> Rule | None:
    """One rule in place of two with the same far end that differ in their ports alone or in their protocols alone, with
    both reasons; None where they differ in more."""
    joined = known.copy()
    if known.get("protocols") == rule.get("protocols"):
        joined["ports"] = sorted({*known["ports"], *rule["ports"]})
    elif known["ports"] == rule["ports"]:
        joined["protocols"] = sorted({*_protocols(known), *_protocols(rule)})
    else:
        return None
    if rule["why"] not in known["why"].split("; "):
        joined["why"] += f"; {rule['why']}"
    return joined


def _protocols(rule: Mapping[str, Any]) -> list[str]:
    return rule.get("protocols", ["TCP"])


CONCERN = Network()
