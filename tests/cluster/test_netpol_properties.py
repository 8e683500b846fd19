"""Two formulations of NetworkPolicy agree on whatever Hypothesis makes up, and what must not matter does not."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from netpol import Network, Outside, Peer, Pod, Port
from netpol_by_sets import open_pairs

NUMBERS = [1, 2, 3]
PORTS: list[Port] = [1, 2, 3, (1, "UDP"), (2, "UDP"), (3, "UDP")]
SPACES: dict[str, dict[str, str]] = {"x": {}, "y": {"app": "1"}, "z": {"app": "2", "tier": "1"}}
OUTSIDE: list[Peer] = [Outside("10.0.0.1"), Outside("10.1.0.1"), Outside("fd00::1")]
VALUES = ["1", "2"]
LABELS = [
    {key: value for key, value in zip(("app", "tier"), pair, strict=True) if value}
    for pair in product(["", *VALUES], repeat=2)
]

space = st.sampled_from(list(SPACES))
key = st.sampled_from(["app", "tier"])
pods = st.lists(
    st.tuples(
        space,
        st.sampled_from(LABELS),
        st.dictionaries(st.sampled_from(["web", "api"]), st.sampled_from(PORTS), max_size=2),
    ),
    min_size=2,
    max_size=4,
).map(lambda found: [Pod(str(number), *parts) for number, parts in enumerate(found)])
expressions = st.one_of(
    st.fixed_dictionaries(
        {
            "key": key,
            "operator": st.sampled_from(["In", "NotIn"]),
            "values": st.lists(st.sampled_from(VALUES), min_size=1),
        }
    ),
    st.fixed_dictionaries({"key": key, "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
selectors = st.fixed_dictionaries(
    {},
    optional={"matchLabels": st.sampled_from(LABELS), "matchExpressions": st.lists(expressions, max_size=2)},
)
blocks = st.sampled_from(
    [{"cidr": "10.0.0.0/8"}, {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}, {"cidr": "::/0"}]
).map(lambda block: {"ipBlock": block})
peers = st.one_of(
    blocks,
    st.fixed_dictionaries({"podSelector": selectors}, optional={"namespaceSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": selectors}),
)
port_rules = st.one_of(
    st.tuples(st.sampled_from(NUMBERS), st.integers(0, 2)).map(lambda two: {"port": two[0], "endPort": sum(two)}),
    st.fixed_dictionaries(
        {},
        optional={"port": st.sampled_from([*NUMBERS, "web", "api"]), "protocol": st.sampled_from(["TCP", "UDP"])},
    ),
)


def rules(side: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    optional = {side: st.lists(peers, max_size=2), "ports": st.lists(port_rules, max_size=2)}
    return st.lists(st.fixed_dictionaries({}, optional=optional), max_size=2)


def policy(namespace: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": "p", "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


specs = st.fixed_dictionaries(
    {"podSelector": selectors},
    optional={
        "ingress": rules("from"),
        "egress": rules("to"),
        "policyTypes": st.sampled_from([[], ["Ingress"], ["Egress"], ["Ingress", "Egress"]]),
    },
)
policies = st.lists(st.builds(policy, space, specs), max_size=4)


@settings(max_examples=100, deadline=None)
@given(pods, policies)
def test_agrees_with_the_formulation_by_sets(insiders: list[Pod], given_policies: list[dict[str, Any]]) -> None:
    everyone = [*insiders, *OUTSIDE]
    expected = open_pairs(SPACES, everyone, given_policies, top=3)
    assert Network(SPACES, given_policies).pairs(everyone, PORTS) == expected


@settings(max_examples=30, deadline=None)
@given(pods, policies, st.randoms(use_true_random=False))
def test_order_does_not_count(insiders: list[Pod], given_policies: list[dict[str, Any]], chance: Any) -> None:
    shuffled = list(given_policies)
    chance.shuffle(shuffled)
    before = Network(SPACES, given_policies).pairs(insiders, PORTS)
    assert Network(SPACES, shuffled).pairs(insiders, PORTS) == before


@settings(max_examples=30, deadline=None)
@given(pods, policies)
def test_isolation_only_closes_and_rules_only_open(insiders: list[Pod], given_policies: list[dict[str, Any]]) -> None:
    isolating = policy("x", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    opening = policy("x", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [{}], "egress": [{}]})
    before = Network(SPACES, given_policies).pairs(insiders, PORTS)
    closed = Network(SPACES, [*given_policies, isolating]).pairs(insiders, PORTS)
    opened = Network(SPACES, [*given_policies, isolating, opening]).pairs(insiders, PORTS)
    assert closed <= before
    assert before <= opened
