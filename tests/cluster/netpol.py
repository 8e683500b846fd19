"""Who may talk to whom, by the NetworkPolicy objects alone: a second opinion on what the compiler meant.

Comes in: namespaces with their labels, peers (pods or outside addresses) and NetworkPolicy objects as plain dicts.
Goes out: whether a connection may be opened, or all pairs that may. Must not know how the policies were made.

Rules: networking.k8s.io/v1 (Kubernetes 1.37, API reference of NetworkPolicy and the page "Network Policies").
A policy that the API server would refuse raises ValueError with its name: a checker that guesses is no checker.
Not modelled, because the objects do not say it: host network, services (policies see the pod behind them), the node
of a pod (always let in), AdminNetworkPolicy. Answers on an open connection always pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address, ip_network
from typing import Any, Literal

Manifest = Mapping[str, Any]
Protocol = str
Port = int | tuple[int, Protocol]
"""A number means TCP."""

PROTOCOLS = ("TCP", "UDP", "SCTP")
NAME_LABEL = "kubernetes.io/metadata.name"
"""The API server sets it on every namespace; nobody can take it away or choose another value (since 1.22)."""


@dataclass(frozen=True)
class Pod:
    """One pod. For a workload of several replicas give two: what replicas tell each other needs a rule too.

    `ports`: its named ports. `address`: say it where the network also holds addresses of pods against `ipBlock`
    (implementations differ); without it a pod is only met by selectors.
    """

    name: str
    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    ports: Mapping[str, Port] = field(default_factory=dict, hash=False)
    address: str = ""

    @property
    def identity(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Outside:
    """Something outside the cluster, known by its IPv4 or IPv6 address. No policy isolates it."""

    address: str

    @property
    def identity(self) -> str:
        return self.address


Peer = Pod | Outside


@dataclass(frozen=True)
class Network:
    """The policies of a cluster, asked about connections. `namespaces`: name -> labels."""

    namespaces: Mapping[str, Mapping[str, str]]
    policies: Sequence[Manifest]

    def __post_init__(self) -> None:
        for policy in self.policies:
            if problem := refusal(policy):
                raise ValueError(f"{name_of(policy)}: {problem}")
            if policy["metadata"].get("namespace") not in self.namespaces:
                raise ValueError(f"{name_of(policy)} is in a namespace that was not given")

    def allowed(self, source: Peer, target: Peer, port: int, protocol: Protocol = "TCP") -> bool:
        """Whether `source` may open a connection to `port` of `target`: both sides have to permit it.

        A pod always reaches itself ("a Pod cannot block access to itself").
        """
        if source == target:
            return True
        return self._permits("egress", source, target, port, protocol) and self._permits(
            "ingress", target, source, port, protocol
        )

    def pairs(self, peers: Iterable[Peer], ports: Iterable[Port]) -> set[tuple[str, str, Port]]:
        """Every (source, target, port) that is open, by identity (`namespace/name`, or the address).

        A peer with itself, and two outside addresses, say nothing about policies and are left out.
        """
        everyone, asked = list(peers), [(port, *as_pair(port)) for port in ports]
        return {
            (source.identity, target.identity, port)
            for source in everyone
            for target in everyone
            if source != target and (isinstance(source, Pod) or isinstance(target, Pod))
            for port, number, protocol in asked
            if self.allowed(source, target, number, protocol)
        }

    def isolated(self, pod: Pod, direction: Literal["ingress", "egress"]) -> bool:
        """Whether any policy selects the pod for this direction, so that only what a rule names is open."""
        return bool(self._selecting(pod, direction))

    def _permits(self, direction: str, subject: Peer, other: Peer, port: int, protocol: str) -> bool:
        """One side of a connection; `other` is the far end, the port is always the target's."""
        if isinstance(subject, Outside):
            return True
        policies = self._selecting(subject, direction)
        if not policies:
            return True
        target = other if direction == "egress" else subject
        side = "to" if direction == "egress" else "from"
        return any(
            port_matches(rule.get("ports"), target, port, protocol) and self._peers_match(rule.get(side), other, policy)
            for policy in policies
            for rule in policy["spec"].get(direction) or ()
        )

    def _selecting(self, pod: Pod, direction: str) -> list[Manifest]:
        self._labels_of(pod.namespace)
        return [
            policy
            for policy in self._by_side[direction].get(pod.namespace, ())
            if selects(policy["spec"].get("podSelector") or {}, pod.labels)
        ]

    @cached_property
    def _by_side(self) -> dict[str, dict[str, list[Manifest]]]:
        """Direction -> namespace -> the policies that isolate there."""
        found: dict[str, dict[str, list[Manifest]]] = {"ingress": {}, "egress": {}}
        for policy in self.policies:
            for direction in directions(policy):
                found[direction].setdefault(policy["metadata"]["namespace"], []).append(policy)
        return found

    def _peers_match(self, peers: Sequence[Manifest] | None, other: Peer, policy: Manifest) -> bool:
        """Missing or empty: everybody. A peer's selectors hold together; several peers are alternatives."""
        return not peers or any(self._peer_matches(peer, other, policy) for peer in peers)

    def _peer_matches(self, peer: Manifest, other: Peer, policy: Manifest) -> bool:
        if peer.get("ipBlock") is not None:
            return in_block(peer["ipBlock"], other.address)
        if isinstance(other, Outside):
            return False
        pods, spaces = peer.get("podSelector"), peer.get("namespaceSelector")
        if spaces is None:
            if other.namespace != policy["metadata"]["namespace"]:
                return False
        elif not selects(spaces, self._labels_of(other.namespace)):
            return False
        return pods is None or selects(pods, other.labels)

    def _labels_of(self, namespace: str) -> Mapping[str, str]:
        if namespace not in self.namespaces:
            raise ValueError(f"a pod is in the namespace {namespace}, which was not given")
        return {**self.namespaces[namespace], NAME_LABEL: namespace}


