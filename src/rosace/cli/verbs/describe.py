"""`rosace describe`: one resource, with what feeds it and what it feeds."""

from __future__ import annotations

import json
import sys

from rosace.cli.options import Output, Where


def describe(name: str, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Tell all about one resource: its line in the file, its neighbours in the flow, and what stops with it.

    Examples:
      rosace describe departures
      rosace describe kafka
    """
    from rosace.cli.options import checked
    from rosace.cli.width import wrapped
    from rosace.observe.resources import resource

    place = where or Where()
    found = resource(checked(place), place.tree(), name)
    if output != "table":
        print(json.dumps(found, indent=2 if output == "json" else None))
        return 0
    for item in found:
        print(item["resource"])
        for key, value in item.items():
            lines = value if isinstance(value, list) else [value]
            if key == "resource" or lines == [""]:
                continue
            for number, line in enumerate(lines or ["-"]):
                print(wrapped(f"  {'' if number else key + ':':15}{line}", 19, sys.stdout))
    return 0
