"""Following a platform until it is well, or until all of its data has flowed."""

from __future__ import annotations

import time
from collections.abc import Generator

from rosace.local.bringup import ensure, look
from rosace.local.control import NotRunning, follow
from rosace.local.home import Home
from rosace.local.told import Happened, Hopeless, Looked
from rosace.model.status import Running, flowed, health, hopeless
from rosace.plan.machine.deployment import Deployment

LOOK = 0.5
"""Seconds between looks at what runs while nothing happens."""


class Following:
    """The events of one platform, each once. `since` is the number of the last one that was seen."""

    def __init__(self, home: Home, deployment: Deployment, since: int) -> None:
        self.home, self.since = home, since
        self._wanted, self._finite = deployment.fingerprints(), deployment.finite()

    def well(self, timeout: float) -> Generator[Happened | Looked | Hopeless, None, bool]:
        """Until all is well; returns False when `timeout` seconds passed, or when it is hopeless."""
        return (yield from self._until(timeout, to_the_end=False))

    def flowed(self, timeout: float) -> Generator[Happened | Looked | Hopeless, None, bool]:
        """Until all sources have been replayed and every job that has an end has ended; returns as `well` does."""
        return (yield from self._until(timeout, to_the_end=True))

    def _there(self, now: Running, *, to_the_end: bool) -> bool:
        return flowed(now, self._wanted, self._finite) if to_the_end else health(now, self._wanted) == "well"

    def _until(self, timeout: float, *, to_the_end: bool) -> Generator[Happened | Looked | Hopeless, None, bool]:
        deadline = time.monotonic() + timeout
        next_look = 0.0
        while time.monotonic() < deadline:
            try:
                for item in follow(self.home, self.since):
                    if item is not None:
                        self.since = item[0]
                        yield Happened(*item)
                    if item is None and time.monotonic() < next_look:
                        continue
                    now = look(self.home)
                    next_look = time.monotonic() + LOOK
                    yield Looked(now)
                    if self._there(now, to_the_end=to_the_end):
                        return True
                    if failed := hopeless(now):
                        yield Hopeless(*failed)
                        return False
                    if time.monotonic() > deadline:
                        return False
            except NotRunning:
                time.sleep(LOOK)
                # Where its guardian was killed with it, nobody else brings it back.
                ensure(self.home)
        return False
