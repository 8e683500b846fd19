"""Upstream charts at their pinned tags, rendered by the real Helm with what our applications tell them.

Comes in: an Argo CD application of a build. Goes out: the objects that Argo CD would lay out of it, hooks included. The
chart comes from its project's Git repository by `git`, at the tag of the pinned version, and is kept in the user's
cache; a sentence says why where it cannot be had. Where a project's tag is not to be had, the nearest one stands in.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from compiled import EXAMPLES, example, helm
from ruamel.yaml import YAML
from schemas import cache_folder

from rosace.contract.operator import Definitions, Operator, UpstreamChart
from rosace.deliver.applications import Application
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import operators

Obj = dict[str, Any]
PATIENCE = 180
"""Seconds for one repository, of which only one folder at one tag is asked for."""


@dataclass(frozen=True)
class Place:
    """Where a chart lies in its project's repository: the tags of one version (the first is the pinned one's)."""

    repository: str
    folder: str
    tags: tuple[str, ...]


_COMMUNITY = "https://github.com/prometheus-community/helm-charts"
PLACES = {
    "flink-kubernetes-operator": Place(
        "https://github.com/apache/flink-kubernetes-operator", "helm/flink-kubernetes-operator", ("release-{version}",)
    ),
    # 3.23.0 has the templates and the definitions of 3.23.1.
    "gatekeeper": Place(
        "https://github.com/open-policy-agent/gatekeeper", "charts/gatekeeper", ("v{version}", "v3.23.0")
    ),
    "kube-state-metrics": Place(_COMMUNITY, "charts/kube-state-metrics", ("kube-state-metrics-{version}",)),
    "minio-operator": Place("https://github.com/minio/operator", "helm/operator", ("v{version}",)),
    "prometheus-node-exporter": Place(
        _COMMUNITY, "charts/prometheus-node-exporter", ("prometheus-node-exporter-{version}",)
    ),
    "prometheus-operator": Place(_COMMUNITY, "charts/kube-prometheus-stack", ("kube-prometheus-stack-{version}",)),
    "rancher-backup": Place("https://github.com/rancher/backup-restore-operator", "charts/rancher-backup", ("v{up}",)),
    "rancher-compliance": Place("https://github.com/rancher/compliance-operator", "chart", ("v{up}",)),
    "spark-operator": Place(
        "https://github.com/kubeflow/spark-operator", "charts/spark-operator-chart", ("v{version}",)
    ),
    "strimzi-kafka-operator": Place(
        "https://github.com/strimzi/strimzi-kafka-operator", "helm-charts/helm3/strimzi-kafka-operator", ("{version}",)
    ),
    # Chart 0.35.0 is of v0.33.0, chart 0.34.0 of v0.32.0.
    "trivy-operator": Place("https://github.com/aquasecurity/trivy-operator", "deploy/helm", ("v0.33.0", "v0.32.0")),
}
"""Chart, as `versions.toml` calls it, to where it is."""


def chart_of(upstream: UpstreamChart) -> Path | str:
    """The folder of a pinned chart, or why it cannot be had."""
    place = PLACES[upstream.name]
    said = ""
    for tag in place.tags:
        words = {"version": upstream.version, "up": upstream.version.rpartition("+up")[2]}
        found = folder_of(place.repository, tag.format(**words), place.folder)
        if isinstance(found, Path):
            return found
        said = said or found
    return said


def definitions_of(there: Definitions) -> Path | str:
    """The folder that an application of definitions names, or why it cannot be had; empty where the tag lacks it."""
    return folder_of(there.repository, there.revision, there.path)


@cache
def folder_of(repository: str, tag: str, path: str) -> Path | str:
    """One folder of a repository at a tag. An empty sentence: the tag is there, and has no such folder."""
    place = cache_folder().parent / "upstream" / re.sub(r"[^A-Za-z0-9.]+", "-", f"{repository[8:]}-{tag}")
    found = place / path
    if not found.is_dir() and (why := _brought(repository, tag, path, place)):
        return why
    return found if found.is_dir() else ""


def _brought(repository: str, tag: str, path: str, place: Path) -> str:
    """Brings the folder beside what is there already, and renames; else says why not."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        into = Path(folder) / "repo"
        words = ("--quiet", "--depth=1", "--filter=blob:none", "--no-checkout", f"--branch={tag}", repository)
        for command in (
            ("git", "clone", *words, str(into)),
            ("git", "-C", str(into), "sparse-checkout", "set", "--no-cone", f"/{path}/"),
            ("git", "-C", str(into), "checkout", "--quiet"),
        ):
            try:
                quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
                done = subprocess.run(command, env=quiet, capture_output=True, text=True, timeout=PATIENCE, check=False)
            except (OSError, subprocess.TimeoutExpired) as error:
                return f"{repository} at {tag} cannot be had: {error}"
            if done.returncode:
                last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
                return f"{repository} at {tag} cannot be had: {last}"
        if (into / path).is_dir():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(into / path, place / path, dirs_exist_ok=True)
    return ""


