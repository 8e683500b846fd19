"""`rosace plan`: what `up` would do, and why, without doing it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rosace.cli.asking import COLUMNS as EDITED
from rosace.cli.asking import Consent
from rosace.cli.asking import rows as edited
from rosace.cli.failures import say
from rosace.cli.options import Output, Place, Where

if TYPE_CHECKING:
    from rosace.local.prepare import Prepared


def plan(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    consent: Consent | None = None,
    output: Output = "table",
) -> int:
    """Show the steps from what runs to what the file says, the memory each process gets, and what is to be fetched.

    Of each edit it says what it is (additive, rebuilds, breaks readers, loses data), what becomes of rows that are
    there, and what is read again. Nothing is started, changed or written. Exit code 0: nothing to do. 1: there are
    steps. 2: rows that are there forbid an edit; it says what to do.

    Examples:
      rosace plan
      rosace plan --from-here
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
    prepared = prepare(platform, home, "", write=False, asked=(consent or Consent()).asked())
    now = running(home)
    old = previous(home) if now else None
    todo = steps(prepared.deployment, now.fingerprints() if now else {}, old=old)
    fetches = missing(prepared.artifacts, Cache(cache_root()))
    if output != "table":
        rows: list[dict[str, Any]] = [
            *({"change": "fetch", "subject": f"artifact/{item.name}", "bytes": item.size} for item in fetches),
            *(step.to_json() for step in todo),
            *(edit.to_json() for edit in prepared.edits),
        ]
        print(json.dumps(rows, indent=2) if output == "json" else "\n".join(map(json.dumps, rows)))
        return _code(prepared, some=bool(rows))
    if fetches:
        say(f"fetch {len(fetches)} artifacts, {Size(sum(item.size for item in fetches))}")
    if todo:
        emit([{**step.to_json(), "after": ", ".join(step.after[:6])} for step in todo], COLUMNS, "table")
    if prepared.edits:
        emit(edited(prepared.edits), EDITED, "table")
    _memory(prepared)
    some = bool(todo or fetches or prepared.edits)
    code = _code(prepared, some=some)
    if code < 2:
        say("`rosace up` carries this out" if some else "nothing to do")
    return code


def _memory(prepared: Prepared) -> None:
    from rosace.cli.tables import emit

    rows = [
        {"process": part.process, "heap": str(part.heap) if part.heap else None, "expected": str(part.expected)}
        for part in prepared.budget.allotments
    ]
    emit(rows, (("process", "PROCESS"), ("heap", "HEAP"), ("expected", "EXPECTED RSS")), "table")
    say(f"memory: {prepared.budget.expected} expected of {prepared.budget.limit} allowed")


def _code(prepared: Prepared, *, some: bool) -> int:
    """Says what rows that are there forbid, and what to do; the exit code."""
    refused = [edit for edit in prepared.edits if edit.refused]
    for edit in refused:
        say(f"refused: {edit.refused}\nhint: {edit.hint}")
    return 2 if refused else int(some)


COLUMNS = (("change", "CHANGE"), ("subject", "SUBJECT"), ("why", "WHY"), ("after", "AFTER"))
