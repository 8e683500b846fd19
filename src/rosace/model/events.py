"""What happens, as typed values: the one stream that the terminal, JSON lines, logs and the console render."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


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


class Subject(str):
    """Whom a step, an event or a fingerprint is about: a text, `kind/name`, that knows the two.

    `kind` is `process`, `action` or `job`, or `rosace` for what Rosace runs for itself.
    """

    kind: str
    name: str

    __slots__ = ("kind", "name")

    def __new__(cls, kind: str, name: str) -> Self:
        made = super().__new__(cls, f"{kind}/{name}")
        made.kind, made.name = kind, name
        return made

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls.read, core_schema.str_schema())

    @classmethod
    def read(cls, text: str) -> Self:
        """The inverse of `str`, where a text comes from another process."""
        kind, _, name = text.partition("/")
        return cls(kind, name)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `time` is seconds since the epoch (UTC)."""

    time: float
    kind: Kind
    subject: Subject
    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON; times in seconds since 1970."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Event:
        """The inverse of `to_json`."""
        subject = Subject.read(value["subject"])
        return cls(value["time"], Kind(value["kind"]), subject, value.get("message", ""), value.get("data", {}))
