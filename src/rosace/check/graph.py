"""The flow graph of a platform: who talks to whom, over what, how often, and what stops without it.

Comes in: a draft without errors and the checked jobs, sources and queries. Goes out: `Graph`.
Must not: name an engine; engines are known by what they offer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.model.capabilities import (
    Alerts,
    BatchSession,
    Capability,
    Dashboards,
    IcebergCatalog,
    KafkaBootstrap,
    LongTermMetrics,
    Metrics,
    MetricStores,
    PostgresDatabase,
    S3Endpoint,
    SearchEndpoint,
    SqlEndpoint,
    StreamSql,
)
from rosace.model.checked import Ref
from rosace.model.graph import Edge, Graph, Node, NodeKind
from rosace.model.sources import StoredFiles

if TYPE_CHECKING:
    from rosace.check.draft import Draft
    from rosace.contract.engine import Engine

_PROTOCOLS: dict[type[Capability], tuple[str, str, str]] = {
    KafkaBootstrap: ("kafka", "records", "cannot read or write topics"),
    S3Endpoint: ("s3", "objects", "cannot keep or read files"),
    PostgresDatabase: ("jdbc", "rows", "cannot look up or commit tables"),
    IcebergCatalog: ("jdbc", "table metadata", "cannot find or commit tables of the lake"),
    SqlEndpoint: ("http", "queries", "cannot ask questions in SQL"),
    StreamSql: ("http", "jobs", "cannot start streaming jobs"),
    BatchSession: ("http", "jobs", "cannot start jobs"),
    SearchEndpoint: ("http", "documents", "cannot search"),
    Metrics: ("http", "metrics of a cluster", "cannot show how a cluster is"),
    MetricStores: ("grpc", "metrics of every cluster", "cannot show all clusters at once"),
    LongTermMetrics: ("http", "metrics of all times", "cannot show what was long ago"),
    Alerts: ("http", "alerts", "cannot tell anybody"),
    Dashboards: ("http", "dashboards", "cannot be looked at"),
}
"""For each capability: protocol, what flows, what an engine cannot do without it."""

OWN_BUCKETS = {"lake": "table files", "checkpoints": "state of jobs"}
"""The buckets that every platform with object storage has, and what is in them."""


def graph_of(draft: Draft) -> Graph:
    """All nodes and edges, in a stable order."""
    edges = [
        *_sources(draft),
        *_stored(draft),
        *_producers(draft),
        *_jobs(draft),
        *_queries(draft),
        *_exports(draft),
        *_engines(draft),
        *_buckets(draft),
    ]
    nodes = [Node(NodeKind.ENGINE, name) for name in draft.rooms]
    nodes += [Node(NodeKind.TOPIC, name) for name in draft.platform.topics]
    nodes += [Node(NodeKind.TABLE, name) for name in draft.platform.tables]
    nodes += [node for edge in edges for node in (edge.source, edge.target)]
    return Graph.of(nodes, edges)


def node_of(ref: Ref) -> Node:
    """The node of a topic or table."""
    return Node(NodeKind.TABLE if ref.kind == "table" else NodeKind.TOPIC, ref.name)


def _protocol(ref: Ref) -> str:
    return "s3" if ref.kind == "table" else "kafka"


def _data(ref: Ref) -> str:
    return f"{ref.kind} {ref}"


def _sources(draft: Draft) -> Iterator[Edge]:
    for name, ref in draft.flow.sources.items():
        source = draft.platform.sources[name]
        frequency = "once" if ref.kind == "table" else f"{source.rate}" if source.rate else "as fast as it is taken"
        impact = f"`{ref}` gets nothing new"
        yield Edge(
            Node(NodeKind.SOURCE, name), node_of(ref), _protocol(ref), f"file {source.written}", frequency, impact
        )


def _stored(draft: Draft) -> Iterator[Edge]:
    """From the platform's own store to who sends the objects in it: those who keep the topic have pods that do."""
    for name, ref in draft.flow.sources.items():
        file = draft.platform.sources[name].file
        if isinstance(file, StoredFiles) and file.endpoint is None and ref.kind == "topic":
            for store in (room for room in draft.rooms.values() if S3Endpoint in room.offers):
                for room in (room for room in draft.rooms.values() if KafkaBootstrap in room.offers):
                    ends = Node(NodeKind.ENGINE, store.name), Node(NodeKind.ENGINE, room.name)
                    yield Edge(*ends, "s3", f"objects {file.s3}", "continuous", f"source `{name}` waits")


def _producers(draft: Draft) -> Iterator[Edge]:
    for name, producer in draft.platform.producers.items():
        for topic in producer.writes:
            ends = Node(NodeKind.PRODUCER, name), Node(NodeKind.TOPIC, topic)
            impact = f"`{topic}` gets nothing new of `{name}`"
            yield Edge(*ends, "kafka", f"topic {topic}", "whenever it writes", impact)


