"""A tree that `build` wrote, as it lies on disk: which releases there are, and where their values lie.

Comes in: a folder, which may be somebody else's. Goes out: `WrittenRelease`, whose names are plain names, and whose
paths lie within the folder. Needs no platform file: a tree stands by itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rosace.source.diagnostic import Refused, refuse

INDEX = "releases.json"

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""Names of charts, clusters and namespaces: labels of RFC 1123. None of them begins as an option does."""

_MOST = 8 * 2**20
"""Bytes of an index: some 40,000 releases."""


_DEEPEST = 200
"""Levels of nesting in YAML of a tree. PyYAML's loader in C (6.0.3) calls itself for each, and ended the process with a
segmentation fault at 100,000 brackets; the deepest object of the examples has 16."""


def documents(text: str) -> list[Any]:
    """The documents of a YAML text that anybody may have written. Raises ValueError with why it cannot be read."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise ValueError(f"it is nested more than {_DEEPEST} levels deep")
        return list(yaml.load_all(text, Loader=loader))
    except yaml.YAMLError as error:
        raise ValueError(str(error).split("\n", 1)[0]) from None


@dataclass(frozen=True, slots=True)
class WrittenRelease:
    """A chart on a cluster. `values` come in Helm's order: later files win."""

    cluster: str
    chart: str
    namespace: str
    folder: Path
    values: tuple[Path, ...]


def read(tree: Path) -> list[WrittenRelease]:
    """The releases of a built tree; refused where it is none, or names what is not in it."""
    index = tree / INDEX
    if not index.is_file():
        raise refuse(
            "no-build",
            f"{tree} is not what `rosace build` writes",
            hints=(f"build it: rosace build --env prod -o {tree}",),
        )
    try:
        with index.open("rb") as file:
            entries = json.loads(file.read(_MOST))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(index, f"it is no JSON ({error})") from None
    if not isinstance(entries, list):
        raise damaged(index, "it is no list")
    return [_release(tree, entry) for entry in cast("list[Any]", entries)]


def _release(tree: Path, entry: Any) -> WrittenRelease:
    told = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    cluster, chart, namespace = (_named(tree, told.get(word)) for word in ("cluster", "chart", "namespace"))
    values: Any = told.get("values")
    if not isinstance(values, list) or not all(isinstance(one, str) for one in cast("list[Any]", values)):
        raise damaged(tree / INDEX, f"the values of {chart} are no list of files")
    paths = tuple(within(tree, one) for one in cast("list[str]", values))
    return WrittenRelease(cluster, chart, namespace, within(tree, f"charts/{chart}"), paths)


def _named(tree: Path, name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise damaged(tree / INDEX, f"{name!r} is no name of a cluster, chart or namespace")
    return name


def within(tree: Path, name: str) -> Path:
    """A path of the tree, absolute, once all links are followed; refused where that leads out of the tree."""
    top = tree.resolve()
    try:
        place = (top / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise damaged(tree / INDEX, f"{name!r} is no path ({error})") from None
    if not place.is_relative_to(top):
        raise refuse(
            "leaves-the-tree",
            f"{name!r} of {tree} leads to {place}",
            hints=("whoever wrote this tree is no friend of yours, or a link in it is broken: build it again",),
        )
    return place


def damaged(file: Path, why: str) -> Refused:
    """The refusal of a tree with a file that no build wrote so."""
    return refuse("damaged-build", f"{file} is not as `rosace build` wrote it: {why}", hints=("build the tree again",))
