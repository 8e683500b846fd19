"""`rosace status`: what runs, how much memory it takes, how far the data is."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Output, Place, Where
from rosace.cli.tables import seen as clean
from rosace.source.quoted import counted

if TYPE_CHECKING:
    from rosace.model.status import JobNow
    from rosace.observe.status import Observed


def status(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    all: Annotated[bool, Parameter(name="--all", help="Every platform of this user, a line each.")] = False,
    output: Output = "table",
) -> int:
    """Show processes with measured memory, jobs with records read and written, sources.

    What runs is asked, not what the file says, so this answers while the file is being edited. Exit code 0: everything
    is ready. 1: something is not, or the platform does not run. 2: unknown, since nobody who would know answers; what
    was last seen is shown.

    Examples:
      rosace status
      rosace status --output json
      rosace status --all
    """
    if all:
        return _all(output)
    from rosace.observe.status import observe

    seen = observe((where or Where()).at(path).known())
    if output == "json":
        print(json.dumps(asdict(seen), indent=2))
    elif output == "jsonl":
        rows = _rows(seen) or [{"running": seen.running, "state": seen.state, "home": seen.home}]
        print("\n".join(map(json.dumps, rows)))
    else:
        _show(seen)
    if seen.state in ("stopped", "absent"):
        kept = f" (data kept in {seen.home})" if seen.state == "stopped" else ""
        say(f"not running{kept}: `rosace up` starts it")
    if seen.state == "unknown":
        _unknown(seen)
    return {"well": 0, "unknown": 2}.get(seen.health, 1)


def _rows(seen: Observed) -> list[dict[str, Any]]:
    processes = [{"kind": "process", "name": name, **asdict(item)} for name, item in seen.processes.items()]
    return processes + [{"kind": "job", "name": name, **asdict(item)} for name, item in seen.jobs.items()]


def _unknown(seen: Observed) -> None:
    """Since when nobody knows, why, and what can be done."""
    since = f" since {_moment(seen.seen.time)} ({_age(seen.time - seen.seen.time)} ago)" if seen.seen else ""
    sign = f"; the last sign was {_sign(seen)}" if seen.seen else ""
    say(f"unknown{since}: {seen.why}{sign}")
    lives = sum(1 for item in seen.processes.values() if item.pid)
    say(f"{lives} of {len(seen.processes)} processes live: `rosace up` takes them over, `rosace down` stops them")


def _sign(seen: Observed) -> str:
    assert seen.seen is not None
    return "its heartbeat" if seen.seen.by == "heartbeat" else f"the event `{seen.seen.text}`"


def _moment(when: float) -> str:
    return datetime.fromtimestamp(when).astimezone().isoformat(" ", "seconds")


def _show(seen: Observed) -> None:
    from rosace.cli.tables import emit
    from rosace.model.quantity import Size

    rows = [
        {
            "name": name,
            "state": item.state,
            "memory": f"{item.memory // 2**20:,} MiB" if item.memory else None,
            "expected": f"{item.expected // 2**20:,} MiB" if item.expected else None,
            "heap": f"{item.heap // 2**20:,} MiB" if item.heap else None,
            "up": _age(seen.time - item.since) if item.pid and item.since else None,
            "restarts": item.restarts,
            "interface": item.interface or None,
            "detail": item.detail or None,
        }
        for name, item in seen.processes.items()
    ]
    if not rows:
        return
    shown = [c for c in PROCESS_COLUMNS if c[0] not in ("detail",) or any(row["detail"] for row in rows)]
    emit(rows, shown, "table", title=f"{seen.platform}: processes", spare=("expected", "heap", "restarts"))
    jobs = [{"name": name, **asdict(item), "detail": _detail(item)} for name, item in seen.jobs.items()]
    told = [c for c in JOB_COLUMNS if c[0] != "late" or any(row["late"] for row in jobs)]
    emit(jobs, told, "table", title="jobs", spare=("restarts",))
    for line in _failures(seen):
        say(line)
    if seen.retired:
        say(f"no longer declared, kept until `rosace prune`: {', '.join(seen.retired)}")
    if seen.supervisor:
        total = sum(item.memory for item in seen.processes.values()) + seen.supervisor.memory
        say(f"resident memory: {Size(total)} in all, Rosace's supervisor {Size(seen.supervisor.memory)}")


def _more(name: str, job: JobNow) -> str:
    """What to type to know more: a record that cannot be read has its place in its topic."""
    from rosace.model.checked import Ref

    topics = [f"rosace topic unfit {ref}" for ref in map(Ref.read, job.reads) if ref.kind == "topic"]
    return " | ".join([f"rosace logs {name}", *topics])


def _detail(job: JobNow) -> str | None:
    """Short where the whole stands below the table."""
    if job.state in ("failing", "failed") and job.failing_since is not None:
        return f"failed {counted(job.failures, 'time')}, see below"
    return job.detail or None


def _failures(seen: Observed) -> list[str]:
    """Each job that fails or was given up: since when, how often, when it is tried again, and why."""
    lines: list[str] = []
    for name, job in seen.jobs.items():
        if job.failing_since is None or job.state not in ("failing", "failed"):
            continue
        times = f"failed {counted(job.failures, 'time')} in a row, first {_age(seen.time - job.failing_since)} ago"
        left = max(0.0, (job.next_try or 0.0) - seen.time)
        then = (
            f"tried again in {left:.0f} s"
            if job.state == "failing"
            else f"given up: `rosace restart {name}` tries again"
        )
        lines += [f"job {name}: {times}; {then}", f"  {clean(job.error)}", f"  more: {_more(name, job)}"]
    return lines


PROCESS_COLUMNS = (
    ("name", "PROCESS"), ("state", "STATE"), ("memory", "RSS"), ("expected", "EXPECTED"), ("heap", "HEAP"),
    ("up", "UP"), ("restarts", "RESTARTS"), ("interface", "OPEN"), ("detail", "DETAIL"),
)  # fmt: skip
JOB_COLUMNS = (
    ("name", "JOB"), ("engine", "ENGINE"), ("state", "STATE"), ("records_in", "IN"), ("records_out", "OUT"),
    ("late", "LATE"), ("restarts", "RESTARTS"), ("detail", "DETAIL"),
)  # fmt: skip


def _age(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f}s"
    return f"{seconds / 60:.0f}m" if seconds < 7200 else f"{seconds / 3600:.1f}h"


def _all(output: str) -> int:
    from rosace.cli.tables import emit
    from rosace.observe.estate import platforms

    columns = ("platform", "state", "health", "processes", "root", "home")
    headings = {"root": "FOLDER", "home": "DATA"}
    emit(platforms(say), [(name, headings.get(name, name.upper())) for name in columns], output)
    return 0
