"""`rosace topic produce`: sends records to a topic."""

from __future__ import annotations

import sys

from rosace.cli.options import Output, Where


def produce(name: str, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Send JSON lines from stdin to a topic: one object a line, its members the declared columns.

    All lines are checked against the columns first, then sent in one transaction, as a source would send them. A
    member may be left out where the column may be null. `verify` knows nothing of them: it shows them as rows that no
    file explains.

    Examples:
      rosace topic produce orders < more.jsonl
      echo '{"id": 7, "amount": 12.5}' | rosace topic produce orders
    """
    from rosace.cli.failures import say
    from rosace.cli.reading import bare, running
    from rosace.cli.tables import emit
    from rosace.observe.topics import produced
    from rosace.source.quoted import counted

    name = bare(name, "topic", "topics")
    known, _ = running(where or Where())
    if sys.stdin.isatty():
        say(f"one JSON object a line for `{name}`; Ctrl-D sends them")
    done = produced(known, name, sys.stdin)
    if output == "table":
        say(f"{counted(done['records'], 'record')} sent to {name}")
    else:
        emit([done], [], output)
    return 0
