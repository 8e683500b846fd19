"""`rosace plan`: what `up` would do, and why, without doing it."""

from __future__ import annotations

import json
from typing import Any

from rosace.cli.failures import say
from rosace.cli.options import Output, Place, Where


def plan(path: Place = None, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Show the steps from what runs to what the file says, the memory each process gets, and what is to be fetched.

    Nothing is started, changed or written. Exit code 0: nothing to do. 1: there are steps.

    Examples:
      rosace plan
      rosace plan --set memory=5Gi --output json
    """
    from rosace.cli.options import checked
    from rosace.cli.tables import emit
    from rosace.local.artifacts.cache import Cache, cache_root
    from rosace.local.artifacts.fetch import missing
    from rosace.local.bringup import running
    from rosace.local.deployed import previous
    from rosace.local.home import Home
    from rosace.local.prepare import prepare
    from rosace.model.quantity import Size
    from rosace.plan.machine.steps import steps

    place = (where or Where()).at(path)
    platform = checked(place)
    home = Home.of(platform.platform.platform, place.file)
    prepared = prepare(platform, home, "", write=False)
    now = running(home)
    old = previous(home) if now else None
    todo = steps(prepared.deployment, now.fingerprints() if now else {}, old=old)
    fetches = missing(prepared.artifacts, Cache(cache_root()))
    if output != "table":
        rows: list[dict[str, Any]] = [
            *({"change": "fetch", "subject": f"artifact/{item.name}", "bytes": item.size} for item in fetches),
            *(step.to_json() for step in todo),
        ]
        print(json.dumps(rows, indent=2) if output == "json" else "\n".join(map(json.dumps, rows)))
        return 1 if rows else 0
    if fetches:
        say(f"fetch {len(fetches)} artifacts, {Size(sum(item.size for item in fetches))}")
    if todo:
        emit([{**step.to_json(), "after": ", ".join(step.after[:6])} for step in todo], COLUMNS, "table")
    rows = [
        {"process": part.process, "heap": str(part.heap) if part.heap else None, "expected": str(part.expected)}
        for part in prepared.budget.allotments
    ]
    emit(rows, (("process", "PROCESS"), ("heap", "HEAP"), ("expected", "EXPECTED RSS")), "table")
    say(f"memory: {prepared.budget.expected} expected of {prepared.budget.limit} allowed")
    say("`rosace up` carries this out" if todo or fetches else "nothing to do")
    return 1 if todo or fetches else 0


COLUMNS = (("change", "CHANGE"), ("subject", "SUBJECT"), ("why", "WHY"), ("after", "AFTER"))
