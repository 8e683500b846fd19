"""Network policies open what the links of the platform ask for: nothing more, nothing less."""

from __future__ import annotations

from typing import Any

import pytest
from compiled import EXAMPLES, example, of_section
from openings import meant, opened
from three_clusters import ONE, THREE, estate

from rosace.deliver.concerns.network import CONCERN
from rosace.model.capabilities import KafkaBootstrap, MetricStores, S3Endpoint
from rosace.model.graph import NodeKind
from rosace.plan.clusters.links import Link, Pods, network
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import namespaces, residents

FLOWS = ("need", "within")


@pytest.mark.parametrize("words", [ONE, THREE], ids=["one cluster", "three clusters"])
def test_policies_open_the_links_of_small_rooms(words: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _same(estate(monkeypatch, words))


@pytest.mark.parametrize("name", EXAMPLES)
def test_policies_open_the_links_of_examples(name: str) -> None:
    _same(example(name).estate)


def _same(whole: Estate) -> None:
    for cluster in whole.clusters:
        asked, got = meant(whole, cluster), opened(whole, cluster)
        assert asked, cluster
        assert not got - asked, f"{cluster}: open, though nobody asked"
        assert not asked - got, f"{cluster}: asked for, yet closed"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_word_of_a_room_is_answered(name: str) -> None:
    assert network(example(name).estate).dangling == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_links_between_engines_are_edges_of_the_graph(name: str) -> None:
    whole = example(name).estate
    edges = [
        (edge.target.name, edge.source.name)
        for edge in whole.checked.graph.edges
        if edge.source.kind is NodeKind.ENGINE and edge.target.kind is NodeKind.ENGINE
    ]
    _agree(whole, set(edges))


def test_links_between_small_rooms_are_offers_meeting_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = estate(monkeypatch, THREE)
    rooms = {part.engine.name: part.engine for part in whole.parts}.values()
    _agree(whole, {(a.name, b.name) for a in rooms for b in rooms if {*a.needs, *a.optional} & {*b.offers}})


def _agree(whole: Estate, edges: set[tuple[str, str]]) -> None:
    """Client and server of each edge have a link, and those of each link an edge, as far as they have pods."""
    pods = {one.part.engine.name for cluster in whole.clusters for one in residents(whole, cluster)}
    pairs = {pair for link in network(whole).links if link.kind in FLOWS and (pair := _engines(link))}
    between = {(client, server) for client, server in pairs if client != server}
    assert between <= _through_those_without_pods(edges, pods), "pods talk, of which the graph knows nothing"
    wanted = {(client, server) for client, server in edges if {client, server} <= pods} - _could(whole)
    assert wanted <= between, "the graph has an edge that no pods walk"


def _could(whole: Estate) -> set[tuple[str, str]]:
    """Client and server where the client can do without: it opens a connection only if this platform has use for it."""
    rooms = {part.engine.name: part.engine for part in whole.parts}.values()
    return {
        (a.name, b.name) for a in rooms for b in rooms if {*a.optional} & {*b.offers} and not {*a.needs} & {*b.offers}
    }


def _engines(link: Link) -> tuple[str, str] | None:
    if isinstance(link.source, Pods) and isinstance(link.target, Pods):
        return link.source.engine, link.target.engine
    return None


def _through_those_without_pods(edges: set[tuple[str, str]], pods: set[str]) -> set[tuple[str, str]]:
    """An engine without pods stands for those behind it: its clients talk to them."""
    found = set(edges)
    while more := {(a, d) for a, b in found for c, d in edges if b == c and b not in pods} - found:
        found |= more
    return found


def test_every_namespace_is_closed_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = estate(monkeypatch, THREE)
    for cluster in whole.clusters:
        objects = of_section("governance", CONCERN.name, CONCERN.values(whole, cluster))
        closing = [one for one in objects if one["metadata"]["name"] == "default-deny"]
        assert [one["metadata"]["namespace"] for one in closing] == list(namespaces(whole, cluster))
        assert all(one["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} for one in closing)


def test_every_rule_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = estate(monkeypatch, THREE)
    policy = CONCERN.values(whole, "keep")["allowed"]["rows"]["rows"]
    assert [(rule["cidr"], rule["ports"], rule["why"]) for rule in policy["ingress"] if "cidr" in rule] == [
        ("10.42.0.0/16", [5432], "team/job-driver on cluster work uses IcebergCatalog of Rows"),
        ("10.2.0.0/24", [5432], "the load balancers look whether it is well"),
    ]
    driver = CONCERN.values(whole, "work")["allowed"]["team"]["job-driver"]
    doors = [rule["ports"] for rule in driver["egress"] if rule.get("cidr") == "10.2.0.0/24"]
    assert doors == [[443, 5432]], "the ports of the doors, not of the pods behind them"


def test_a_link_leaves_its_cluster_only_where_nobody_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    links = [link for link in network(estate(monkeypatch, THREE)).links if link.kind == "need"]
    stores = [
        link.target.cluster for link in links if link.capability is MetricStores and isinstance(link.target, Pods)
    ]
    assert sorted(stores) == ["keep", "see", "work"], "whoever looks at all clusters asks each of them"
    assert not [link for link in links if link.capability is KafkaBootstrap and link.across]


def test_two_kinds_of_pods_cannot_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import three_clusters

    from rosace.contract.workload import Workload

    def twice(site: Any) -> tuple[Workload, ...]:
        return tuple(Workload("bucket", "bucket", site.namespace, {"app": app}, {S3Endpoint: (1,)}) for app in "ab")

    monkeypatch.setattr(three_clusters, "_bucket_pods", twice)
    with pytest.raises(ValueError, match="two kinds of pods are called bucket/bucket"):
        CONCERN.values(estate(monkeypatch, ONE), "main")


@pytest.mark.parametrize("name", EXAMPLES)
def test_alertmanagers_hear_of_each_other_by_both_protocols(name: str) -> None:
    """Its operator gives it a port `mesh-tcp` and one `mesh-udp` (v0.85.0, pkg/alertmanager/statefulset.go)."""
    gossip = [
        link
        for link in network(example(name).estate).links
        if isinstance(link.target, Pods) and link.target.name == "alertmanager" and link.source == link.target
    ]
    assert gossip
    assert {(port, link.protocol) for link in gossip for port in link.ports} == {(9094, "TCP"), (9094, "UDP")}
