"""The resources of a platform as it is declared: what `get` lists and `describe` tells.

Comes in: `Checked`. Goes out: rows of `shapes`. Must not: ask anything that runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rosace.contract.machine import sending
from rosace.model.checked import Checked, Ref
from rosace.model.graph import Edge, Node, NodeKind
from rosace.observe.shapes import (
    ArtifactRow,
    EdgeRow,
    EngineRow,
    JobRow,
    QueryRow,
    ResourceRow,
    SourceRow,
    TableRow,
    TopicRow,
)
from rosace.source.diagnostic import refuse
from rosace.source.suggest import closest
from rosace.source.tree import Tree


def topics(platform: Checked) -> list[TopicRow]:
    """Topics in the order of the file."""
    return [
        TopicRow(
            topic=name,
            partitions=topic.partitions,
            key=", ".join(topic.key),
            kept="compacted" if topic.compact else str(topic.retention),
            columns=_columns(topic.columns),
        )
        for name, topic in platform.topics.items()
    ]


def tables(platform: Checked) -> list[TableRow]:
    """Tables of the lake in the order of the file."""
    return [
        TableRow(
            table=str(Ref("table", name)),
            key=", ".join(table.key),
            partition=", ".join(table.partition),
            columns=_columns(table.columns),
        )
        for name, table in platform.tables.items()
    ]


def _columns(columns: Mapping[str, object]) -> str:
    return ", ".join(f"{column} {kind}" for column, kind in columns.items())


def jobs(platform: Checked) -> list[JobRow]:
    """Jobs in the order of the file."""
    return [
        JobRow(
            job=name,
            engine=job.spec.engine,
            delivery=job.spec.delivery,
            reads=", ".join(map(str, job.reads)),
            writes=", ".join(map(str, job.writes)),
            when=job.spec.schedule or ("after " + ", ".join(job.spec.after) if job.spec.after else "always"),
        )
        for name, job in platform.jobs.items()
    ]


def sources(platform: Checked) -> list[SourceRow]:
    """Sources in the order of the file."""
    return [
        SourceRow(
            source=name,
            file=source.spec.written,
            to=str(source.target),
            order=", ".join(source.spec.order),
            rate=str(source.spec.rate) if source.spec.rate else "as fast as it goes",
        )
        for name, source in platform.sources.items()
    ]


def queries(platform: Checked) -> list[QueryRow]:
    """Queries in the order of the file."""
    return [
        QueryRow(query=name, file=_shown(query.path, platform.root), reads=", ".join(map(str, query.reads)))
        for name, query in platform.queries.items()
    ]


def _shown(path: Path, root: Path) -> str:
    """A file as it is written in `platform.yaml`, wherever `root`, the folder of that, is."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def engines(platform: Checked) -> list[EngineRow]:
    """The engines in use."""
    from rosace.contract.registry import engines as rooms

    return [
        EngineRow(
            engine=name,
            what=rooms()[name].title,
            offers=", ".join(capability.__name__ for capability in rooms()[name].offers),
            needs=", ".join(capability.__name__ for capability in (*rooms()[name].needs, *rooms()[name].optional)),
        )
        for name in platform.engines
    ]


def edges(platform: Checked) -> list[EdgeRow]:
    """Who talks to whom."""
    return [
        {
            "from": str(edge.source),
            "to": str(edge.target),
            "protocol": edge.protocol,
            "data": edge.data,
            "frequency": edge.frequency,
            "impact": edge.impact,
        }
        for edge in platform.graph.edges
    ]


