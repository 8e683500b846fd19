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

from rosace.engines.manifest import Obj
from rosace.source.diagnostic import Refused, refuse

INDEX = "releases.json"

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""Names of charts, clusters and namespaces: labels of RFC 1123. None of them begins as an option does."""

_MOST = 8 * 2**20
"""Bytes of an index: some 40,000 releases."""


def objects(tree: Path) -> dict[str, list[Obj]]:
    """Cluster to the objects that a built tree shows for it."""
    import yaml

    found: dict[str, list[Obj]] = {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for release in read(tree):
        file = within(tree, f"clusters/{release.cluster}/rendered/{release.chart}.yaml")
        try:
            documents = list(yaml.load_all(file.read_text(encoding="utf-8"), Loader=loader))
        except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
            raise _damaged(file, str(error).split("\n", 1)[0]) from None
        found.setdefault(release.cluster, []).extend(_object(file, one) for one in documents if one)
    return found


def _object(file: Path, one: Any) -> Obj:
    if isinstance(one, dict) and isinstance(metadata := cast("Obj", one).get("metadata"), dict):
        known = cast("Obj", metadata)
        texts = (*map(cast("Obj", one).get, ("kind", "apiVersion")), known.get("name"), known.get("namespace", ""))
        if all(isinstance(text, str) for text in texts):
            return cast("Obj", one)
    raise _damaged(file, "a document in it is no object of Kubernetes")


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
        raise _damaged(index, f"it is no JSON ({error})") from None
    if not isinstance(entries, list):
        raise _damaged(index, "it is no list")
    return [_release(tree, entry) for entry in cast("list[Any]", entries)]


def _release(tree: Path, entry: Any) -> WrittenRelease:
    told = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    cluster, chart, namespace = (_named(tree, told.get(word)) for word in ("cluster", "chart", "namespace"))
    values: Any = told.get("values")
    if not isinstance(values, list) or not all(isinstance(one, str) for one in cast("list[Any]", values)):
        raise _damaged(tree / INDEX, f"the values of {chart} are no list of files")
    paths = tuple(within(tree, one) for one in cast("list[str]", values))
    return WrittenRelease(cluster, chart, namespace, within(tree, f"charts/{chart}"), paths)


def _named(tree: Path, name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _damaged(tree / INDEX, f"{name!r} is no name of a cluster, chart or namespace")
    return name


def within(tree: Path, name: str) -> Path:
    """A path of the tree, absolute, once all links are followed; refused where that leads out of the tree."""
    top = tree.resolve()
    try:
        place = (top / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise _damaged(tree / INDEX, f"{name!r} is no path ({error})") from None
    if not place.is_relative_to(top):
        raise refuse(
            "leaves-the-tree",
            f"{name!r} of {tree} leads to {place}",
            hints=("whoever wrote this tree is no friend of yours, or a link in it is broken: build it again",),
        )
    return place


def _damaged(file: Path, why: str) -> Refused:
    return refuse("damaged-build", f"{file} is not as `rosace build` wrote it: {why}", hints=("build the tree again",))
