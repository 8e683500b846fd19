"""`rosace verify`: proves that nothing was lost, doubled or changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from cyclopts import Parameter

from rosace.cli.failures import colored, say
from rosace.cli.options import Place, Where
from rosace.cli.progress import stuck
from rosace.cli.tables import seen

if TYPE_CHECKING:
    from rosace.local.following import Heard
    from rosace.observe.deployed import Deployed


def verify(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    now: Annotated[bool, Parameter(negative=(), help="Compare at once, also while data still flows.")] = False,
    timeout: Annotated[
        float,
        Parameter(help="Seconds to wait for the data to come to its end; 300 in which nothing moves are the most."),
    ] = 3600.0,
    output: Annotated[
        Literal["table", "json"], Parameter(name=["--output", "-o"], help="A table for people, or JSON for programs.")
    ] = "table",
) -> int:
    """Compare every flow with an independent computation, record by record and value by value.

    What sources hold is read from their files again; what jobs computed is computed again by DuckDB. Topics are read as
    a read_committed consumer sees them, tables through SQL. What was deployed is proved, also while `platform.yaml` is
    being edited. Exit code 0: exact. 1: it is not.

    Examples:
      rosace verify
      rosace verify --output json
    """
    from rosace.cli.proof import lines
    from rosace.cli.width import columns
    from rosace.observe import deployed
    from rosace.observe.proving import late, reported
    from rosace.observe.verify.proof import Proof

    known = _running((where or Where()).at(path))
    known.refuse_broken(*(oracle.path for oracle in known.checked.verify))
    if not now and not _settled(known, timeout):
        say("the data did not come to its end; --now compares what is there")
        return 1
    places = deployed.offered_to_proofs(known.deployment)
    found = deployed.packages(known.deployment)
    with Proof(known.checked, places, found, lambda: late(known.home)) as proof:
        report = heard(reported(proof), lambda note: say(f"  {note.text}"))
    if output == "json":
        print(json.dumps(report.to_json(), indent=2, default=str))
    else:
        for line in lines(report, colored(sys.stdout), columns(sys.stdout)):
            print(line)
    return 0 if report.exact else 1


def _running(where: Where) -> Deployed:
    """What was deployed and runs. Of a platform that never was, the file is read first: its errors come before all."""
    from rosace.cli.options import checked
    from rosace.local.bringup import look
    from rosace.local.control import NotRunning
    from rosace.observe.deployed import read

    home = where.known()
    try:
        known = read(home)
    except NotRunning:
        checked(where)
        raise
    look(home)
    for path in known.fresh:
        say(f"{path} has changed since the last `rosace up`: taken as it is now")
    return known


def _settled(known: Deployed, timeout: float) -> bool:
    """Waits until all finite sources have been replayed and the jobs behind them have ended."""
    from rosace.cli.progress import StartTable
    from rosace.local.following import Following
    from rosace.local.told import Hopeless, Looked, Stuck

    table = StartTable(known.deployment)

    def tell(item: Heard) -> None:
        if isinstance(item, Looked):
            table.take(item.now)
            if line := table.heartbeat():
                say(f"  {line}")
        elif isinstance(item, Hopeless):
            say(f"{item.process} failed: {seen(item.detail)}")
        elif isinstance(item, Stuck):
            say(stuck(item))

    return heard(Following(known.home, known.deployment, LATEST).flowed(timeout), tell)


LATEST = 2**60
"""No event has a number so high: what happened before is not told again."""

T = TypeVar("T")
R = TypeVar("R")


def heard(stream: Generator[T, None, R], tell: Callable[[T], None]) -> R:
    """What a stream comes to, once all that it tells was told."""
    while True:
        try:
            tell(next(stream))
        except StopIteration as end:
            return end.value