@dataclass(frozen=True)
class Rendered:
    """What an upstream chart becomes: its objects and hooks, where it cannot be had a reason instead."""

    cluster: str
    operator: str
    namespace: str
    objects: tuple[Obj, ...]
    hooks: tuple[Obj, ...]
    missing: str = ""

    @property
    def everything(self) -> tuple[Obj, ...]:
        """Objects and hooks: Argo CD runs both."""
        return (*self.objects, *self.hooks)


def everywhere(chart: str) -> Iterator[tuple[str, Rendered]]:
    """A chart on each cluster of each example that has it. The test is skipped where the chart cannot be had."""
    for name in EXAMPLES:
        for one in rendered(name):
            if one.operator == chart and one.missing:
                pytest.skip(one.missing)
            if one.operator == chart:
                yield name, one


@cache
def rendered(name: str) -> tuple[Rendered, ...]:
    """The upstream charts of all clusters of an example, as its applications tell them."""
    return tuple(_of_example(name))


def _of_example(name: str) -> Iterator[Rendered]:
    built = example(name)
    estate = built.estate
    for cluster in estate.clusters:
        for _, one in operators(estate, cluster):
            app = next(app.body for app in built.applications if _installs(app, cluster, one, estate))
            told = app["spec"]["source"]["helm"]
            chart = chart_of(one.upstream)
            if isinstance(chart, str):
                yield Rendered(cluster, one.name, one.namespace, (), (), chart)
                continue
            objects = _rendered(chart, told.get("releaseName", app["metadata"]["name"]), one.namespace, told["values"])
            hooks = tuple(each for each in objects if "helm.sh/hook" in (each["metadata"].get("annotations") or {}))
            yield Rendered(cluster, one.name, one.namespace, tuple(one for one in objects if one not in hooks), hooks)


def _installs(app: Application, cluster: str, operator: Operator, estate: Estate) -> bool:
    """Whether an application is that of an operator's chart on a cluster."""
    moved = estate.checked.platform.delivery.operators.get(operator.name)
    named = (moved.application if moved else None) or f"-{operator.name}"
    return app.cluster == cluster and "helm" in app.body["spec"]["source"] and app.name.endswith(named)


@cache
def _rendered(chart: Path, release: str, namespace: str, values: str) -> tuple[Obj, ...]:
    """Helm's objects of a chart. Charts that it depends on and whose switch is off need not be there."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "chart"
        shutil.copytree(chart, copy)
        _as_released(copy)
        said = Path(folder) / "values.yaml"
        said.write_text(values, encoding="utf-8")
        done = helm(
            "template", release, copy, "--namespace", namespace, "-f", said, "--skip-crds", "--kube-version", "1.34.0"
        )
    assert done.returncode == 0, f"{chart}: {done.stderr}"
    reader = YAML(typ="safe")
    found = [one for one in reader.load_all(done.stdout) if one]
    for one in found:
        one["metadata"].setdefault("namespace", namespace)
    return tuple(found)


def _as_released(chart: Path) -> None:
    """What a release makes of a folder: no placeholders (`%TAG%`), and no dependency that does not lie in it."""
    for file in chart.glob("*.yaml"):
        file.write_text(re.sub(r"%[A-Z]+%", "v0.0.0", file.read_text(encoding="utf-8")), encoding="utf-8")
    file = chart / "Chart.yaml"
    reader = YAML(typ="safe")
    told = reader.load(file)
    kept = [one for one in told.get("dependencies") or () if (chart / "charts" / one["name"]).is_dir()]
    if told.get("dependencies"):
        told["dependencies"] = kept
    (chart / "Chart.lock").unlink(missing_ok=True)
    reader.dump(told, file)


def containers(one: Obj) -> Iterator[Obj]:
    """The containers of whatever makes pods."""
    spec = one.get("spec") or {}
    pod = spec if one["kind"] == "Pod" else ((spec.get("template") or {}).get("spec") or {})
    yield from pod.get("containers") or ()
    yield from pod.get("initContainers") or ()
