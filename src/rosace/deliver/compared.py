"""Two built trees compared without Helm: by what was decided, not by what comes of it.

Comes in: two trees on disk. Goes out: `Change`s of releases' values, key by key, and of charts' files. That an object
is renamed, or a field of it cannot be changed, is not seen here: only Helm knows which objects there are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rosace.deliver.upgrade import KINDS, Change, paths
from rosace.deliver.written import WrittenRelease, damaged, documents, read

Key = tuple[str, str]
"""Cluster and chart."""


def compare_values(old: Path, new: Path) -> list[Change]:
    """Every release whose values differ, with the keys, and every chart whose files differ, with their names."""
    before, after = ({(one.cluster, one.chart): one for one in read(tree)} for tree in (old, new))
    found = [Change("removed", cluster, f"release {chart}") for cluster, chart in before.keys() - after.keys()]
    found += [Change("added", cluster, f"release {chart}") for cluster, chart in after.keys() - before.keys()]
    charts: dict[str, tuple[str, ...]] = {}
    for key in before.keys() & after.keys():
        cluster, chart = key
        if keys := tuple(paths(_values(before[key]), _values(after[key]))):
            found.append(Change("changed", cluster, f"values of {chart}", keys))
        charts[chart] = _differing(before[key].folder, after[key].folder)
    found += [Change("changed", "", f"chart {chart}", names) for chart, names in charts.items() if names]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.cluster, one.object))


def _values(release: WrittenRelease) -> dict[str, Any]:
    """A release's values by file: the shared ones, then its own."""
    found: dict[str, Any] = {}
    for number, file in enumerate(release.values):
        try:
            said = next(iter(documents(file.read_text(encoding="utf-8"))), None)
        except (OSError, ValueError) as error:
            raise damaged(file, str(error)) from None
        # The name of the first file is the environment's: two of the same values are no change.
        found |= said if number and isinstance(said, dict) else {"shared": said}
    return found


def _differing(old: Path, new: Path) -> tuple[str, ...]:
    before, after = _files(old), _files(new)
    return tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))


def _files(folder: Path) -> dict[str, bytes]:
    """A chart's files. Links are not followed: where they lead may be anywhere."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
