"""The one flow graph: resources and engines as nodes, who talks to whom as edges.

Start order, lineage, impact, the map and (later) policies are views of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class NodeKind(StrEnum):
    """What a node of the graph is."""

    ENGINE = "engine"
    SOURCE = "source"
    PRODUCER = "producer"
    TOPIC = "topic"
    TABLE = "table"
    BUCKET = "bucket"
    JOB = "job"
    QUERY = "query"


class Node(NamedTuple):
    """A thing of the platform. `name` is unique within its kind."""

    kind: NodeKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


class Edge(NamedTuple):
    """Data or calls from `source` to `target`.

    `protocol` is what is spoken (`kafka`, `s3`, `jdbc`, `http`); `data` names what flows (`topic departures`);
    `frequency` is declared words (`continuous`, `every 3s`, `on demand`); `impact` says what stops without it.
    """

    source: Node
    target: Node
    protocol: str
    data: str = ""
    frequency: str = "continuous"
    impact: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes and edges, in a stable order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
        """A graph of nodes and edges, each once, sorted: the same things give the same graph."""
        return cls(tuple(sorted(set(nodes))), tuple(sorted(set(edges))))

    def into(self, node: Node) -> tuple[Edge, ...]:
        """The edges that end at `node`."""
        return tuple(edge for edge in self.edges if edge.target == node)

    def out_of(self, node: Node) -> tuple[Edge, ...]:
        """The edges that begin at `node`."""
        return tuple(edge for edge in self.edges if edge.source == node)

    def downstream(self, node: Node) -> tuple[Node, ...]:
        """Everything that data from `node` reaches, nearest first."""
        return self._walk(node, forward=True)

    def upstream(self, node: Node) -> tuple[Node, ...]:
        """Everything that `node` depends on, nearest first."""
        return self._walk(node, forward=False)

    def _walk(self, start: Node, *, forward: bool) -> tuple[Node, ...]:
        seen: dict[Node, None] = {}
        queue = [start]
        while queue:
            node = queue.pop(0)
            edges = self.out_of(node) if forward else self.into(node)
            for edge in edges:
                following = edge.target if forward else edge.source
                if following not in seen and following != start:
                    seen[following] = None
                    queue.append(following)
        return tuple(seen)
