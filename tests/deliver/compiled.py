"""Platforms compiled for clusters, as tests of several files need them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from rosace.check.platform import check
from rosace.deliver.build import Built, build
from rosace.deliver.charts import charts_folder
from rosace.deliver.releases import Release
from rosace.deliver.yamltext import dump
from rosace.kit.manifest import CONTAINER_SECURITY
from rosace.source.load import load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {"flights": "prod", "vision360": "prod", "clouds": "prod"}
"""Each example with the environment in which it runs on clusters."""

sys.path.insert(0, str(ROOT / "tools"))


@cache
def example(name: str) -> Built:
    """An example of this repository, compiled."""
    return compiled(ROOT / "examples" / name, EXAMPLES[name])


def compiled(folder: Path, environment: str, *assignments: str) -> Built:
    """A platform in a folder, compiled with the overlay of an environment (none where it has no such file)."""
    overlay = folder / "env" / f"{environment}.yaml"
    tree = load(folder / "platform.yaml", [overlay] if overlay.is_file() else [], list(assignments))
    return build(check(tree, folder), environment)


def written(folder: Path, text: str) -> Built:
    """A platform from a text that names its clusters itself."""
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    return compiled(folder, "test")


def helm(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The real Helm; the test is skipped, saying why, where it cannot be had."""
    from clustertools import Unavailable, tool

    try:
        program = tool("helm")
    except Unavailable as reason:
        pytest.skip(f"no Helm: {reason}")
    return subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True, check=False)


def documents(text: str, *, hooks: bool = False) -> list[dict[str, Any]]:
    """The objects of a YAML stream, read as Kubernetes does (YAML 1.1: 0440 is octal): Helm's hooks, or all others."""
    found = [one for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one]
    return [one for one in found if ("helm.sh/hook" in one["metadata"].get("annotations", {})) is hooks]


def identity(one: dict[str, Any]) -> tuple[str, str, str, str]:
    """What makes an object itself: API version, kind, namespace, name."""
    metadata = one["metadata"]
    return one["apiVersion"], one["kind"], metadata.get("namespace", ""), metadata["name"]


def plain(one: Any) -> Any:
    """The same as JSON gives it back: what tells YAML's types apart is gone."""
    return json.loads(json.dumps(one))


def laid_out(release: Release, *, hooks: bool = False) -> list[dict[str, Any]]:
    """What the real Helm makes of a release's chart and values, split over files as in a built tree."""
    shared = dict(release.values["global"])
    cluster = shared.pop("cluster")
    own = {**release.values, "global": {"cluster": cluster}}
    return documents(_template(release.chart, release.namespace, dump({"global": shared}), dump(own)), hooks=hooks)


def objects(built: Built) -> list[dict[str, Any]]:
    """Everything that charts lay out of a platform, on all clusters, by the real Helm."""
    return [one for release in built.releases for one in laid_out(release)]


def of_section(chart: str, name: str, section: Mapping[str, Any], **frame: Any) -> list[dict[str, Any]]:
    """What the real Helm makes of one section of a chart. `frame` are `global` values that matter to the test."""
    everywhere = {"platform": "small", "environment": "prod", "cluster": "main", "labels": {}}
    everywhere |= {"containerSecurity": CONTAINER_SECURITY, **frame}
    return documents(_template(chart, "default", dump({"global": everywhere}), dump({name: section})))


@cache
def _template(chart: str, namespace: str, *values: str) -> str:
    """Helm's answer to the same question, asked once."""
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.yaml" for number in range(len(values))]
        for file, text in zip(files, values, strict=True):
            file.write_text(text, encoding="utf-8")
        said = (word for file in files for word in ("-f", file))
        done = helm("template", chart, charts_folder() / chart, *said, "--namespace", namespace)
    assert done.returncode == 0, f"{chart}: {done.stderr}"
    return done.stdout