def _jobs(draft: Draft) -> Iterator[Edge]:
    for name, spec in draft.platform.jobs.items():
        job = Node(NodeKind.JOB, name)
        reads, writes = draft.flow.reads[name], draft.flow.writes[name]
        often = _frequency(draft, name)
        for ref in reads:
            on_its_own = spec.schedule is None and not spec.after
            reading = "continuous" if on_its_own and ref.kind == "topic" else often
            impact = f"job `{name}` waits" if not spec.batch else f"job `{name}` fails until it is back"
            yield Edge(node_of(ref), job, _protocol(ref), _data(ref), reading, impact)
        for ref in writes:
            yield Edge(job, node_of(ref), _protocol(ref), _data(ref), often, f"`{ref}` gets no results of `{name}`")
        if spec.engine in draft.rooms:
            impact = f"job `{name}` stands still; it goes on where it was"
            yield Edge(Node(NodeKind.ENGINE, spec.engine), job, "http", f"job {name}", often, impact)


def _frequency(draft: Draft, name: str) -> str:
    job = draft.platform.jobs[name]
    if job.schedule is not None:
        return f"at {job.schedule}"
    return f"after {', '.join(job.after)}" if job.after else f"every {draft.platform.commits(job)}"


def _queries(draft: Draft) -> Iterator[Edge]:
    answering = [room for room in draft.rooms.values() if SqlEndpoint in room.offers]
    for name, reading in draft.queries.items():
        query = Node(NodeKind.QUERY, name)
        for ref in reading.reads:
            yield Edge(node_of(ref), query, _protocol(ref), _data(ref), "on demand", f"query `{name}` fails")
        for room in answering:
            yield Edge(
                Node(NodeKind.ENGINE, room.name), query, "http", f"query {name}", "on demand", f"query `{name}` fails"
            )


def _exports(draft: Draft) -> Iterator[Edge]:
    """Records of a topic go on to a store; those who keep the topics carry them there."""
    carriers = [room for room in draft.rooms.values() if KafkaBootstrap in room.offers]
    for name, export in draft.platform.exports.items():
        for store in (room for room in draft.rooms.values() if export.to in room.exports):
            topic, into = Node(NodeKind.TOPIC, export.from_), Node(NodeKind.ENGINE, store.name)
            protocol = next((_PROTOCOLS[offer][0] for offer in store.offers if offer in _PROTOCOLS), "tcp")
            impact = f"{store.title} gets nothing new of `{export.from_}`"
            yield Edge(topic, into, protocol, f"export {name}", "continuous", impact)
            for room in carriers:
                impact = f"{room.title} keeps what it exports until the store is back"
                yield Edge(into, Node(NodeKind.ENGINE, room.name), protocol, "exports", "continuous", impact)


def _engines(draft: Draft) -> Iterator[Edge]:
    """Offer meets need: from the engine that offers to the one that cannot do without."""
    for room in draft.rooms.values():
        for need in dict.fromkeys((*room.needs, *room.optional)):
            for offering in draft.rooms.values():
                if need in offering.offers and offering.name != room.name:
                    yield _need(room, need, offering)
    if draft.platform.backups and draft.platform.target == "kubernetes":
        yield from _backups(draft)


def _backups(draft: Draft) -> Iterator[Edge]:
    """From an engine that is backed up to the store that keeps the copies."""
    for room in draft.rooms.values():
        for store in draft.rooms.values():
            if room.backs_up and S3Endpoint in store.offers:
                ends = (Node(NodeKind.ENGINE, store.name), Node(NodeKind.ENGINE, room.name))
                often = f"every {draft.platform.backups.rpo}" if draft.platform.backups else ""
                yield Edge(*ends, "s3", "backups", often, f"{room.title} is not backed up until it is back")


def _need(room: Engine, need: type[Capability], offering: Engine) -> Edge:
    protocol, data, without = _PROTOCOLS.get(need, ("tcp", need.__name__, f"lacks {need.__name__}"))
    impact = f"{room.title} {without}"
    return Edge(
        Node(NodeKind.ENGINE, offering.name), Node(NodeKind.ENGINE, room.name), protocol, data, "continuous", impact
    )


def _buckets(draft: Draft) -> Iterator[Edge]:
    for room in draft.rooms.values():
        if S3Endpoint not in room.offers:
            continue
        own = {name: what for name, what in OWN_BUCKETS.items() if name != "lake" or draft.platform.tables}
        for name, what in {**own, **dict.fromkeys(draft.platform.storage.buckets, "objects")}.items():
            bucket = Node(NodeKind.BUCKET, name)
            yield Edge(Node(NodeKind.ENGINE, room.name), bucket, "s3", what, "on demand", f"`{name}` cannot be reached")
            if name == "lake":
                for table in draft.platform.tables:
                    target = Node(NodeKind.TABLE, table)
                    yield Edge(bucket, target, "s3", f"table lake.{table}", "on demand", f"`lake.{table}` has no files")
