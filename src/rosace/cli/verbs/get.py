"""`rosace get`: the resources of a platform, by kind."""

from __future__ import annotations

from typing import Literal

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
    from rosace.observe.resources import LISTS

    emit(LISTS[kind](checked(where or Where())), [(name, name.upper()) for name in COLUMNS[kind]], output)
    return 0


COLUMNS: dict[Kind, tuple[str, ...]] = {
    "topics": ("topic", "partitions", "key", "kept", "columns"),
    "tables": ("table", "key", "partition", "columns"),
    "jobs": ("job", "engine", "delivery", "reads", "writes", "when"),
    "sources": ("source", "file", "to", "order", "rate"),
    "queries": ("query", "file", "reads"),
    "engines": ("engine", "what", "offers", "needs"),
    "edges": ("from", "to", "protocol", "data", "frequency", "impact"),
    "artifacts": ("artifact", "coordinate", "bytes", "cached", "engines"),
}
"""What a table shows of each kind; JSON has all."""
