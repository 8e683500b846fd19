"""How other programs reach an engine: lines that a person copies, with secrets in files that only they can read.

Comes in: what was offered where. Goes out: `Door`. A room whose engine others reach has `connect.py` (`parts.Connect`).
Must not: write a secret into a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rosace.contract.machine import C
from rosace.model.capabilities import Secret
from rosace.model.checked import Checked


@dataclass(frozen=True, slots=True)
class Way:
    """A client, and the lines of a shell that reach the engine by it."""

    client: str
    lines: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where an engine answers, and the ways to it. `files` are texts with secrets by the names that lines use."""

    address: str
    ways: tuple[Way, ...]
    files: Mapping[str, str] = field(default_factory=dict[str, str])


class Connecting(Protocol):
    """What a room is told: the platform, what was offered, and where a file of this name will lie."""

    @property
    def checked(self) -> Checked: ...
    def need(self, kind: type[C]) -> C: ...
    def reveal(self, secret: Secret) -> str: ...
    def file(self, name: str) -> Path: ...
