"""`rosace topic list`: every topic, who reads it, and how far behind."""

from __future__ import annotations

from rosace.cli.options import Output, Where


def list(*, where: Where | None = None, output: Output = "table") -> int:
    """List the topics that there are, a line for each reader: jobs, and other programs' consumer groups.

    OFFSETS counts records and the marks of transactions between them. LAG is how many of those a reader has before it:
    0 where no record is left, nothing where nobody knows.

    Examples:
      rosace topic list
      rosace topic list --output json
    """
    from rosace.cli.reading import running
    from rosace.cli.tables import emit
    from rosace.observe.topics import listed

    known, seen = running(where or Where())
    rows = listed(known, seen)
    mark = " (not declared)" if output == "table" else ""
    shown = [
        {
            **row,
            "topic": row["topic"] + ("" if row["declared"] else mark),
            "reader": row["reader"] or None,
            "state": row["state"] or None,
        }
        for row in rows
    ]
    emit(shown if output == "table" else rows, [(name, name.upper()) for name in COLUMNS], output)
    return 0


COLUMNS = ("topic", "partitions", "offsets", "reader", "state", "lag")
