"""What needs Helm and what does not: `build --render` and `--show` ask it, `diff` does where it can."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import yaml
from compiled import compiled, identity, laid_out

from rosace.cli.main import run

PLATFORM = """\
platform: shop
topics:
  orders: {{columns: {{id: int!}}, partitions: {partitions}}}
clusters: {{main: {{}}}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return written(tmp_path / "shop", 12)


@pytest.fixture
def with_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    from clustertools import Unavailable, tool

    try:
        monkeypatch.setenv("ROSACE_HELM", str(tool("helm")))
    except Unavailable as reason:
        pytest.skip(f"no Helm: {reason}")


@pytest.fixture
def without_helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("ROSACE_HELM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing-is-here"))
    yield


def written(folder: Path, partitions: int) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "platform.yaml").write_text(PLATFORM.format(partitions=partitions), encoding="utf-8")
    return folder


def built(shop: Path, *more: str) -> Path:
    out = shop.parent / "out"
    assert run(["build", str(shop), "-o", str(out), *more]) == 0
    return out


def rows(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, object]], str]:
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def test_no_helm_is_needed_to_build_and_none_is_looked_for(shop: Path, without_helm: None) -> None:
    out = built(shop)
    assert (out / "clusters/main/values/streaming.yaml").is_file()
    assert not list(out.rglob("rendered"))


@pytest.mark.parametrize("option", ["--render", "--show"])
def test_what_needs_helm_says_so(
    shop: Path, option: str, without_helm: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(shop), "-o", str(shop.parent / "out"), option]) == 2
    assert "ROSACE_HELM" in capsys.readouterr().err
    assert not (shop.parent / "out").exists(), "written whole or not at all"


def test_rendered_is_what_helm_makes_of_the_tree(shop: Path, with_helm: None) -> None:
    """And a build without it takes it away again: what is shown is never older than what it shows."""
    out = built(shop, "--render")
    for release in compiled(shop, "default").releases:
        shown = out / f"clusters/{release.cluster}/rendered/{release.chart}.yaml"
        found = [one for one in yaml.load_all(shown.read_text("utf-8"), Loader=yaml.CSafeLoader) if one]
        for one in found:
            # In the tree a chart's version says its content.
            assert re.fullmatch(
                rf"{release.chart}-0\.1\.0_[0-9a-f]{{12}}", one["metadata"]["labels"].pop("helm.sh/chart")
            )
        laid = laid_out(release)
        for one in laid:
            del one["metadata"]["labels"]["helm.sh/chart"]
        assert {identity(one): one for one in found} == {identity(one): one for one in laid}
    built(shop)
    assert not list(out.rglob("rendered/*"))


def test_show_prints_one_chart(shop: Path, with_helm: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", str(shop), "--show", "--chart", "streaming"]) == 0
    kinds = {one["kind"] for one in yaml.load_all(capsys.readouterr().out, Loader=yaml.CSafeLoader) if one}
    assert "KafkaTopic" in kinds
    assert "Namespace" not in kinds


def test_diff_by_object(shop: Path, with_helm: None, capsys: pytest.CaptureFixture[str]) -> None:
    out = built(shop)
    assert run(["diff", str(out), "-C", str(shop)]) == 0
    written(shop, 6)
    capsys.readouterr()
    assert run(["diff", str(out), "-C", str(shop), "-o", "json"]) == 1
    found, said = rows(capsys)
    row = found[0]
    assert (row["kind"], row["object"], row["paths"]) == ("immutable", "KafkaTopic kafka/orders", ["spec.partitions"])
    assert {one["kind"] for one in found[1:]} == {"changed"}
    assert "values" not in said


def test_diff_by_values(shop: Path, without_helm: None, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that it saw no objects: the same edit is a danger that only Helm shows."""
    out = built(shop)
    assert run(["diff", str(out), "-C", str(shop)]) == 0
    assert "values and charts, not objects" in capsys.readouterr().err
    written(shop, 6)
    assert run(["diff", str(out), "-C", str(shop), "-o", "json"]) == 1
    found, said = rows(capsys)
    assert [(one["kind"], one["cluster"], one["object"]) for one in found] == [
        ("changed", "main", "values of streaming")
    ]
    assert "kafka.topics.orders.partitions" in cast("list[str]", found[0]["paths"])
    assert "values and charts, not objects" in said


def test_diff_by_values_sees_a_changed_template(
    shop: Path, without_helm: None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = built(shop)
    template = out / "charts/streaming/templates/kafka/topics.yaml"
    template.write_text(template.read_text("utf-8").replace("partitions", "partition"), encoding="utf-8")
    capsys.readouterr()
    assert run(["diff", str(out), "-C", str(shop), "-o", "json"]) == 1
    (row,), _ = rows(capsys)
    assert (row["object"], row["paths"]) == ("chart streaming", ["templates/kafka/topics.yaml"])
