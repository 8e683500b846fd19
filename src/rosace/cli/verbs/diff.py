"""`rosace diff`: what an upgrade would do to the clusters."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Output, Where


def diff(
    old: Annotated[Path, Parameter(help="What `rosace build` wrote before.")],
    new: Annotated[Path | None, Parameter(help="A newer build; the platform as it is now if unsaid.")] = None,
    /,
    *,
    where: Where | None = None,
    output: Output = "table",
) -> int:
    """Say what differs between an earlier build and a newer one, or the platform as it stands, the dangers first.

    Named are objects that are renamed (deleted and made again), that change in a field which cannot be changed, that
    are replaced, and those whose removal may take data with it. Exit code 0: nothing differs. 1: something does.

    Examples:
      rosace diff out --env prod
      rosace diff out-of-last-week out --output json
    """
    from rosace.cli.options import checked
    from rosace.cli.tables import emit
    from rosace.deliver.upgrade import compare
    from rosace.deliver.written import objects

    after: dict[str, list[dict[str, object]]]
    if new is not None:
        after = objects(new)
    else:
        from rosace.deliver.build import build

        place = where or Where()
        built = build(checked(place), place.env[-1] if place.env else "default")
        after = {}
        for release in built.releases:
            after.setdefault(release.cluster, []).extend(release.objects)
    changes = compare(objects(old), after)
    rows = [{**asdict(change), "paths": list(change.paths)} for change in changes]
    if output != "table":
        print(json.dumps(rows, indent=2) if output == "json" else "\n".join(map(json.dumps, rows)))
        return 1 if rows else 0
    if not rows:
        say("nothing differs")
        return 0
    for row in rows:
        row["what"] = row["to"] or row["why"] or ", ".join(row["paths"][:3]) + (" ..." if len(row["paths"]) > 3 else "")
    emit(rows, (("kind", ""), ("cluster", "CLUSTER"), ("object", "OBJECT"), ("what", "WHAT")), "table")
    return 1
