"""`rosace restart`: one process again, or one more run of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Where

if TYPE_CHECKING:
    from rosace.model.status import Running


def restart(
    *names: str,
    where: Where | None = None,
    fresh: Annotated[bool, Parameter(help="Start jobs from the beginning, forgetting their checkpoints.")] = False,
    at: Annotated[
        str, Parameter(help="Run scheduled jobs for this moment of their schedule (UTC): 2024-05-01, 2024-05-01T05:00.")
    ] = "",
) -> int:
    """Restart engines or processes by name; run a batch job once more.

    Examples:
      rosace restart trino
      rosace restart daily-report
      rosace restart daily-report --at 2024-05-01
    """
    from rosace.local.bringup import look
    from rosace.local.control import ask
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    home = (where or Where()).known()
    if not names:
        raise refuse("no-name", "say what to restart", hints=("`rosace status` lists engines, processes and jobs",))
    now = look(home)
    known = [*now.processes, *now.jobs, *{item.engine for item in now.processes.values()}]
    for name in names:
        if name not in known:
            near = closest(name, known)
            say(f"error: nothing is named `{name}`" + (f"; did you mean `{near}`?" if near else ""))
            return 2
        if not fresh and (ended := _ended(now, name)):
            say(ended)
            return 2
        if at and (wrong := _no_moment(now.jobs[name].schedule if name in now.jobs else "", at)):
            say(f"error: {name}: {wrong}")
            return 2
    answer = ask(home, {"do": "restart", "names": list(names), "fresh": fresh, "at": at}, timeout=180)
    say(f"restarted {', '.join(names)}" if answer["ok"] else f"unknown: {answer['unknown']}")
    return 0 if answer["ok"] else 1


def _ended(now: Running, name: str) -> str:
    """Why another run of a stream would give nothing; empty where it may."""
    job = now.jobs.get(name)
    if job is None or job.batch or job.state != "finished":
        return ""
    return (
        f"error: {name} has read all of its input and has ended: another run would find nothing to read\n"
        f"hint: `rosace rebuild {name}` makes what it writes anew, from the beginning"
    )


def _no_moment(schedule: str, at: str) -> str:
    """Why a job cannot be run for this moment; empty where it can."""
    from rosace.kit.moments import moments_said

    if not schedule:
        return "only a job with a `schedule` is run for a moment of it (--at)"
    try:
        moments_said(schedule, at)
    except ValueError as error:
        return str(error)
    return ""
