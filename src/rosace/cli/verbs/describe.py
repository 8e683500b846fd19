"""`rosace describe`: one resource, with what feeds it and what it feeds."""

from __future__ import annotations

import json
import sys
from typing import Any

from rosace.cli.options import Output, Where


def describe(name: str, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Tell all about one resource: its line in the file, its neighbours in the flow, and what stops with it.

    Examples:
      rosace describe departures
      rosace describe kafka
    """
    from rosace.cli.options import checked
    from rosace.cli.width import wrapped
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    place = where or Where()
    platform = checked(place)
    nodes = [node for node in platform.graph.nodes if name in (node.name, str(node))]
    if not nodes:
        near = closest(name, [node.name for node in platform.graph.nodes])
        raise refuse(
            "unknown-resource",
            f"nothing is named `{name}`",
            hints=(f"did you mean `{near}`?" if near else "`rosace get edges` lists all resources",),
        )
    tree = place.tree()
    found: list[dict[str, Any]] = []
    for node in nodes:
        section = {"query": "queries"}.get(node.kind, f"{node.kind}s")
        declared = tree.has((section, node.name))
        found.append(
            {
                "resource": str(node),
                "declared": tree.key_span((section, node.name)).location() if declared else "implied",
                **_key_of(platform, node),
                "reads from": [_edge(edge.source, edge) for edge in platform.graph.into(node)],
                "feeds": [_edge(edge.target, edge) for edge in platform.graph.out_of(node)],
                "depends on": [str(other) for other in platform.graph.upstream(node)],
                "stops with it": [str(other) for other in platform.graph.downstream(node)],
            }
        )
    if output != "table":
        print(json.dumps(found, indent=2 if output == "json" else None))
        return 0
    for item in found:
        print(item.pop("resource"))
        for key, value in item.items():
            lines = value if isinstance(value, list) else [value]
            for number, line in enumerate(lines or ["-"]):
                print(wrapped(f"  {'' if number else key + ':':15}{line}", 19, sys.stdout))
    return 0


def _key_of(platform: Any, node: Any) -> dict[str, Any]:
    """What identifies a row of a table or a record of a topic, where anything does."""
    known = {"table": platform.tables, "topic": platform.topics}.get(str(node.kind), {})
    key = known[node.name].key if node.name in known else ()
    return {"key": ", ".join(key)} if key else {}


def _edge(other: Any, edge: Any) -> str:
    parts = [part for part in (edge.protocol, edge.frequency, edge.impact) if part]
    return f"{other} ({', '.join(parts)})"
