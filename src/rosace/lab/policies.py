"""Network policies as rules of nftables: what the node of a cluster lets through.

Comes in: pods, namespaces and NetworkPolicy objects as the API server gives them. Goes out: one table as text, that
`nft -f` takes in whole or not at all. Pure.

Rules: networking.k8s.io/v1 (Kubernetes 1.37, API reference of NetworkPolicy). What the node itself asks its pods is let
through, as Kubernetes has it; what a pod asks of its node is not, so that the way to the API server is an edge like any
other. Addresses are those behind a service. IPv4 only, as the lab's network is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

TABLE = "rosace-policies"

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that has an address, as policies know it."""

    address: str
    namespace: str
    labels: Mapping[str, str]
    ports: Mapping[str, tuple[int, str]]
    """Named ports: number and protocol."""


def table(pods: Sequence[Object], namespaces: Sequence[Object], policies: Sequence[Object]) -> str:
    """The whole table, which takes the place of the one before."""
    known = list(_pods(pods))
    labels = {each["metadata"]["name"]: each["metadata"].get("labels") or {} for each in namespaces}
    lines = {"ingress": list[str](), "egress": list[str]()}
    isolated = {"ingress": set[str](), "egress": set[str]()}
    for policy in policies:
        namespace, spec = policy["metadata"]["namespace"], policy["spec"]
        selector = spec.get("podSelector") or {}
        chosen = [each for each in known if each.namespace == namespace and selects(selector, each.labels)]
        for side in directions(spec):
            isolated[side] |= {each.address for each in chosen}
            for rule in spec.get(side) or ():
                lines[side] += _rule(side, chosen, _Peers(known, labels, namespace), rule)
    return _text(known, isolated, lines)


def _text(pods: Sequence[Pod], isolated: Mapping[str, set[str]], lines: Mapping[str, list[str]]) -> str:
    egress = f"ip saddr {_set(isolated['egress'])} jump egress" if isolated["egress"] else ""
    ingress = f"ip daddr {_set(isolated['ingress'])} jump ingress" if isolated["ingress"] else ""
    # A pod always reaches itself, also by way of a service.
    itself = f"ip saddr . ip daddr {_set({f'{each.address} . {each.address}' for each in pods})} accept" if pods else ""
    known = "ct state established,related accept"
    chains = {
        "forward": ["type filter hook forward priority -10; policy accept;", known, itself, egress, ingress],
        "input": ["type filter hook input priority -10; policy accept;", known, egress],
        "egress": [*dict.fromkeys(lines["egress"]), "counter drop"],
        "ingress": [*dict.fromkeys(lines["ingress"]), "counter drop"],
    }
    body = "\n".join(f"  chain {name} {{\n{_indented(rules)}\n  }}" for name, rules in chains.items())
    return f"table ip {TABLE} {{}}\ndelete table ip {TABLE}\ntable ip {TABLE} {{\n{body}\n}}\n"


def _indented(rules: Iterable[str]) -> str:
    return "\n".join(f"    {rule}" for rule in rules if rule)


@dataclass(frozen=True, slots=True)
class _Peers:
    """Who may be meant by a rule of a policy in `namespace`."""

    pods: Sequence[Pod]
    labels: Mapping[str, Mapping[str, str]]
    namespace: str

    def of(self, peer: Object) -> list[Pod]:
        """The pods that a peer's selectors name."""
        pods, spaces = peer.get("podSelector"), peer.get("namespaceSelector")
        return [each for each in self.pods if self._near(each, spaces) and (pods is None or selects(pods, each.labels))]

    def inside(self, block: str) -> list[Pod]:
        """The pods whose addresses lie in a block: those with a named port are meant by it too."""
        network = ip_network(block, strict=False)
        return [each for each in self.pods if ip_address(each.address) in network]

    def _near(self, pod: Pod, spaces: Object | None) -> bool:
        if spaces is None:
            return pod.namespace == self.namespace
        return selects(spaces, self.labels.get(pod.namespace, {}))


