"""The charts that come with Rosace: their files, and what they say of themselves.

Comes in: a chart's name. Goes out: files as text, and the kinds of objects outside of any namespace that a section of
the chart may lay out, which Argo CD's project has to allow. Must not: read templates; what they become only Helm knows.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files as resources
from pathlib import Path

KINDS = "rosace.io/cluster-kinds."
"""Before a section's name, the annotation of `Chart.yaml` that lists these kinds as `kubectl` writes them:
`ClusterRole.rbac.authorization.k8s.io Namespace`. A test holds them against what the real Helm
makes of the examples."""


def charts_folder() -> Path:
    """Where the charts lie: in the wheel, or at the top of a checkout."""
    packed = Path(str(resources("rosace"))) / "charts"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[3] / "charts"


@cache
def chart_files(chart: str) -> Mapping[str, str]:
    """A chart's files as relative path -> text, read once. Raises ValueError for a link: a chart holds plain files.

    Its version changes with its content: what a registry has under one version stays what it was.
    """
    found = dict(sorted(_texts(charts_folder() / chart)))
    content = hashlib.sha256("\0".join(part for file in found.items() for part in file).encode()).hexdigest()
    found["Chart.yaml"] = re.sub(r"(?m)^version: *(\S+)", rf"version: \1+{content[:12]}", found["Chart.yaml"])
    return found


def _texts(folder: Path, within: str = "") -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                raise ValueError(f"{entry.path} is a link: a chart holds plain files")
            if entry.is_dir():
                yield from _texts(folder / entry.name, f"{within}{entry.name}/")
            else:
                yield f"{within}{entry.name}", Path(entry.path).read_text(encoding="utf-8")


@cache
def cluster_kinds(chart: str) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Section of a chart to (API group, kind) of what it may lay out outside of any namespace; empty for no chart."""
    import yaml

    file = charts_folder() / chart / "Chart.yaml"
    if not file.is_file():
        return {}
    said = yaml.safe_load(file.read_text(encoding="utf-8")).get("annotations") or {}
    return {
        key.removeprefix(KINDS): frozenset(kind_of(word) for word in text.split())
        for key, text in said.items()
        if key.startswith(KINDS)
    }


def kind_of(word: str) -> tuple[str, str]:
    """API group and kind of a word such as `ClusterRole.rbac.authorization.k8s.io`."""
    kind, _, group = word.partition(".")
    return group, kind