def as_pair(port: Port) -> tuple[int, Protocol]:
    """A port as number and protocol."""
    return (port, "TCP") if isinstance(port, int) else port


def name_of(policy: Manifest) -> str:
    """What messages call a policy."""
    metadata = policy.get("metadata") or {}
    return f"NetworkPolicy/{metadata.get('namespace')}/{metadata.get('name')}"


def directions(policy: Manifest) -> set[str]:
    """The directions that a policy isolates. Unsaid: ingress always, egress where it has an egress rule."""
    if said := policy["spec"].get("policyTypes"):
        return {direction.lower() for direction in said}
    return {"ingress", "egress"} if policy["spec"].get("egress") else {"ingress"}


def selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    """A label selector against labels: everything it says has to hold; an empty one selects all."""
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        expression_holds(expression, labels) for expression in selector.get("matchExpressions") or ()
    )


def expression_holds(expression: Manifest, labels: Mapping[str, str]) -> bool:
    """One of matchExpressions. A label that is missing is in no set: NotIn holds for it."""
    key, values = expression["key"], expression.get("values") or ()
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels


def in_block(block: Manifest, address: str) -> bool:
    """Whether an address lies in the block and in none of its exceptions. No address: it does not."""
    if not address:
        return False
    found = ip_address(address)
    holes = block.get("except") or ()
    return found in ip_network(block["cidr"]) and not any(found in ip_network(hole) for hole in holes)


def port_matches(rules: Sequence[Manifest] | None, target: Peer, port: int, protocol: str) -> bool:
    """Whether a rule's ports hold the target's port. Missing or empty: every port of every protocol."""
    return not rules or any(one_port_matches(rule, target, port, protocol) for rule in rules)


