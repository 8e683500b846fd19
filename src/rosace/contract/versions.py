"""What an engine's `versions.toml` says, read once and typed: its version, the end of its support, its artifacts.

Comes in: an engine's folder. Goes out: `Versions`. Must not: know an engine, or fetch anything.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from rosace.contract.artifacts import Artifact, parse_artifacts


@dataclass(frozen=True, slots=True)
class Versions:
    """Of an engine without a `versions.toml` all of it is empty.

    `end_of_life` is the last day on which its project mends this version, None where the project names none;
    `source` is the page that says so, or where the version was published. `artifacts` are those of all kinds of
    machines, in the order of the file.
    """

    version: str = ""
    end_of_life: date | None = None
    source: str = ""
    artifacts: tuple[Artifact, ...] = ()

    def ended(self, today: date) -> bool:
        """True after the last day of its support."""
        return self.end_of_life is not None and today > self.end_of_life

    @property
    def jars(self) -> tuple[Artifact, ...]:
        """The artifacts of Maven, in the order in which a class path names them."""
        return tuple(one for one in self.artifacts if one.source == "maven")


@cache
def versions(folder: Path) -> Versions:
    """The file of an engine's folder.

    Raises `ArtifactError` where an entry is wrong, KeyError and ValueError where the head is: a defect, not input.
    """
    path = folder / "versions.toml"
    if not path.exists():
        return Versions()
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    head = table["engine"]
    return Versions(
        head["version"], last_day(head["end-of-life"]), head["source"], parse_artifacts(table.get("artifact", []))
    )


def last_day(said: str) -> date | None:
    """A day (`2030-11-14`), or the last one of a month (`2026-09`); None for nothing. ValueError for all else."""
    if not said:
        return None
    if len(said) > len("2026-09"):
        return date.fromisoformat(said)
    year, _, month = said.partition("-")
    return date(int(year), int(month), monthrange(int(year), int(month))[1])
