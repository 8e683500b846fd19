"""`rosace status`: what runs, how much memory it takes, how far the data is."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Output, Place, Where


def status(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    all: Annotated[bool, Parameter(name="--all", help="Every platform of this user, a line each.")] = False,
    output: Output = "table",
) -> int:
    """Show processes with measured memory, jobs with records read and written, sources.

    Exit code 0: everything is ready. 1: something is not, or the platform does not run.

    Examples:
      rosace status
      rosace status --output json
      rosace status --all
    """
    if all:
        return _all(output)
    from rosace.local.bringup import running

    home = (where or Where()).at(path).home()
    value = running(home)
    if value is None:
        last = home.state.exists()
        say("not running" + (f" (data kept in {home.path})" if last else "") + ": `rosace up` starts it")
        if output != "table":
            print(json.dumps({"running": False, "home": str(home.path)}))
        return 1
    if output == "json":
        print(json.dumps({"running": True, "home": str(home.path), **value}, indent=2))
    elif output == "jsonl":
        for row in _rows(value):
            print(json.dumps(row))
    else:
        _show(value)
    return 0 if _fine(value) else 1


def _fine(value: dict[str, Any]) -> bool:
    processes = all_states(value, "processes") <= {"ready", "done", "starting"} - {"starting"}
    return processes and all_states(value, "jobs") <= {"running", "finished", "draining", "waiting"}


def all_states(value: dict[str, Any], section: str) -> set[str]:
    """The states that occur among the items of a section."""
    return {item["state"] for item in value[section].values() if not item.get("once") or item["state"] == "failed"}


def _rows(value: dict[str, Any]) -> list[dict[str, Any]]:
    processes = [{"kind": "process", "name": name, **item} for name, item in value["processes"].items()]
    return processes + [{"kind": "job", "name": name, **item} for name, item in value["jobs"].items()]


def _show(value: dict[str, Any]) -> None:
    from rosace.cli.tables import emit
    from rosace.model.quantity import Size

    now = time.time()
    rows = [
        {
            "name": name,
            "state": item["state"],
            "memory": f"{item['memory'] // 2**20:,} MiB" if item["memory"] else None,
            "expected": f"{item['expected'] // 2**20:,} MiB" if item["expected"] else None,
            "heap": f"{item['heap'] // 2**20:,} MiB" if item["heap"] else None,
            "up": _age(now - item["since"]) if item["pid"] and item["since"] else None,
            "restarts": item["restarts"],
            "interface": item["interface"] or None,
            "detail": item["detail"] or None,
        }
        for name, item in value["processes"].items()
    ]
    shown = [c for c in PROCESS_COLUMNS if c[0] not in ("detail",) or any(row["detail"] for row in rows)]
    spare = ("expected", "heap", "restarts")
    emit(rows, shown, "table", title=f"{value['platform']}: processes", spare=spare)
    jobs = [{"name": name, **item, "detail": item["detail"] or None} for name, item in value["jobs"].items()]
    emit(jobs, JOB_COLUMNS, "table", title="jobs", spare=("restarts",))
    total = sum(item["memory"] for item in value["processes"].values()) + value["supervisor"]["memory"]
    say(f"resident memory: {Size(total)} in all, Rosace's supervisor {Size(value['supervisor']['memory'])}")


PROCESS_COLUMNS = (
    ("name", "PROCESS"), ("state", "STATE"), ("memory", "RSS"), ("expected", "EXPECTED"), ("heap", "HEAP"),
    ("up", "UP"), ("restarts", "RESTARTS"), ("interface", "OPEN"), ("detail", "DETAIL"),
)  # fmt: skip
JOB_COLUMNS = (
    ("name", "JOB"), ("engine", "ENGINE"), ("state", "STATE"), ("records_in", "IN"), ("records_out", "OUT"),
    ("restarts", "RESTARTS"), ("detail", "DETAIL"),
)  # fmt: skip


def _age(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f}s"
    return f"{seconds / 60:.0f}m" if seconds < 7200 else f"{seconds / 3600:.1f}h"


def _all(output: str) -> int:
    from rosace.cli.tables import emit
    from rosace.local.bringup import running
    from rosace.local.deployed import read_deployed
    from rosace.local.home import Home
    from rosace.local.store import Damaged

    rows: list[dict[str, Any]] = []
    for home in Home.all():
        value = running(home)
        try:
            raw = read_deployed(home)
        except Damaged as error:
            say(f"warning: {error}")
            raw = {}
        rows.append(
            {
                "platform": raw.get("deployment", {}).get("platform", "?"),
                "state": "running" if value else "stopped",
                "processes": sum(1 for i in value["processes"].values() if i["pid"]) if value else 0,
                "root": raw.get("deployment", {}).get("root", "?"),
                "home": str(home.path),
            }
        )
    columns = (
        ("platform", "PLATFORM"),
        ("state", "STATE"),
        ("processes", "PROCESSES"),
        ("root", "FOLDER"),
        ("home", "DATA"),
    )
    emit(rows, columns, output)
    return 0
