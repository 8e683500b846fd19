"""Walks of the one graph: what stops with a thing, and what it depends on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rosace.model.graph import Edge, Graph, Node, NodeKind

SOURCE, TOPIC = Node(NodeKind.SOURCE, "flights"), Node(NodeKind.TOPIC, "departures")
LAND, DELAYS = Node(NodeKind.JOB, "land"), Node(NodeKind.JOB, "delays")
LAKE, RESULT = Node(NodeKind.TABLE, "departures"), Node(NodeKind.TABLE, "delays")
QUERY = Node(NodeKind.QUERY, "late")


def flow(*pairs: tuple[Node, Node]) -> Graph:
    return Graph.of({node for pair in pairs for node in pair}, [Edge(one, other, "kafka") for one, other in pairs])


FLIGHTS = flow(
    (SOURCE, TOPIC), (TOPIC, LAND), (TOPIC, DELAYS), (LAND, LAKE), (DELAYS, RESULT), (LAKE, QUERY), (RESULT, QUERY)
)

NODES = st.builds(Node, st.sampled_from(list(NodeKind)), st.sampled_from("abc"))
GRAPHS = st.lists(st.tuples(NODES, NODES), max_size=14).map(lambda pairs: flow(*pairs))


def test_what_data_reaches_nearest_first() -> None:
    assert FLIGHTS.downstream(SOURCE) == (TOPIC, DELAYS, LAND, RESULT, LAKE, QUERY)
    assert FLIGHTS.downstream(RESULT) == (QUERY,)
    assert FLIGHTS.downstream(QUERY) == ()


def test_what_a_thing_depends_on() -> None:
    assert set(FLIGHTS.upstream(QUERY)) == {LAKE, RESULT, LAND, DELAYS, TOPIC, SOURCE}
    assert FLIGHTS.upstream(LAND) == (TOPIC, SOURCE)
    assert FLIGHTS.upstream(SOURCE) == ()


def test_a_topic_and_a_table_of_one_name_are_two_things() -> None:
    assert TOPIC.name == LAKE.name
    assert FLIGHTS.into(TOPIC) != FLIGHTS.into(LAKE)
    assert str(TOPIC) == "topic/departures"


def test_a_node_that_nobody_knows_has_no_neighbours() -> None:
    stranger = Node(NodeKind.BUCKET, "x")
    assert FLIGHTS.into(stranger) == FLIGHTS.out_of(stranger) == FLIGHTS.upstream(stranger) == ()


@given(GRAPHS)
def test_the_order_is_stable_and_nothing_is_there_twice(graph: Graph) -> None:
    again = Graph.of(reversed(graph.nodes * 2), reversed(graph.edges * 2))
    assert again == graph


@given(GRAPHS, NODES, NODES)
def test_up_is_the_mirror_of_down(graph: Graph, one: Node, other: Node) -> None:
    assert (other in graph.downstream(one)) == (one in graph.upstream(other))


@given(GRAPHS, NODES)
def test_a_walk_ends_and_never_meets_its_start(graph: Graph, node: Node) -> None:
    """Also in a circle, which a platform that was not checked may hold."""
    for walk in (graph.downstream(node), graph.upstream(node)):
        assert node not in walk
        assert len(set(walk)) == len(walk)


@given(GRAPHS, NODES)
def test_neighbours_come_before_what_lies_behind_them(graph: Graph, node: Node) -> None:
    walk = graph.downstream(node)
    near = {edge.target for edge in graph.out_of(node)} - {node}
    assert set(walk[: len(near)]) == near
