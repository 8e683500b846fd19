"""The evaluator of NetworkPolicies against the table of the API's semantics."""

from __future__ import annotations

from typing import Any

import pytest
from netpol import NAME_LABEL, Network, Outside, Peer, Pod, Port, selects

NAMESPACES = {"data": {"team": "a"}, "jobs": {"team": "b"}, "empty": {}}
BROKER = Pod("broker", "data", {"app": "kafka", "tier": "store"}, {"clients": 9092, "dns": (53, "UDP")})
ZERO = Pod("zero", "data", {"app": "kafka", "tier": "store"}, {"clients": 9094})
TRINO = Pod("trino", "data", {"app": "trino"})
FLINK = Pod("flink", "jobs", {"app": "flink"})
OTHER = Pod("other", "empty", {})
WORLD = Outside("203.0.113.9")
PODS = [BROKER, ZERO, TRINO, FLINK, OTHER]


def policy(namespace: str = "data", /, **spec: Any) -> dict[str, Any]:
    """A policy that selects every pod of its namespace unless said otherwise."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": namespace},
        "spec": {"podSelector": {}, **spec},
    }


def reach(*policies: dict[str, Any], target: Peer = BROKER, port: int = 9092) -> set[str]:
    """The names of those that reach the target."""
    network = Network(NAMESPACES, policies)
    return {
        peer.identity.split("/")[-1]
        for peer in [*PODS, WORLD]
        if peer != target and network.allowed(peer, target, port)
    }


ALL = {"zero", "trino", "flink", "other", "203.0.113.9"}


def ingress_from(*peers: dict[str, Any]) -> dict[str, Any]:
    return policy(ingress=[{"from": list(peers)}])


def pods(**labels: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": labels}}


def spaces(**labels: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": labels}}


def block(cidr: str, *holes: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr, "except": list(holes)}}


JOBS_AND_TRINO = {"trino", "flink"}
TABLE: list[tuple[str, list[dict[str, Any]], set[str]]] = [
    ("no policy isolates nobody", [], ALL),
    ("a policy without rules closes ingress", [policy()], set()),
    ("also with an empty list of rules", [policy(ingress=[])], set()),
    ("an empty rule opens to everybody", [policy(ingress=[{}])], ALL),
    ("an empty from opens to everybody", [ingress_from()], ALL),
    ("a policy acts in its own namespace", [policy("jobs", policyTypes=["Ingress"])], ALL),
    ("a policy acts on what it selects", [policy(podSelector={"matchLabels": {"app": "trino"}})], ALL),
    ("a missing podSelector selects all", [{**policy(), "spec": {"policyTypes": ["Ingress"]}}], set()),
    ("Egress alone leaves ingress from others", [policy(policyTypes=["Egress"])], {"flink", "other", "203.0.113.9"}),
    ("egress rules do not count without their type", [policy(policyTypes=["Ingress"], egress=[{}])], set()),
    ("ingress rules do not count without their type", [policy(policyTypes=["Egress"], egress=[{}], ingress=[])], ALL),
    ("an egress rule isolates by default", [policy("jobs", egress=[{"to": [block("10.0.0.0/8")]}])], ALL - {"flink"}),
    ("an empty egress section does not", [policy("jobs", egress=[])], ALL),
    ("egress closed at the source", [policy("jobs", policyTypes=["Egress"])], ALL - {"flink"}),
    ("podSelector alone: own namespace", [ingress_from(pods())], {"zero", "trino"}),
    ("namespaceSelector alone: all its pods", [ingress_from(spaces(team="b"))], {"flink"}),
    ("an empty namespaceSelector: every pod, nobody outside", [ingress_from(spaces())], ALL - {"203.0.113.9"}),
    ("both in one peer: both hold", [ingress_from({**spaces(), **pods(app="trino")})], {"trino"}),
    ("two peers: one is enough", [ingress_from(spaces(team="b"), pods(app="trino"))], JOBS_AND_TRINO),
    ("a namespace by its name", [ingress_from(spaces(**{NAME_LABEL: "empty"}))], {"other"}),
    ("policies add up", [policy(), ingress_from(pods(app="trino")), ingress_from(spaces(team="b"))], JOBS_AND_TRINO),
    ("an address block: outside, no pods", [ingress_from(block("0.0.0.0/0"))], {"203.0.113.9"}),
    ("its exceptions", [ingress_from(block("203.0.0.0/8", "203.0.113.0/24"))], set()),
    ("another exception", [ingress_from(block("203.0.0.0/8", "203.0.114.0/24"))], {"203.0.113.9"}),
    ("the other address family", [ingress_from(block("::/0"))], set()),
]


@pytest.mark.parametrize(("policies", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_table_of_peers(policies: list[dict[str, Any]], expected: set[str]) -> None:
    assert reach(*policies) == expected


PORTS: list[tuple[list[dict[str, Any]] | None, set[Port]]] = [
    (None, {9092, 9094, 53, (53, "UDP")}),
    ([], {9092, 9094, 53, (53, "UDP")}),
    ([{}], {9092, 9094, 53}),
    ([{"protocol": "UDP"}], {(53, "UDP")}),
    ([{"port": 9092}], {9092}),
    ([{"port": 9092}, {"port": 53, "protocol": "UDP"}], {9092, (53, "UDP")}),
    ([{"port": 9093, "endPort": 9094}], {9094}),
    ([{"port": 53, "endPort": 53, "protocol": "UDP"}], {(53, "UDP")}),
    ([{"port": 1, "endPort": 65535}], {9092, 9094, 53}),
    ([{"port": "clients"}], {9092}),
    ([{"port": "dns"}], set()),
    ([{"port": "dns", "protocol": "UDP"}], {(53, "UDP")}),
    ([{"port": "unknown"}], set()),
]


@pytest.mark.parametrize("direction", ["ingress", "egress"])
@pytest.mark.parametrize(("ports", "expected"), PORTS)
def test_table_of_ports(direction: str, ports: list[dict[str, Any]] | None, expected: set[Port]) -> None:
    namespace = "data" if direction == "ingress" else "jobs"
    rule = {} if ports is None else {"ports": ports}
    network = Network(NAMESPACES, [policy(namespace, policyTypes=[direction.capitalize()], **{direction: [rule]})])
    open_to = network.pairs([FLINK, BROKER], [9092, 9094, 53, (53, "UDP")])
    assert {port for source, _, port in open_to if source == FLINK.identity} == expected


def test_named_port_is_the_targets() -> None:
    network = Network(NAMESPACES, [policy("jobs", policyTypes=["Egress"], egress=[{"ports": [{"port": "clients"}]}])])
    assert network.pairs([FLINK, BROKER, ZERO], [9092, 9094]) >= {
        (FLINK.identity, BROKER.identity, 9092),
        (FLINK.identity, ZERO.identity, 9094),
    }
    assert not network.allowed(FLINK, ZERO, 9092)
    assert not network.allowed(FLINK, WORLD, 9092)


def test_peers_and_ports_of_one_rule_hold_together() -> None:
    rules = [
        {"from": [{"podSelector": {}}], "ports": [{"port": 1}]},
        {"from": [{"namespaceSelector": {}}], "ports": [{"port": 2}]},
    ]
    network = Network(NAMESPACES, [policy(ingress=rules)])
    assert [network.allowed(TRINO, BROKER, port) for port in (1, 2, 3)] == [True, True, False]
    assert [network.allowed(FLINK, BROKER, port) for port in (1, 2, 3)] == [False, True, False]


def test_both_sides_have_to_permit() -> None:
    into = ingress_from({"namespaceSelector": {"matchLabels": {"team": "b"}}})
    closed = policy("jobs", policyTypes=["Egress"])
    assert Network(NAMESPACES, [into]).allowed(FLINK, BROKER, 1)
    assert not Network(NAMESPACES, [into, closed]).allowed(FLINK, BROKER, 1)
    assert Network(NAMESPACES, [closed]).allowed(BROKER, FLINK, 1)


def test_outside_as_target_and_a_pod_by_its_address() -> None:
    rule = {"to": [block("203.0.113.0/24")], "ports": [{"port": 443}]}
    network = Network(NAMESPACES, [policy("jobs", policyTypes=["Egress"], egress=[rule])])
    known = Pod("known", "data", address="203.0.113.77")
    assert network.allowed(FLINK, WORLD, 443)
    assert not network.allowed(FLINK, WORLD, 80)
    assert not network.allowed(FLINK, Outside("198.51.100.1"), 443)
    assert network.allowed(FLINK, known, 443)
    assert not network.allowed(FLINK, BROKER, 443)


def test_a_pod_reaches_itself_and_replicas_do_not() -> None:
    network = Network(NAMESPACES, [policy(policyTypes=["Ingress", "Egress"])])
    assert network.allowed(BROKER, BROKER, 1)
    assert not network.allowed(BROKER, ZERO, 1)
    assert network.pairs([BROKER, ZERO], [1]) == set()
    assert network.isolated(BROKER, "egress")
    assert not network.isolated(FLINK, "egress")


EXPRESSIONS: list[tuple[dict[str, Any], list[bool]]] = [
    ({"key": "a", "operator": "In", "values": ["1", "2"]}, [True, False, False]),
    ({"key": "a", "operator": "NotIn", "values": ["1"]}, [False, True, True]),
    ({"key": "a", "operator": "Exists"}, [True, True, False]),
    ({"key": "a", "operator": "DoesNotExist"}, [False, False, True]),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_expressions(expression: dict[str, Any], expected: list[bool]) -> None:
    found = [selects({"matchExpressions": [expression]}, labels) for labels in ({"a": "1"}, {"a": "3"}, {"b": "1"})]
    assert found == expected


REFUSED: list[tuple[dict[str, Any], str]] = [
    (policy(ingress=[{"from": [{}]}]), "needs podSelector"),
    (policy(ingress=[{"from": [{"podselector": {}}]}]), "needs podSelector"),
    (ingress_from({**block("::/0"), **pods()}), "stands alone"),
    (ingress_from(block("10.0.0.0/8", "11.0.0.0/9")), "strictly inside"),
    (ingress_from(block("10.0.0.1/8")), "host bits"),
    (policy(egress=[{"from": []}]), "a rule of egress has no"),
    (policy(ingres=[]), "a spec has no"),
    (policy(ingress=[{"ports": [{"port": "80"}]}]), "letter"),
    (policy(ingress=[{"ports": [{"port": 0}]}]), "1 to 65535"),
    (policy(ingress=[{"ports": [{"port": "a", "endPort": 9}]}]), "endPort"),
    (policy(ingress=[{"ports": [{"port": 9, "endPort": 8}]}]), "endPort"),
    (policy(ingress=[{"ports": [{"port": 9, "protocol": "tcp"}]}]), "not a port"),
    (policy(policyTypes=["ingress"]), "Ingress and Egress"),
    (policy(podSelector={"app": "kafka"}), "a selector has no"),
    (ingress_from({"namespaceSelector": {"team": "b"}}), "a selector has no"),
    (policy(podSelector={"matchExpressions": [{"key": "a", "operator": "In"}]}), "need values"),
    (policy(podSelector={"matchExpressions": [{"key": "a", "operator": "in", "values": []}]}), "no operator"),
    (policy("nowhere"), "namespace that was not given"),
    ({**policy(), "apiVersion": "extensions/v1beta1"}, "is no networking"),
]


@pytest.mark.parametrize(("wrong", "message"), REFUSED)
def test_what_the_server_would_refuse_is_no_answer(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network(NAMESPACES, [wrong])