def artifacts(platform: Checked) -> list[ArtifactRow]:
    """What is fetched, each once, with all engines that need it."""
    from rosace.local.artifacts.cache import Cache, cache_root
    from rosace.local.prepare import artifacts as by_engine

    cache = Cache(cache_root())
    found: dict[str, ArtifactRow] = {}
    for engine, items in by_engine(platform).items():
        for item in items:
            row = found.setdefault(
                item.sha256 + str(item.unpack),
                ArtifactRow(
                    artifact=item.name,
                    coordinate=item.coordinate,
                    bytes=item.size,
                    cached=cache.present(item),
                    sha256=item.sha256,
                    engines="",
                ),
            )
            row["engines"] += (", " if row["engines"] else "") + engine
    return list(found.values())


LISTS: Mapping[str, Callable[[Checked], Sequence[Any]]] = {
    "topics": topics,
    "tables": tables,
    "jobs": jobs,
    "sources": sources,
    "queries": queries,
    "engines": engines,
    "edges": edges,
    "artifacts": artifacts,
}
"""The kinds of `get`, each with the function that lists it."""


def resource(
    platform: Checked, tree: Tree, name: str, now: Callable[[Ref], list[str]] = lambda _: []
) -> list[ResourceRow]:
    """All that a name means: a topic and a source may share one, `lake.` stands before that of a table alone.

    `now` tells of a topic or table what it is at this moment. Raises Refused with the nearest name.
    """
    # As `status`, `verify` and the file say it: `source-flights`, `flink carrier-delays`, `topics.departures`.
    nodes = [node for node in platform.graph.nodes if name in _names(platform, node)]
    nodes += [Node(NodeKind.TABLE, one) for one in platform.tables if name == str(Ref("table", one))]
    if not nodes:
        near = closest(name, [node.name for node in platform.graph.nodes])
        raise refuse(
            "unknown-resource",
            f"nothing is named `{name}`",
            hints=(f"did you mean `{near}`?" if near else "`rosace get edges` lists all resources",),
        )
    return [_resource(platform, tree, node, now) for node in nodes]


def _names(platform: Checked, node: Node) -> set[str]:
    found = {node.name, str(node), f"{node.kind} {node.name}", f"{_section(node)}.{node.name}"}
    if node.kind == NodeKind.SOURCE:
        found.add(sending(node.name))
    if node.name in platform.jobs:
        found.add(f"{platform.jobs[node.name].spec.engine} {node.name}")
    return found


_HELD = (NodeKind.TABLE, NodeKind.TOPIC)


def _section(node: Node) -> str:
    return {"query": "queries"}.get(node.kind, f"{node.kind}s")


def _resource(platform: Checked, tree: Tree, node: Node, now: Callable[[Ref], list[str]]) -> ResourceRow:
    section = _section(node)
    ref = Ref("table" if node.kind == NodeKind.TABLE else "topic", node.name) if node.kind in _HELD else None
    declared = tree.has((section, node.name))
    return {
        "resource": str(node),
        "declared": tree.key_span((section, node.name)).location() if declared else "implied",
        "key": _key_of(platform, node),
        "columns": [f"{name} {kind}" for name, kind in _columns_of(platform, node).items()],
        "now": now(ref) if ref else [],
        "reads from": [_edge(edge.source, edge) for edge in platform.graph.into(node)],
        "feeds": [_edge(edge.target, edge) for edge in platform.graph.out_of(node)],
        "depends on": [str(other) for other in platform.graph.upstream(node)],
        "stops with it": [str(other) for other in platform.graph.downstream(node)],
    }


def _columns_of(platform: Checked, node: Node) -> Mapping[str, object]:
    known = {"table": platform.tables, "topic": platform.topics}.get(str(node.kind), {})
    return known[node.name].columns if node.name in known else {}


def _key_of(platform: Checked, node: Node) -> str:
    """What identifies a row of a table or a record of a topic, where anything does."""
    known = {"table": platform.tables, "topic": platform.topics}.get(str(node.kind), {})
    return ", ".join(known[node.name].key) if node.name in known else ""


def _edge(other: Node, edge: Edge) -> str:
    parts = [part for part in (edge.protocol, edge.frequency, edge.impact) if part]
    return f"{other} ({', '.join(parts)})"
