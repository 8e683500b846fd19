"""A tree that `build` wrote, as it lies on disk: which releases there are, and where their values lie.

Comes in: a folder. Goes out: `WrittenRelease`. Needs no platform file: a tree stands by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rosace.engines.manifest import Obj
from rosace.source.diagnostic import refuse

INDEX = "releases.json"


def objects(tree: Path) -> dict[str, list[Obj]]:
    """Cluster to the objects that a built tree shows for it."""
    import yaml

    found: dict[str, list[Obj]] = {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for release in read(tree):
        file = tree / "clusters" / release.cluster / "rendered" / f"{release.chart}.yaml"
        documents = yaml.load_all(file.read_text(encoding="utf-8"), Loader=loader)
        found.setdefault(release.cluster, []).extend(one for one in documents if one)
    return found


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
