"""`rosace prune`: removes topics and tables that are no longer declared."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from rosace.cli.asking import Consent
from rosace.cli.failures import say
from rosace.cli.options import Output, Where


def prune(
    *,
    where: Where | None = None,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), help="Remove them without asking.")] = False,
    timeout: Annotated[float, Parameter(help="Seconds to wait for engines to be ready before giving up.")] = 600.0,
    output: Output = "table",
) -> int:
    """List topics and tables that were declared once and are still there, and remove them with all that is in them.

    Only what this platform made is removed. Exit code 0: nothing is left. 1: you said no, or it was not done.

    Examples:
      rosace prune
      rosace prune --yes --output json
    """
    from rosace.cli.board import Board
    from rosace.cli.confirm import confirmed
    from rosace.cli.tables import emit
    from rosace.local.prepare import prepare
    from rosace.local.up import up as brought_up

    place = where or Where()
    asked = Consent().asked(prune=True)
    examined = place.declared.examined()
    prepared = prepare(examined.proven(), place.home(), "", write=False, asked=asked)
    gone = prepared.deployment.pruned
    rows = [{"what": ref.kind, "name": str(ref)} for ref in gone]
    if rows or output != "table":
        emit(rows, (("what", "NO LONGER DECLARED"), ("name", "NAME")), output)
    if not rows:
        say("nothing to remove")
        return 0
    if not yes and not confirmed(f"remove {len(rows)} with all that is in them?"):
        say("nothing was changed")
        return 1
    return Board("table", place.file).follow(brought_up(place.declared, timeout=timeout, asked=asked))
