"""`rosace get`: the resources of a platform, by kind."""

from __future__ import annotations

from typing import Any, Literal

from rosace.cli.options import Output, Where

Kind = Literal["topics", "tables", "jobs", "sources", "queries", "engines", "edges", "artifacts"]


def get(kind: Kind, /, *, where: Where | None = None, output: Output = "table") -> int:
    """List the resources of one kind, as the checked file declares them.

    Examples:
      rosace get topics
      rosace get edges --output json     # who talks to whom, by which protocol
      rosace get artifacts               # what is fetched, with checksums and sizes
    """
    from rosace.cli.options import checked
    from rosace.cli.tables import emit

    platform = checked(where or Where())
    rows, columns = LISTS[kind](platform)
    emit(rows, [(name, name.upper().replace("_", " ")) for name in columns], output)
    return 0


def _topics(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows = [
        {
            "topic": name,
            "partitions": topic.partitions,
            "key": ", ".join(topic.key),
            "kept": "compacted" if topic.compact else str(topic.retention),
            "columns": ", ".join(f"{column} {kind}" for column, kind in topic.columns.items()),
        }
        for name, topic in p.topics.items()
    ]
    return rows, ["topic", "partitions", "key", "kept", "columns"]


def _tables(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows = [
        {
            "table": f"lake.{name}",
            "key": ", ".join(table.key),
            "partition": ", ".join(table.partition),
            "columns": ", ".join(f"{column} {kind}" for column, kind in table.columns.items()),
        }
        for name, table in p.tables.items()
    ]
    return rows, ["table", "key", "partition", "columns"]


def _jobs(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows = [
        {
            "job": name,
            "engine": job.spec.engine,
            "delivery": job.spec.delivery,
            "reads": ", ".join(map(str, job.reads)),
            "writes": ", ".join(map(str, job.writes)),
            "when": job.spec.schedule or ("after " + ", ".join(job.spec.after) if job.spec.after else "always"),
        }
        for name, job in p.jobs.items()
    ]
    return rows, ["job", "engine", "delivery", "reads", "writes", "when"]


def _sources(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows = [
        {
            "source": name,
            "file": source.spec.file if isinstance(source.spec.file, str) else source.spec.file.path,
            "to": str(source.target),
            "order": ", ".join(source.spec.order),
            "rate": str(source.spec.rate) if source.spec.rate else "as fast as it goes",
        }
        for name, source in p.sources.items()
    ]
    return rows, ["source", "file", "to", "order", "rate"]


def _queries(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows = [{"query": n, "file": q.path.name, "reads": ", ".join(map(str, q.reads))} for n, q in p.queries.items()]
    return rows, ["query", "file", "reads"]


def _engines(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    from rosace.engines.registry import engines

    rooms = engines()
    rows = [
        {
            "engine": name,
            "what": rooms[name].title,
            "offers": ", ".join(capability.__name__ for capability in rooms[name].offers),
            "needs": ", ".join(capability.__name__ for capability in (*rooms[name].needs, *rooms[name].optional)),
        }
        for name in p.engines
    ]
    return rows, ["engine", "what", "offers", "needs"]


def _edges(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    rows = [
        {
            "from": str(edge.source),
            "to": str(edge.target),
            "protocol": edge.protocol,
            "data": edge.data,
            "frequency": edge.frequency,
            "impact": edge.impact,
        }
        for edge in p.graph.edges
    ]
    return rows, ["from", "to", "protocol", "data", "frequency", "impact"]


def _artifacts(p: Any) -> tuple[list[dict[str, Any]], list[str]]:
    from rosace.local.artifacts.cache import Cache, cache_root
    from rosace.local.prepare import artifacts

    cache = Cache(cache_root())
    seen: dict[str, dict[str, Any]] = {}
    for engine, items in artifacts(p).items():
        for item in items:
            row = seen.setdefault(
                item.sha256 + str(item.unpack),
                {
                    "artifact": item.name,
                    "coordinate": item.coordinate,
                    "bytes": item.size,
                    "cached": cache.present(item),
                    "sha256": item.sha256,
                    "engines": "",
                },
            )
            row["engines"] += (", " if row["engines"] else "") + engine
    return list(seen.values()), ["artifact", "coordinate", "bytes", "cached", "engines"]


LISTS = {
    "topics": _topics,
    "tables": _tables,
    "jobs": _jobs,
    "sources": _sources,
    "queries": _queries,
    "engines": _engines,
    "edges": _edges,
    "artifacts": _artifacts,
}
