"""Who waits for whom: one gate per process or action, open while it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


class Gates:
    """Named gates. A name that nobody declared is always closed, and is told by `closed`."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def _event(self, name: str) -> asyncio.Event:
        return self._events.setdefault(name, asyncio.Event())

    def open(self, name: str) -> None:
        """`name` is ready: whoever waits for it goes on."""
        self._event(name).set()

    def close(self, name: str) -> None:
        """`name` is not ready any more: who comes waits."""
        self._event(name).clear()

    def closed(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are not ready now."""
        return [name for name in names if not self._event(name).is_set()]

    async def wait(self, names: Iterable[str]) -> None:
        """Returns when all are ready at the same moment."""
        names = list(names)
        while closed := self.closed(names):
            await self._event(closed[0]).wait()
