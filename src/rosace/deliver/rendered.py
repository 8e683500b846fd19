"""What charts and values become: asked of Helm, release by release, on demand.

Comes in: a built tree on disk, or `Built`. Goes out: Helm's own text for each release, without hooks (what `helm test`
runs is no part of what is installed), or the objects in it. A release that Helm refuses raises `Refused`.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from rosace.deliver.build import Built
from rosace.deliver.helm import Helm
from rosace.deliver.workflow import Words, Workflow
from rosace.deliver.written import WrittenRelease, documents, read
from rosace.kit.manifest import Obj
from rosace.source.diagnostic import Refused, refuse


def files(built: Built, helm: Helm) -> dict[str, str]:
    """What `build --render` adds to a tree: relative path -> text."""
    with laid_down(built) as tree:
        return {
            f"clusters/{release.cluster}/rendered/{release.chart}.yaml": text
            for release, text in texts(read(tree), helm)
        }


@contextmanager
def laid_down(built: Built) -> Generator[Path]:
    """The tree in a folder of its own, as long as the context lasts: Helm reads nothing but files."""
    with TemporaryDirectory(prefix="rosace-render-") as folder:
        tree = Path(folder)
        for name, text in built.files.items():
            place = tree / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
        yield tree


def texts(releases: Iterable[WrittenRelease], helm: Helm) -> list[tuple[WrittenRelease, str]]:
    """Each release with what Helm prints of it, in the same order; as many at a time as there are processors."""
    flow = Workflow(helm, Words(Path()))
    wanted = list(releases)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(zip(wanted, pool.map(flow.rendered, wanted), strict=True))


def objects(tree: Path, helm: Helm) -> dict[str, list[Obj]]:
    """Cluster to the objects that a built tree stands for."""
    found: dict[str, list[Obj]] = {}
    for release, text in texts(read(tree), helm):
        found.setdefault(release.cluster, []).extend(parsed(release, text))
    return found


def parsed(release: WrittenRelease, text: str) -> Iterator[Obj]:
    """The objects in what Helm printed. Whoever wrote the chart may have laid out anything, so each is looked at."""
    try:
        found = [one for one in documents(text) if one]
    except ValueError as error:
        raise _strange(release, str(error)) from None
    for one in found:
        if not _is_object(one):
            raise _strange(release, "a document in it is no object of Kubernetes")
        yield cast("Obj", one)


def _is_object(one: Any) -> bool:
    if not isinstance(one, dict):
        return False
    said = cast("Mapping[str, Any]", one)
    metadata: Any = said.get("metadata")
    if not isinstance(metadata, dict):
        return False
    known = cast("Mapping[str, Any]", metadata)
    words = (said.get("kind"), said.get("apiVersion"), known.get("name"), known.get("namespace", ""))
    return all(isinstance(word, str) for word in words)


def _strange(release: WrittenRelease, why: str) -> Refused:
    return refuse(
        "damaged-build",
        f"what the chart `{release.chart}` becomes on {release.cluster} cannot be read: {why}",
        hints=("build the tree again",),
    )
