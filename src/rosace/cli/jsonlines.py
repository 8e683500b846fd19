"""The stream of `up` for programs: one JSON object a line, on stdout."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from rosace.local import told
from rosace.local.told import Told

if TYPE_CHECKING:
    from rosace.local.artifacts.events import FetchEvent
    from rosace.observe.proving import Proved

OFTEN = 1.0
"""Seconds between two lines about how far one download is."""


class JsonLines:
    """Prints what a program can use; what is for people only (notes, looks at what runs) is left out."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def take(self, item: Told | Proved) -> None:
        """Prints the line of one event, if it has one."""
        value = self._fetch(item.event) if isinstance(item, told.Fetching) else line(item)
        if value is not None:
            print(json.dumps(value, default=str), flush=True)

    def _fetch(self, event: FetchEvent) -> dict[str, Any] | None:
        from rosace.local.artifacts import events

        name, now = event.artifact.name, time.monotonic()
        if isinstance(event, events.Progress):
            if now - self._told.get(name, 0.0) < OFTEN:
                return None
            self._told[name] = now
        return {"fetch": fetched(event)}


def fetched(event: FetchEvent) -> dict[str, Any]:
    """What happened to an artifact: its name, a word for what, and the numbers that go with it."""
    from rosace.local.artifacts import events

    match event:
        case events.Started():
            what: dict[str, Any] = {"state": "started", "resumed_from": event.resumed_from}
        case events.Progress():
            what = {"state": "progress", "done": event.done, "total": event.total}
        case events.Unpacking():
            what = {"state": "unpacking"}
        case events.Done():
            what = {"state": "done", "seconds": round(event.seconds, 3), "cached": event.cached}
        case events.Refused():
            what = {"state": "damaged", "paths": list(event.paths)}
        case events.Failed():
            what = {"state": "failed", "reason": event.reason}
    return {"artifact": event.artifact.name, **what}


def line(item: Told | Proved) -> dict[str, Any] | None:
    """One event as plain data; None for those that are for people only."""
    match item:
        case told.Begun():
            return {"stage": item.stage, "state": "begin"}
        case told.Over():
            return {"stage": item.stage, "state": "end", "seconds": round(item.seconds, 3), "reached": item.reached}
        case told.ToFetch():
            wanted = [{"artifact": one.name, "coordinate": one.coordinate, "bytes": one.size} for one in item.artifacts]
            return {"to_fetch": wanted}
        case told.ToInstall() | told.Installed():
            done = isinstance(item, told.Installed)
            return {"installed" if done else "to_install": list(item.packages)}
        case told.NotAsked():
            return {"not_asked": list(item.titles)}
        case told.NotAnswered():
            return {"not_answered": {"title": item.title, "why": item.why}}
        case told.Planned():
            memory = {"expected": int(item.budget.expected), "limit": int(item.budget.limit)}
            steps = [step.to_json() for step in item.steps]
            edits = [edit.to_json() for edit in item.edits]
            return {"planned": {"steps": steps, "memory": memory, "ports_taken": list(item.stolen), "edits": edits}}
        case told.Happened():
            return {"event": item.event.to_json()}
        case told.Hopeless():
            return {"hopeless": {"process": item.process, "detail": item.detail}}
        case told.Stuck():
            return {"stuck": {"why": item.why, "seconds": round(item.seconds, 1), "waiting": list(item.waiting)}}
        case told.Fetching():
            return {"fetch": fetched(item.event)}
        case told.Warned() | told.Wanted() | told.Looked() | told.Note() | told.Ended():
            return None
        case _:
            return {"verify": item.report.to_json()}
