"""A tree that `build` wrote, as it lies on disk: which releases there are, and where their values lie.

Comes in: a folder. Goes out: `WrittenRelease`. Needs no platform file: a tree stands by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rosace.source.diagnostic import refuse

INDEX = "releases.json"


@dataclass(frozen=True, slots=True)
class WrittenRelease:
    """A chart on a cluster. `values` come in Helm's order: later files win."""

    cluster: str
    chart: str
    namespace: str
    folder: Path
    values: tuple[Path, ...]


def read(tree: Path) -> list[WrittenRelease]:
    """The releases of a built tree; refused where it is none."""
    index = tree / INDEX
    if not index.is_file():
        raise refuse(
            "no-build",
            f"{tree} is not what `rosace build` writes",
            hints=(f"build it: rosace build --env prod -o {tree}",),
        )
    return [
        WrittenRelease(
            entry["cluster"],
            entry["chart"],
            entry["namespace"],
            tree / "charts" / entry["chart"],
            tuple(tree / name for name in entry["values"]),
        )
        for entry in json.loads(index.read_text(encoding="utf-8"))
    ]
