"""Every platform of this user on this machine, a row each."""

from __future__ import annotations

from collections.abc import Callable

from rosace.local.deployed import read_deployed
from rosace.local.home import Home
from rosace.local.store import Damaged
from rosace.observe.shapes import PlatformRow
from rosace.observe.status import observe


def platforms(tell: Callable[[str], None]) -> list[PlatformRow]:
    """All that have ever been handed over; `tell` hears of files that are damaged, whose platforms are still listed."""
    return [_row(home, tell) for home in Home.all()]


def _row(home: Home, tell: Callable[[str], None]) -> PlatformRow:
    try:
        known = read_deployed(home).get("deployment", {})
    except Damaged as error:
        tell(f"warning: {error}")
        known = {}
    seen = observe(home)
    return PlatformRow(
        platform=known.get("platform", "?"),
        state=seen.state,
        health=seen.health,
        processes=sum(1 for item in seen.processes.values() if item.pid),
        root=known.get("root", "?"),
        home=seen.home,
    )