def _rule(side: str, chosen: Sequence[Pod], peers: _Peers, rule: Object) -> Iterator[str]:
    """The lines of one rule. Ports are the target's: of the chosen pods on the way in, of the peers on the way out."""
    here, there = ("daddr", "saddr") if side == "ingress" else ("saddr", "daddr")
    if not chosen:
        return
    for match, meant in _meant(there, peers, rule.get("from" if side == "ingress" else "to")):
        targets = chosen if side == "ingress" else meant
        for narrowed, port in _ports(rule.get("ports"), targets):
            own = _addresses(here, narrowed if narrowed is not None and side == "ingress" else chosen)
            named = _addresses(there, narrowed) if narrowed is not None and side == "egress" else ""
            yield " ".join(part for part in (own, match, named, port, "return") if part)


def _meant(word: str, peers: _Peers, said: Sequence[Object] | None) -> Iterator[tuple[str, Sequence[Pod]]]:
    """For each peer what matches it, and the pods that it means; no peers mean everybody."""
    if not said:
        yield "", peers.pods
        return
    for peer in said:
        if block := peer.get("ipBlock"):
            if ":" in block["cidr"]:
                continue
            left_out = [each for each in block.get("except") or () if ":" not in each]
            match = f"ip {word} {block['cidr']}"
            yield (f"{match} ip {word} != {_set(left_out)}" if left_out else match), peers.inside(block["cidr"])
        elif meant := peers.of(peer):
            yield _addresses(word, meant), meant


def _ports(said: Sequence[Object] | None, targets: Sequence[Pod]) -> Iterator[tuple[list[Pod] | None, str]]:
    """For each port what matches it; a named one is another number in each pod, which are given with it."""
    if not said:
        yield None, ""
    for port in said or ():
        protocol = str(port.get("protocol", "TCP")).lower()
        number = port.get("port")
        if number is None:
            yield None, f"meta l4proto {protocol}"
        elif isinstance(number, int):
            last = port.get("endPort")
            yield None, f"{protocol} dport {f'{number}-{last}' if last and last > number else number}"
        else:
            by_number: dict[int, list[Pod]] = {}
            for each in targets:
                named = each.ports.get(number)
                if named and named[1].lower() == protocol:
                    by_number.setdefault(named[0], []).append(each)
            for found, pods in by_number.items():
                yield pods, f"{protocol} dport {found}"


def _pods(objects: Sequence[Object]) -> Iterator[Pod]:
    """Pods with a network of their own that have not ended."""
    for each in objects:
        spec, status = each["spec"], each.get("status") or {}
        address = status.get("podIP", "")
        if not address or ":" in address or spec.get("hostNetwork") or status.get("phase") in ("Succeeded", "Failed"):
            continue
        said = [port for container in spec["containers"] for port in container.get("ports") or ()]
        ports = {port["name"]: (port["containerPort"], port.get("protocol", "TCP")) for port in said if "name" in port}
        metadata = each["metadata"]
        yield Pod(address, metadata["namespace"], metadata.get("labels") or {}, ports)


def directions(spec: Object) -> list[str]:
    """The directions that a policy isolates. Unsaid: ingress always, egress where it has a rule for it."""
    if said := spec.get("policyTypes"):
        return [str(each).lower() for each in said]
    return ["ingress", "egress"] if spec.get("egress") else ["ingress"]


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a label selector takes these labels: all that it says has to hold, an empty one takes all."""
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(each, labels) for each in selector.get("matchExpressions") or ()
    )


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    """A label that is missing is in no set, so `NotIn` holds for it."""
    key, values = expression["key"], expression.get("values") or ()
    verdicts = {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }
    return verdicts[expression["operator"]]


def _addresses(word: str, pods: Iterable[Pod]) -> str:
    return f"ip {word} {_set({each.address for each in pods})}"


def _set(values: Iterable[str]) -> str:
    return f"{{ {', '.join(sorted(values))} }}"
