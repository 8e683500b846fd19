"""Charts by themselves: the real Helm finds no fault, names are unique, and what they say of kinds is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from compiled import EXAMPLES, ROOT, compiled, example, helm, identity, laid_out

from rosace.deliver.applications import project
from rosace.deliver.build import Built
from rosace.deliver.charts import charts_folder, cluster_kinds
from rosace.deliver.yamltext import dump

pytestmark = pytest.mark.slow

CHARTS = sorted(path.name for path in charts_folder().iterdir() if (path / "Chart.yaml").is_file())


@pytest.mark.parametrize("name", EXAMPLES)
def test_helm_finds_no_fault(name: str, tmp_path: Path) -> None:
    for release in example(name).releases:
        values = tmp_path / "values.yaml"
        values.write_text(dump(release.values), encoding="utf-8")
        done = helm("lint", "--strict", charts_folder() / release.chart, "-f", values)
        assert done.returncode == 0, f"{release.chart}: {done.stdout}{done.stderr}"


def test_every_chart_is_used_by_an_example() -> None:
    used = {release.chart for name in EXAMPLES for release in example(name).releases}
    assert used | {"platform"} == {*CHARTS, "platform"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_two_objects_have_one_name(name: str) -> None:
    for release in example(name).releases:
        found = [identity(one) for one in laid_out(release)]
        assert found, f"{release.cluster}/{release.chart}: nothing"
        assert len(found) == len(set(found)), f"{release.cluster}/{release.chart}"


PLATFORMS = (*EXAMPLES, "seaweedfs")


def platform(name: str) -> Built:
    """An example, or the first one with the other object storage."""
    if name in EXAMPLES:
        return example(name)
    return compiled(ROOT / "examples" / "flights", "prod", "storage.provider=seaweedfs")


def wide(built: Built) -> dict[str, set[tuple[str, str]]]:
    """Chart to (API group, kind) of what it really lays out outside of any namespace."""
    found: dict[str, set[tuple[str, str]]] = {}
    for release in built.releases:
        for one in laid_out(release):
            if "namespace" not in one["metadata"]:
                group, _, version = one["apiVersion"].rpartition("/")
                found.setdefault(release.chart, set()).add((group if version else "", one["kind"]))
    return found


def test_charts_say_which_kinds_they_lay_out_outside_of_namespaces() -> None:
    """No kind is missing, which Argo CD would refuse to sync, and none is allowed for nothing."""
    really: dict[str, set[tuple[str, str]]] = {}
    for name in PLATFORMS:
        for chart, kinds in wide(platform(name)).items():
            really.setdefault(chart, set()).update(kinds)
    said = {chart: {kind for kinds in cluster_kinds(chart).values() for kind in kinds} for chart in CHARTS}
    assert {chart: kinds for chart, kinds in said.items() if kinds} == really


@pytest.mark.parametrize("name", PLATFORMS)
def test_argo_cd_may_write_where_charts_do_and_nowhere_else(name: str) -> None:
    built = platform(name)
    whole = built.estate
    allowed = project(whole, built.applications, built.releases)["spec"]["destinations"]
    destinations = [app.body["spec"]["destination"] for app in built.applications]
    written = {(one["server"], one["namespace"]) for one in destinations}
    for release in built.releases:
        (address,) = {
            app.body["spec"]["destination"]["server"] for app in built.applications if app.cluster == release.cluster
        }
        spaces = (one["metadata"].get("namespace") for one in laid_out(release))
        written |= {(address, space) for space in spaces if space}
    assert {(one["server"], one["namespace"]) for one in allowed} == written


LITERAL = re.compile(
    r"\b(?:port|containerPort|targetPort|nodePort):\s*[\"']?\d+|\bimage:\s*[\"']?[a-z0-9.-]+[/:]|:\d{4,5}\b"
)
"""A port or an image that a template says itself, where a value should."""


def literals(chart: str) -> list[str]:
    """The lines of a chart's templates with such a literal."""
    found = (path for path in sorted((charts_folder() / chart / "templates").rglob("*")) if path.is_file())
    lines = ((path, line) for path in found for line in path.read_text(encoding="utf-8").splitlines())
    return [f"{path.name}: {line.strip()}" for path, line in lines if LITERAL.search(line)]


def test_ports_and_images_are_values() -> None:
    """They are told to policies, bills and probes alike, so that they stand in one place, which is no template."""
    assert {chart: lines for chart in CHARTS if (lines := literals(chart))} == {}


@pytest.mark.parametrize("line", ["  port: 9000", "containerPort: '9249'", "image: docker.io/x", "http://x:8080/v1"])
def test_a_literal_is_found(line: str) -> None:
    assert LITERAL.search(line)
