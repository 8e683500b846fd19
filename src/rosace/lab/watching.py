"""Lists of the API server, kept as they are now: each is read once and then followed, in a thread of its own."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from rosace.lab.api import Api, Refusal

LONGEST = 240
"""Seconds that a list is followed before it is read anew."""

PAUSE = 0.5
"""Seconds between two tries where the API server does not answer."""


class Watched:
    """Several lists by their paths."""

    def __init__(self, api: Api, paths: Sequence[str]) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._known: dict[str, dict[str, Mapping[str, Any]]] = {}
        for path in dict.fromkeys(paths):
            threading.Thread(target=self._follow, args=(path,), daemon=True).start()
        while len(self._known) < len(set(paths)):
            time.sleep(0.02)

    def objects(self, path: str) -> list[Mapping[str, Any]]:
        """What the list holds now."""
        with self._lock:
            return list(self._known[path].values())

    def wait(self, seconds: float) -> None:
        """Returns when something changed since the last return, or after so many seconds."""
        self._changed.wait(seconds)
        self._changed.clear()

    def _follow(self, path: str) -> None:
        while True:
            try:
                listed = self._api.get(path)
                self._replace(path, listed["items"])
                version = listed["metadata"]["resourceVersion"]
                for event in self._api.lines(f"{path}?watch=1&resourceVersion={version}&timeoutSeconds={LONGEST}"):
                    if not self._take(path, json.loads(event)):
                        break
            except (OSError, Refusal, http.client.HTTPException, ValueError) as error:
                print(f"{path}: {error}", flush=True)
                time.sleep(PAUSE)

    def _replace(self, path: str, items: Sequence[Mapping[str, Any]]) -> None:
        with self._lock:
            self._known[path] = {each["metadata"]["uid"]: each for each in items}
        self._changed.set()

    def _take(self, path: str, event: Mapping[str, Any]) -> bool:
        """Takes one change; False where the list has to be read anew."""
        if event["type"] == "ERROR":
            return False
        with self._lock:
            uid = event["object"]["metadata"]["uid"]
            if event["type"] == "DELETED":
                self._known[path].pop(uid, None)
            else:
                self._known[path][uid] = event["object"]
        self._changed.set()
        return True
