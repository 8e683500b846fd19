"""NetworkPolicies a second time, by sets: what isolation takes away and what rules give back, and nothing else.

Slow and plain on purpose. It shares no code with `netpol`, only the words for a pod and an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any

from netpol import Outside, Peer, Pod, Port

Triple = tuple[str, str, Port]


def open_pairs(
    spaces: Mapping[str, Mapping[str, str]], everyone: Sequence[Peer], policies: Sequence[dict[str, Any]], top: int
) -> set[Triple]:
    """All that is open over the ports 1 to `top`, TCP and UDP. Takes valid policies only."""
    by_name = {peer.identity: peer for peer in everyone}
    asked: list[Port] = [*range(1, top + 1), *((number, "UDP") for number in range(1, top + 1))]
    universe: set[Triple] = {
        (a, b, port)
        for a, b, port in product(by_name, by_name, asked)
        if a != b and not (isinstance(by_name[a], Outside) and isinstance(by_name[b], Outside))
    }
    still = set(universe)
    for kind, side, near, far in (("Ingress", "from", 1, 0), ("Egress", "to", 0, 1)):
        closed: set[str] = set()
        back: set[Triple] = set()
        for policy in policies:
            spec, home = policy["spec"], policy["metadata"]["namespace"]
            if kind not in (spec.get("policyTypes") or (["Ingress"] + ["Egress"] * bool(spec.get("egress")))):
                continue
            subjects = chosen(spec["podSelector"], labels_in({home}, by_name))
            closed |= subjects
            for rule in spec.get(kind.lower()) or []:
                others = set(by_name)
                if rule.get(side):
                    others = set[str]().union(*(meant(peer, home, by_name, spaces) for peer in rule[side]))
                back |= {
                    triple
                    for triple in universe
                    if triple[near] in subjects
                    and triple[far] in others
                    and triple[2] in ports(rule.get("ports"), by_name[triple[1]], top)
                }
        still -= {triple for triple in universe if triple[near] in closed} - back
    return still


def labels_in(where: set[str], by_name: Mapping[str, Peer]) -> dict[str, dict[str, str]]:
    """The labels of the pods of some namespaces."""
    return {name: dict(pod.labels) for name, pod in by_name.items() if isinstance(pod, Pod) and pod.namespace in where}


def meant(
    peer: dict[str, Any], home: str, by_name: Mapping[str, Peer], spaces: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """Everybody that one peer of a rule means."""
    if block := peer.get("ipBlock"):
        outside = {name for name, one in by_name.items() if isinstance(one, Outside)}
        inside = {name for name in outside if ip_address(name) in ip_network(block["cidr"])}
        return {
            name for name in inside if all(ip_address(name) not in ip_network(hole) for hole in block.get("except", []))
        }
    where = {home}
    if "namespaceSelector" in peer:
        named = {name: {**labels, "kubernetes.io/metadata.name": name} for name, labels in spaces.items()}
        where = chosen(peer["namespaceSelector"], named)
    return chosen(peer.get("podSelector", {}), labels_in(where, by_name))


def chosen(selector: dict[str, Any], universe: Mapping[str, Mapping[str, str]]) -> set[str]:
    """From all, takes away what contradicts each requirement in turn."""
    left = set(universe)
    for key, value in selector.get("matchLabels", {}).items():
        left &= {name for name, labels in universe.items() if (key, value) in labels.items()}
    for expression in selector.get("matchExpressions", []):
        having = {name for name, labels in universe.items() if expression["key"] in labels}
        among = {name for name in having if universe[name][expression["key"]] in expression.get("values", [])}
        sets = {"In": among, "NotIn": left - among, "Exists": having, "DoesNotExist": left - having}
        left &= sets[expression["operator"]]
    return left


def ports(rules: list[dict[str, Any]] | None, target: Peer, top: int) -> set[Port]:
    """Every port that a rule means on this target."""
    found: set[Port] = set()
    for rule in rules or [{}, {"protocol": "UDP"}]:
        udp = rule.get("protocol") == "UDP"
        if isinstance(name := rule.get("port"), str):
            # The name belongs to one port of one protocol.
            named = [port for said, port in target.ports.items() if said == name] if isinstance(target, Pod) else []
            found |= {port for port in named if isinstance(port, tuple) == udp}
            continue
        numbers = range(name, rule.get("endPort", name) + 1) if name else range(1, top + 1)
        found |= {(number, "UDP") if udp else number for number in numbers}
    return found
