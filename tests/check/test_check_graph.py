"""The graph of the flights example."""

from __future__ import annotations

from check_outcome import Examine

from rosace.model.graph import Node, NodeKind


def test_flow(flights: Examine) -> None:
    graph = flights().proof().graph
    source = Node(NodeKind.SOURCE, "flights")
    reached = graph.downstream(source)
    assert Node(NodeKind.TOPIC, "delays") in reached
    assert Node(NodeKind.QUERY, "worst-days") in reached
    assert Node(NodeKind.TABLE, "carriers") not in reached
    assert source in graph.upstream(Node(NodeKind.QUERY, "late-carriers"))


def test_edges_say_everything(flights: Examine) -> None:
    graph = flights().proof().graph
    assert all(edge.protocol and edge.data and edge.frequency and edge.impact for edge in graph.edges)
    job = Node(NodeKind.JOB, "carrier-delays")
    written = {str(edge.target): edge for edge in graph.out_of(job)}
    assert written["topic/delays"].protocol == "kafka"
    assert written["table/delays"].protocol == "s3"
    assert written["topic/delays"].frequency == "every 3s"
    assert {edge.frequency for edge in graph.out_of(Node(NodeKind.JOB, "daily-report"))} == {"at 0 5 * * *"}


def test_engines_lean_on_each_other(flights: Examine) -> None:
    graph = flights().proof().graph
    between = {
        (edge.source.name, edge.target.name): edge.protocol
        for edge in graph.edges
        if edge.source.kind is edge.target.kind is NodeKind.ENGINE
    }
    assert between["postgresql", "iceberg"] == "jdbc"
    assert between["seaweedfs", "iceberg"] == "s3"
    assert between["kafka", "flink"] == "kafka"
    assert between["iceberg", "trino"] == "jdbc"
    assert Node(NodeKind.BUCKET, "lake") in graph.nodes
    assert Node(NodeKind.ENGINE, "seaweedfs") in graph.upstream(Node(NodeKind.TABLE, "weather"))


def test_graph_is_stable(flights: Examine) -> None:
    assert flights().proof().graph == flights().proof().graph


def test_exports_lead_into_the_store_that_takes_them(examined: Examine) -> None:
    graph = (
        examined(
            "platform: exporting\n"
            "clusters: {main: {}}\n"
            "delivery: {registry: registry.example.com}\n"
            "topics: {balances: {columns: {account: string!}, key: account}}\n"
            "producers: {others: {writes: balances}}\n"
            "exports: {serving: {from: balances, to: postgresql}}\n"
        )
        .proof()
        .graph
    )
    store = Node(NodeKind.ENGINE, "postgresql")
    into = {str(edge.source): edge for edge in graph.into(store)}
    assert into["topic/balances"].data == "export serving"
    assert Node(NodeKind.ENGINE, "kafka") in graph.downstream(store), "who exports cannot without the store"
