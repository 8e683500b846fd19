"""NetworkPolicies: in every namespace nothing may talk to anything, but for the links of the platform.

One policy for each kind of pods, named after it, says why for each of its rules. Sources: kubernetes.io/docs, "Network
Policies", v1.34.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rosace.deliver.estate import Estate
from rosace.deliver.links import Addresses, End, Link, Pods, network
from rosace.deliver.residents import namespaces
from rosace.engines.manifest import Obj, obj, objects_of

API = "networking.k8s.io/v1"

DENY = "default-deny"
"""The policy that closes a namespace; its name is no workload's."""

WHY = "rosace.io/why"


class Network:
    """See `rosace.deliver.concerns.Concern`."""

    name = "network"
    chart = "governance"

    def values(self, estate: Estate, cluster: str) -> dict[str, Any]:
        """The closed namespaces, and what each kind of pods may do in them."""
        spaces = namespaces(estate, cluster)
        links = network(estate).links
        return {
            "enabled": bool(spaces),
            "namespace": "",
            "labels": {},
            "denied": list(spaces),
            "allowed": {space: allowed for space in spaces if (allowed := _allowed(estate, cluster, space, links))},
        }

    def objects(self, frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]:
        """The policies, by namespace and name."""
        found = [_denied(frame, section, space) for space in section["denied"]]
        for space, policies in objects_of(section, "allowed"):
            found += [_policy(frame, section, space, name, policy) for name, policy in sorted(policies.items())]
        return found


def _allowed(estate: Estate, cluster: str, space: str, links: Iterable[Link]) -> dict[str, Any]:
    """What the pods of one namespace may do, by their name. Raises ValueError where two kinds share a name."""
    found: dict[str, Any] = {}
    known: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        for mine, side in ((link.source, "egress"), (link.target, "ingress")):
            if not isinstance(mine, Pods) or (mine.cluster, mine.namespace) != (cluster, space):
                continue
            policy = found.setdefault(mine.name, {"pods": dict(mine.labels)})
            if policy["pods"] != dict(mine.labels):
                raise ValueError(f"two kinds of pods are called {mine}: one policy cannot select both")
            rule = _rule(estate, cluster, link, side)
            same = known.setdefault(repr((mine.name, side, *(rule.get(key) for key in _PEER))), [])
            _add(policy.setdefault(side, []), same, rule)
    return {name: dict(sorted(found[name].items(), key=lambda one: _SHOWN.index(one[0]))) for name in sorted(found)}


_SHOWN = ("pods", "ingress", "egress")


def _rule(estate: Estate, cluster: str, link: Link, side: str) -> dict[str, Any]:
    other = link.target if side == "egress" else link.source
    peer, where = _peer(estate, cluster, other, side)
    ports = link.entry if side == "egress" and link.across else link.ports
    sentence = f"{link.why}{where}" if side == "egress" else f"{link.source}{where} {link.why}"
    protocols = {"protocols": [link.protocol]} if link.protocol != "TCP" else {}
    return {**peer, "ports": list(ports), **protocols, "why": sentence}


def _peer(estate: Estate, cluster: str, other: End, side: str) -> tuple[dict[str, Any], str]:
    """The far end as policies say it, and where that is."""
    if isinstance(other, Addresses):
        return {"cidr": other.cidr, **({"except": list(other.without)} if other.without else {})}, ""
    if other.cluster == cluster:
        return {"namespace": other.namespace, "pods": dict(other.labels)}, ""
    far = estate.clusters[other.cluster]
    addresses = far.entrances or far.pods if side == "egress" else far.pods
    return {"cidr": addresses}, f" on cluster {other.cluster}"


_PEER = ("namespace", "pods", "cidr", "except")


def _add(rules: list[dict[str, Any]], same: list[dict[str, Any]], rule: dict[str, Any]) -> None:
    """What differs from a rule in its ports alone, or in its protocols alone, joins it, with its reason.

    `same` are those of `rules` that have the same far end.
    """
    for known in same:
        if known.get("protocols") == rule.get("protocols"):
            known["ports"] = sorted({*known["ports"], *rule["ports"]})
        elif known["ports"] == rule["ports"]:
            known["protocols"] = sorted({*_protocols(known), *_protocols(rule)})
        else:
            continue
        if rule["why"] not in known["why"].split("; "):
            known["why"] += f"; {rule['why']}"
        return
    rules.append(rule)
    same.append(rule)


def _protocols(rule: Mapping[str, Any]) -> list[str]:
    return rule.get("protocols", ["TCP"])


def _denied(frame: Mapping[str, Any], section: Mapping[str, Any], space: str) -> Obj:
    return obj(
        API,
        "NetworkPolicy",
        DENY,
        frame,
        section,
        namespace=space,
        annotations={WHY: "Nothing may talk to anything here, but for what the other policies allow."},
        spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    )


def _policy(
    frame: Mapping[str, Any], section: Mapping[str, Any], space: str, name: str, policy: Mapping[str, Any]
) -> Obj:
    spec: Obj = {"podSelector": {"matchLabels": policy["pods"]}}
    spec["policyTypes"] = [side.title() for side in _SHOWN[1:] if policy.get(side)]
    for side, peers in (("ingress", "from"), ("egress", "to")):
        if rules := policy.get(side):
            spec[side] = [{peers: [_selector(rule)], "ports": _ports(rule)} for rule in rules]
    why = "\n".join(_sentences(policy))
    return obj(API, "NetworkPolicy", name, frame, section, namespace=space, annotations={WHY: why}, spec=spec)


def _selector(rule: Mapping[str, Any]) -> Obj:
    if "cidr" in rule:
        return {"ipBlock": {key: rule[key] for key in ("cidr", "except") if key in rule}}
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": rule["namespace"]}},
        "podSelector": {"matchLabels": rule["pods"]},
    }


def _ports(rule: Mapping[str, Any]) -> list[Obj]:
    return [{"protocol": protocol, "port": port} for port in rule["ports"] for protocol in _protocols(rule)]


def _sentences(policy: Mapping[str, Any]) -> Iterator[str]:
    for side, head in (("ingress", "in"), ("egress", "out")):
        for rule in policy.get(side) or ():
            yield f"{head}: {rule['why']}"


CONCERN = Network()
