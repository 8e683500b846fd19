"""`rosace verify`: proves that nothing was lost, doubled or changed."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from rosace.cli.failures import colored, say
from rosace.cli.options import Place, Where
from rosace.local.home import Home
from rosace.model.checked import Checked

if TYPE_CHECKING:
    from rosace.observe.verify.proof import Proof


def verify(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    now: Annotated[bool, Parameter(negative=(), help="Compare at once, also while data still flows.")] = False,
    timeout: Annotated[float, Parameter(help="Seconds to wait for the data to come to its end.")] = 3600.0,
    output: Annotated[
        Literal["table", "json"], Parameter(name=["--output", "-o"], help="A table for people, or JSON for programs.")
    ] = "table",
) -> int:
    """Compare every flow with an independent computation, record by record and value by value.

    What sources hold is read from their files again; what jobs computed is computed again by DuckDB. Topics are read as
    a read_committed consumer sees them, tables through SQL. Exit code 0: exact. 1: it is not.

    Examples:
      rosace verify
      rosace verify --output json
    """
    from rosace.cli.options import checked
    from rosace.cli.proof import lines
    from rosace.cli.width import columns
    from rosace.local.bringup import running
    from rosace.local.control import NotRunning

    place = (where or Where()).at(path)
    platform = checked(place)
    home = Home.of(platform.platform.platform, place.file)
    if running(home) is None:
        raise NotRunning(platform.platform.platform)
    if not now and not settle(home, timeout):
        say(f"the data did not come to its end in {timeout:g} s; --now compares what is there")
        return 1
    with proof(platform, home) as proving:
        report = proving.report()
    if output == "json":
        print(json.dumps(report.to_json(), indent=2, default=str))
    else:
        for line in lines(report, colored(sys.stdout), columns(sys.stdout)):
            print(line)
    return 0 if report.exact else 1


def settle(home: Home, timeout: float) -> bool:
    """Waits until all finite sources have been replayed and the jobs behind them have ended."""
    from rosace.cli.progress import StartTable
    from rosace.local.control import NotRunning, ask
    from rosace.local.deployed import deployed

    known = deployed(home)
    if known is None:
        raise NotRunning("never started")
    table = StartTable(known)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        table.take_status(ask(home, {"do": "status"}))
        if table.settled():
            return True
        if reason := table.hopeless():
            say(reason)
            return False
        if line := table.heartbeat():
            say(f"  {line}")
        time.sleep(0.5)
    return False


def proof(platform: Checked, home: Home) -> Proof:
    """The proof of a platform that runs."""
    from rosace.local.prepare import prepare
    from rosace.observe.verify.proof import Proof
    from rosace.plan.deployment import sites

    ground = prepare(platform, home, "", write=False).ground
    places = sites(platform, ground)
    offered = {kind: value for site in places.values() for kind, value in site.offered.items()}
    packages = {
        name.removeprefix("source-"): path
        for site in places.values()
        for name, path in site.artifacts.items()
        if name.startswith("source-")
    }
    return Proof(platform, offered, packages, tell=lambda text: say(f"  {text}"))
