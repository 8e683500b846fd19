"""Platforms compiled for clusters, as tests of several files need them."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rosace.check.platform import check
from rosace.deliver.build import Built, build, charts_folder
from rosace.deliver.releases import Release
from rosace.deliver.yamltext import dump
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


def rendered_by_helm(release: Release, folder: Path, *, hooks: bool = False) -> list[dict[str, Any]]:
    """What the real Helm makes of a release's chart and values, split over files as in a built tree."""
    shared, own = folder / "env.yaml", folder / "values.yaml"
    everything = dict(release.values["global"])
    cluster = everything.pop("cluster")
    shared.write_text(dump({"global": everything}), encoding="utf-8")
    own.write_text(dump({**release.values, "global": {"cluster": cluster}}), encoding="utf-8")
    chart = charts_folder() / release.chart
    done = helm("template", release.chart, chart, "-f", shared, "-f", own, "--namespace", release.namespace)
    assert done.returncode == 0, f"{release.cluster}/{release.chart}: {done.stderr}"
    return documents(done.stdout, hooks=hooks)
