"""`rosace logs`: what the engines say."""

from __future__ import annotations

import sys
import time
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.options import Where
from rosace.source.render.excerpt import visible


def logs(
    *names: str,
    where: Where | None = None,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative=(), help="Go on as lines come.")] = False,
    lines: Annotated[int, Parameter(name=["--lines", "-n"], help="How many lines of each log at first.")] = 50,
) -> int:
    """Print the logs of engines, processes or jobs by name; of all when none is named.

    A job's log says when it was handed over, worked, failed and ended, with its engine's own words on each failure, and
    what a Python job prints. Logs are put aside beyond 32 MiB, one generation each.

    Examples:
      rosace logs daily-report           # a job
      rosace logs flink                  # job manager, task manager and gateway
      rosace logs kafka spark -f
    """
    from rosace.cli.streams import unread
    from rosace.observe.logs import Tail, chosen

    tails = [Tail(log) for log in chosen((where or Where()).known(), names)]
    wide = max(len(tail.log.name) for tail in tails) if len(tails) > 1 else 0
    for tail in tails:
        for line in tail.last(lines):
            _line(tail.log.name, line, wide)
    while follow and not unread():
        for tail in tails:
            for line in tail.more():
                _line(tail.log.name, line, wide)
        time.sleep(0.2)
    return 0


def _line(name: str, line: str, wide: int) -> None:
    """As it is for programs; for a terminal with its control characters shown, since engines log what the data says."""
    line = visible(line) if sys.stdout.isatty() else line
    print(f"{name:{wide}} | {line}" if wide else line, flush=True)
