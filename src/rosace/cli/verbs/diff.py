"""`rosace diff`: what an upgrade would do to the clusters."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Output, Where

if TYPE_CHECKING:
    from rosace.deliver.upgrade import Change


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
    are replaced, and those whose removal may take data with it. Helm lays the objects out; where there is no `helm`,
    values are compared instead, which names what was decided otherwise but none of these dangers. Exit code 0: nothing
    differs. 1: something does.

    Examples:
      rosace diff out --env prod
      rosace diff out-of-last-week out --output json
    """
    from rosace.cli.tables import emit

    with _newer(new, where or Where()) as newer:
        changes = _changes(old, newer)
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


@contextmanager
def _newer(new: Path | None, place: Where) -> Generator[Path]:
    """The tree that was named, or the platform as it stands, built for as long as the context lasts."""
    if new is not None:
        yield new
        return
    from rosace.cli.options import checked
    from rosace.deliver.build import build
    from rosace.deliver.rendered import laid_down

    with laid_down(build(checked(place), place.env[-1] if place.env else "default")) as tree:
        yield tree


def _changes(old: Path, new: Path) -> list[Change]:
    """Object by object where there is a Helm, else by values, which is said."""
    from rosace.deliver import helm

    if not helm.there_is():
        from rosace.deliver.compared import compare_values
        from rosace.deliver.helm import WANTED

        say("there is no `helm` here: compared are values and charts, not objects; what would be replaced, renamed or")
        say(f"lost with its data is not told (install {WANTED}, or name it in ROSACE_HELM)")
        return compare_values(old, new)
    from rosace.deliver.rendered import objects
    from rosace.deliver.upgrade import compare

    program = helm.Helm()
    return compare(objects(old, program), objects(new, program))