def one_port_matches(rule: Manifest, target: Peer, port: int, protocol: str) -> bool:
    """One entry of `ports`. A name is resolved on the pod that is connected to, also in a rule for egress."""
    wanted = rule.get("port")
    if (rule.get("protocol") or "TCP") != protocol:
        return False
    if wanted is None:
        return True
    if isinstance(wanted, str):
        named = target.ports.get(wanted) if isinstance(target, Pod) else None
        return named is not None and as_pair(named) == (port, protocol)
    return wanted <= port <= (rule.get("endPort") or wanted)


def refusal(policy: Manifest) -> str | None:
    """Why the API server would refuse the policy, or None."""
    if policy.get("apiVersion") != "networking.k8s.io/v1" or policy.get("kind") != "NetworkPolicy":
        return "is no networking.k8s.io/v1 NetworkPolicy"
    spec = policy["spec"]
    if unknown := set(spec) - {"podSelector", "policyTypes", "ingress", "egress"}:
        return f"a spec has no {sorted(unknown)}"
    if unknown := set(spec.get("policyTypes") or ()) - {"Ingress", "Egress"}:
        return f"policyTypes are Ingress and Egress, not {sorted(unknown)}"
    found = [selector_refusal(spec.get("podSelector"))]
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in spec.get(direction) or ():
            if unknown := set(rule) - {side, "ports"}:
                return f"a rule of {direction} has no {sorted(unknown)}"
            found += [peer_refusal(peer) for peer in rule.get(side) or ()]
            found += [port_refusal(port) for port in rule.get("ports") or ()]
    return next((problem for problem in found if problem), None)


def peer_refusal(peer: Manifest) -> str | None:
    """Why a peer is none, or None."""
    said = {key for key, value in peer.items() if value is not None}
    if not said or said - {"podSelector", "namespaceSelector", "ipBlock"}:
        return f"a peer needs podSelector, namespaceSelector or ipBlock, and has nothing else: {dict(peer)}"
    if "ipBlock" not in said:
        return selector_refusal(peer.get("podSelector")) or selector_refusal(peer.get("namespaceSelector"))
    if said != {"ipBlock"}:
        return "ipBlock stands alone in its peer"
    block = peer["ipBlock"]
    try:
        network, *holes = (ip_network(part) for part in (block["cidr"], *(block.get("except") or ())))
    except ValueError as wrong:
        return f"ipBlock: {wrong}"
    for hole in holes:
        if hole.version != network.version or hole == network or hole.network_address not in network:
            return f"the exception {hole} is not strictly inside {network}"
    return None


def selector_refusal(selector: Manifest | None) -> str | None:
    """Why a label selector is none, or None."""
    selector = selector or {}
    if unknown := set(selector) - {"matchLabels", "matchExpressions"}:
        return f"a selector has no {sorted(unknown)}"
    for expression in selector.get("matchExpressions") or ():
        if expression.get("operator") not in ("In", "NotIn", "Exists", "DoesNotExist"):
            return f"no operator: {expression}"
        if bool(expression.get("values")) != (expression["operator"] in ("In", "NotIn")):
            return f"In and NotIn need values, Exists and DoesNotExist take none: {expression}"
    return None


def port_refusal(rule: Manifest) -> str | None:
    """Why an entry of `ports` is none, or None."""
    wanted, end = rule.get("port"), rule.get("endPort")
    if (rule.get("protocol") or "TCP") not in PROTOCOLS or set(rule) - {"port", "endPort", "protocol"}:
        return f"not a port: {dict(rule)}"
    if end is not None and (not isinstance(wanted, int) or end < wanted):
        return f"endPort needs a number as port, not above it: {dict(rule)}"
    if isinstance(wanted, str) and not any(letter.isalpha() for letter in wanted):
        return f"the name of a port has a letter, and a number is written without quotes: {dict(rule)}"
    if any(isinstance(number, int) and not 0 < number < 65536 for number in (wanted, end)):
        return f"a port is from 1 to 65535: {dict(rule)}"
    return None
