"""The event stream: appended to a file, kept in short memory, handed to whoever follows."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from pathlib import Path
from typing import Any

from rosace.kit import whole
from rosace.model.events import Event, Kind, Subject

KEEP_BYTES = 8 * 2**20
"""The events file is cut to its newer half beyond this size."""


class Bus:
    """One writer (the supervisor), many followers. Must be used from the event loop's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recent: deque[tuple[int, Event]] = deque(maxlen=4000)
        self._followers: set[asyncio.Queue[tuple[int, Event]]] = set()
        self.number = 0

    def tell(self, kind: Kind, subject: Subject, message: str = "", **data: Any) -> None:
        """Something happened."""
        event = Event(time.time(), kind, subject, message, data)
        self.number += 1
        self._recent.append((self.number, event))
        for queue in self._followers:
            queue.put_nowait((self.number, event))
        self._append(event)

    def _append(self, event: Event) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(event.to_json()) + "\n")
                size = out.tell()
            if size > KEEP_BYTES:
                lines = self._path.read_text(encoding="utf-8").splitlines(keepends=True)
                whole.write(self._path, "".join(lines[len(lines) // 2 :]).encode())
        except OSError:
            # A full disk must not stop the supervisor from healing: the event is still in memory.
            return

    def since(self, number: int) -> list[tuple[int, Event]]:
        """Events after `number` that are still in memory."""
        return [(n, event) for n, event in self._recent if n > number]

    def follow(self) -> asyncio.Queue[tuple[int, Event]]:
        """A queue that gets each event from now on, with its number."""
        queue: asyncio.Queue[tuple[int, Event]] = asyncio.Queue()
        self._followers.add(queue)
        return queue

    def unfollow(self, queue: asyncio.Queue[tuple[int, Event]]) -> None:
        """Ends it."""
        self._followers.discard(queue)
