"""`rosace restart`: one process again, or one more run of a job."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Where


def restart(
    *names: str,
    where: Where | None = None,
    fresh: Annotated[bool, Parameter(help="Start jobs from the beginning, forgetting their checkpoints.")] = False,
) -> int:
    """Restart engines or processes by name; run a batch job once more.

    Examples:
      rosace restart trino
      rosace restart daily-report
    """
    from rosace.local.control import ask
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    home = (where or Where()).home()
    if not names:
        raise refuse("no-name", "say what to restart", hints=("`rosace status` lists engines, processes and jobs",))
    status = ask(home, {"do": "status"})
    known = [*status["processes"], *status["jobs"], *{item["engine"] for item in status["processes"].values()}]
    for name in names:
        if name not in known:
            near = closest(name, known)
            say(f"error: nothing is named `{name}`" + (f"; did you mean `{near}`?" if near else ""))
            return 2
    answer = ask(home, {"do": "restart", "names": list(names), "fresh": fresh}, timeout=180)
    say(f"restarted {', '.join(names)}" if answer["ok"] else f"unknown: {answer['unknown']}")
    return 0 if answer["ok"] else 1
