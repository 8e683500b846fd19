"""Charts lay out what Python decided: the real Helm renders the same objects from the same values."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiled import EXAMPLES, example, helm, identity, plain, rendered_by_helm

from rosace.deliver.build import charts_folder
from rosace.deliver.yamltext import dump

pytestmark = pytest.mark.slow

CHARTS = sorted(path.name for path in charts_folder().iterdir() if (path / "Chart.yaml").is_file())


@pytest.mark.parametrize("name", EXAMPLES)
def test_helm_renders_what_build_shows(name: str, tmp_path: Path) -> None:
    for release in example(name).releases:
        ours = {identity(one): plain(one) for one in release.objects}
        theirs = {identity(one): plain(one) for one in rendered_by_helm(release, tmp_path)}
        place = f"{release.cluster}/{release.chart}"
        assert sorted(ours) == sorted(theirs), place
        for key, one in ours.items():
            assert one == theirs[key], f"{place}: {key}"
        assert len(ours) == len(release.objects), f"{place}: two objects have one name"


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
