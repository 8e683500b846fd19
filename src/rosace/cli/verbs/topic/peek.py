"""`rosace topic peek`: records from an offset on."""

from __future__ import annotations

from itertools import islice

from rosace.cli.options import Output, Where
from rosace.cli.verbs.topic.options import Most, Offset, Partition


def peek(
    name: str,
    /,
    *,
    where: Where | None = None,
    offset: Offset = None,
    partition: Partition = None,
    number: Most = 10,
    output: Output = "table",
) -> int:
    """Show committed records of a topic from an offset on, partition by partition.

    Examples:
      rosace topic peek departures
      rosace topic peek departures --partition 2 --offset 1000 -n 3
      rosace topic peek departures -n 1 -o jsonl
    """
    from rosace.cli.reading import bare, running
    from rosace.cli.records import shown
    from rosace.observe.topics import peeked

    name = bare(name, "topic", "topics")
    known, _ = running(where or Where())
    shown(islice(peeked(known, name, partition, offset), number), output)
    return 0
