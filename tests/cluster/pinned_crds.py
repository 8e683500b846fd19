"""Where the definitions of a project lie that the pinned release brings: a folder of its tag, beside older copies.

Comes in: nothing; ROSACE_SHARED names the folder around `crds`, else it is `../shared` beside the checkout. Goes out:
for each project the one folder that counts, so that no object is held against what a later release knows.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from rosace.contract.registry import engines
from rosace.contract.versions import versions

ROOT = Path(__file__).resolve().parents[2]


def shared_crds() -> Path:
    """The folder of all projects; it need not be there."""
    return Path(os.environ.get("ROSACE_SHARED") or ROOT.parent / "shared") / "crds"


@cache
def revisions() -> dict[str, str]:
    """Upstream chart to the tag at which its definitions are taken, by all `versions.toml`."""
    charts = (one for engine in engines().values() for one in versions(engine.folder).charts.values())
    return {one.name: one.definitions.revision for one in charts if one.definitions}


def pinned(project: Path) -> Path:
    """The folder that counts: that of the pinned tag, else the files of the project itself, else its first tag's."""
    if (tag := revisions().get(project.name)) and (project / tag).is_dir():
        return project / tag
    if files_of(project):
        return project
    return next((one for one in sorted(project.iterdir()) if one.is_dir()), project)


def files_of(folder: Path) -> list[Path]:
    """The files of one folder."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
