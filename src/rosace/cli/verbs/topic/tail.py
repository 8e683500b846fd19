"""`rosace topic tail`: the last records of a topic, and those that come."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from rosace.cli.options import Output, Where


def tail(
    name: str,
    /,
    *,
    where: Where | None = None,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative=(), help="Go on as records come.")] = False,
    number: Annotated[int, Parameter(name=["--number", "-n"], help="How many records at first.")] = 10,
    output: Output = "table",
) -> int:
    """Show the newest committed records of a topic, by the time at which they were written.

    Examples:
      rosace topic tail delays
      rosace topic tail delays -f -n 0
      rosace topic tail delays -f -o jsonl
    """
    from itertools import chain

    from rosace.cli.reading import bare, running
    from rosace.cli.records import shown
    from rosace.observe.topics import followed, last
    from rosace.source.diagnostic import refuse

    if follow and output == "json":
        raise refuse("endless-json", "an array without end cannot be written", hints=("-o jsonl is a line each",))
    name = bare(name, "topic", "topics")
    known, _ = running(where or Where())
    found, behind = last(known, name, number)
    shown(chain(found, followed(known, name, behind)) if follow else found, output)
    return 0
