"""What happens while artifacts are fetched, told as it happens."""

from __future__ import annotations

from dataclasses import dataclass

from rosace.contract.artifacts import Artifact


@dataclass(frozen=True, slots=True)
class Started:
    """A download begins; ``resumed_from`` bytes were here already."""

    artifact: Artifact
    resumed_from: int


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` bytes are here."""

    artifact: Artifact
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Unpacking:
    """The download is whole and becomes a folder now."""

    artifact: Artifact


@dataclass(frozen=True, slots=True)
class Done:
    """The artifact is in the cache; ``cached`` when this process had nothing to fetch."""

    artifact: Artifact
    seconds: float
    cached: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The cached copy is not what was written there; it is fetched anew."""

    artifact: Artifact
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The artifact could not be had; the error raised at the end says what to do."""

    artifact: Artifact
    reason: str


FetchEvent = Started | Progress | Unpacking | Done | Refused | Failed
