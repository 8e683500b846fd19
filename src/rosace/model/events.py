"""What happens, as typed values: the one stream that the terminal, JSON lines, logs and the console render."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an event tells of its subject."""

    PLANNED = "planned"
    FETCHING = "fetching"
    FETCHED = "fetched"
    STARTING = "starting"
    READY = "ready"
    APPLIED = "applied"
    EXITED = "exited"
    RESTARTING = "restarting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    SUBMITTED = "submitted"
    PROGRESS = "progress"
    DRAINING = "draining"
    FINISHED = "finished"
    FAILED = "failed"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `time` is seconds since the epoch (UTC); `subject` is `kind/name` of a resource."""

    time: float
    kind: Kind
    subject: str
    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON; times in seconds since 1970."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Event:
        """The inverse of `to_json`."""
        return cls(
            value["time"], Kind(value["kind"]), value["subject"], value.get("message", ""), value.get("data", {})
        )
