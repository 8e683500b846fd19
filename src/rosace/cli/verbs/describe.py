"""`rosace describe`: one resource, with what feeds it and what it feeds."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rosace.cli.options import Output, Where

if TYPE_CHECKING:
    from collections.abc import Callable

    from rosace.model.checked import Ref


def describe(name: str, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Tell all about one resource: its line in the file, its columns, its neighbours in the flow, what stops with it.

    Of a topic or table that runs also what it holds at this moment: offsets and readers, rows and snapshots.

    Examples:
      rosace describe departures
      rosace describe lake.delays
      rosace describe kafka
    """
    from rosace.cli.options import checked
    from rosace.cli.width import wrapped
    from rosace.observe.resources import resource

    place = where or Where()
    found = resource(checked(place), place.tree(), name, _now(place))
    if output != "table":
        print(json.dumps(found, indent=2 if output == "json" else None))
        return 0
    for item in found:
        print(item["resource"])
        for key, value in item.items():
            lines = value if isinstance(value, list) else [value]
            if key == "resource" or lines == [""] or (not lines and key in SILENT):
                continue
            for number, line in enumerate(lines or ["-"]):
                print(wrapped(f"  {'' if number else key + ':':15}{line}", 19, sys.stdout))
    return 0


SILENT = ("columns", "now")
"""What is not spoken of where there is nothing."""


def _now(where: Where) -> Callable[[Ref], list[str]]:
    """What says of a topic or table what it is now; nothing where the platform does not run."""
    from rosace.local.control import NotRunning
    from rosace.observe import deployed
    from rosace.observe.living import now
    from rosace.observe.status import observe

    try:
        known = deployed.read(home := where.known())
    except NotRunning:
        return lambda _: []
    seen = observe(home)
    return lambda ref: now(known, seen, ref) if seen.state in ("running", "unknown") else []
