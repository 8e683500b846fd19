"""The umbrella chart with the real Helm: its dependencies come from a repository, each behind its condition.

Upstream's charts are stood for by charts of ours with their names and versions, in a repository on loopback: what is
tested is that Helm finds, locks, fetches and switches them, not what they hold.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from compiled import EXAMPLES, ROOT, documents, example, helm, identity, laid_out, plain
from ruamel.yaml import YAML
from umbrellas import Umbrella, own_helm, served, switched_on, umbrella, write_chart

from rosace.deliver.yamltext import dump
from rosace.source.load import load

__all__ = ["own_helm", "served", "umbrella"]

pytestmark = pytest.mark.slow

ECHO = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: said
data:
  values: {{ .Values | toJson | quote }}
"""


def switched(*on: str) -> dict[str, Any]:
    return {name: {"enabled": True} for name in on}


def test_every_dependency_is_locked_and_fetched(umbrella: Umbrella) -> None:
    asked = {(one["name"], one["version"]) for one in umbrella.meta()["dependencies"]}
    lock = YAML(typ="safe").load(umbrella.chart / "Chart.lock")
    assert {(one["name"], one["version"]) for one in lock["dependencies"]} == asked
    fetched = {path.name for path in (umbrella.chart / "charts").glob("*.tgz")}
    assert fetched == {f"{name}-{version}.tgz" for name, version in asked}
    assert helm("lint", umbrella.chart).returncode == 0


def test_every_chart_of_ours_is_in_it(umbrella: Umbrella) -> None:
    ours = {one["name"] for one in umbrella.meta()["dependencies"]} - {one["name"] for one in umbrella.upstream}
    there = {path.parent.name for path in umbrella.chart.parent.glob("*/Chart.yaml")} - {"platform"}
    used = {release.chart for name in EXAMPLES for release in example(name).releases}
    assert ours == used <= there


def test_a_changed_chart_does_not_fit_its_lock(umbrella: Umbrella, tmp_path: Path) -> None:
    shutil.copytree(umbrella.chart.parent, tmp_path / "charts")
    changed = Umbrella(tmp_path / "charts" / "platform", umbrella.upstream)
    meta = changed.meta()
    meta["dependencies"] = meta["dependencies"][:-1]
    (changed.chart / "Chart.yaml").write_text(dump(meta), encoding="utf-8")
    done = helm("dependency", "build", changed.chart)
    assert done.returncode != 0
    assert "out of sync" in done.stderr
    assert helm("dependency", "update", changed.chart).returncode == 0
    assert helm("dependency", "build", changed.chart).returncode == 0


def test_who_has_no_repositories_yet(umbrella: Umbrella, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the chart's README says: the first time nothing has to be added; with a lock Helm asks for it."""
    monkeypatch.setenv("HELM_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HELM_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(umbrella.chart.parent, tmp_path / "charts")
    chart = tmp_path / "charts" / "platform"
    shutil.rmtree(chart / "charts")
    refused = helm("dependency", "build", chart)
    assert refused.returncode != 0 and "helm repo add" in refused.stderr
    (chart / "Chart.lock").unlink()
    assert helm("dependency", "build", chart).returncode == 0
    assert (chart / "Chart.lock").is_file()


def test_nothing_is_on_by_itself(umbrella: Umbrella, tmp_path: Path) -> None:
    assert umbrella.template(tmp_path, {}) == []


def test_a_condition_switches_one_operator(umbrella: Umbrella, tmp_path: Path) -> None:
    for one in umbrella.upstream:
        name = one.get("alias", one["name"])
        (found,) = umbrella.template(tmp_path, {}, "--set", f"{name}.enabled=true")
        assert found["metadata"]["name"] == f"stands-for-{name}"
        assert found["data"]["version"] == one["version"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_chart_below_it_is_what_it_is_alone(name: str, umbrella: Umbrella, tmp_path: Path) -> None:
    """With `streaming.enabled=true` only streaming is rendered, and so for every other chart."""
    for release in example(name).releases:
        found = {identity(one): one for one in map(alone, umbrella.template(tmp_path, switched_on(release)))}
        other = {identity(one): one for one in map(alone, laid_out(release))}
        assert found == other, f"{release.cluster}/{release.chart}"


def alone(one: dict[str, Any]) -> dict[str, Any]:
    """An object without the name of the release that it is of."""
    one["metadata"]["labels"].pop("app.kubernetes.io/instance")
    return one


@pytest.mark.parametrize("chart", ["streaming", "storage"])
def test_an_empty_chart_is_on_and_silent(chart: str, umbrella: Umbrella, tmp_path: Path) -> None:
    """A section is off until somebody says it."""
    assert umbrella.template(tmp_path, switched(chart)) == []


OVERLAY = """\
storage: {tenants: null}
topics:
  added: {columns: {a: string!}, partitions: 3}
engines:
  kafka: {replicas: 5, disk: {size: 2Ti}}
delivery: {prefix: overlaid-}
"""
"""A mapping that grows, one that changes deep inside, and a key that goes."""


@pytest.mark.parametrize(
    "assignments",
    [
        (),
        ("engines.kafka.replicas=7", "delivery.prefix=said-"),
        ("policies.registries={a.example.com,b.example.com}", "backups.rpo=5m"),
        ("topics.added.partitions=9", "delivery.git=null"),
    ],
)
@pytest.mark.parametrize("name", EXAMPLES)
def test_helm_and_rosace_agree_who_wins(name: str, assignments: tuple[str, ...], tmp_path: Path) -> None:
    """The same files in the same order: `-f platform.yaml -f env/prod.yaml -f ... --set`, base below, `--set` above."""
    folder = ROOT / "examples" / name
    more = tmp_path / "more.yaml"
    more.write_text(OVERLAY, encoding="utf-8")
    overlays = [folder / "env" / f"{EXAMPLES[name]}.yaml", more]
    files = [word for path in (folder / "platform.yaml", *overlays) for word in ("-f", path)]
    said = [word for one in assignments for word in ("--set", one)]
    done = helm("template", "x", write_chart(tmp_path / "echo", "echo", "0.1.0", ECHO), *files, *said)
    assert done.returncode == 0, done.stderr
    (echo,) = documents(done.stdout)
    theirs = without_nulls(json.loads(echo["data"]["values"]))
    assert theirs == plain(load(folder / "platform.yaml", overlays, assignments, also=[tmp_path]).value)


def without_nulls(value: Any) -> Any:
    """Helm takes a key that is null away only where a chart has a default for it, and else hands the null on."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return value
