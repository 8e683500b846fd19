"""`rosace release` and `rosace diff` on somebody else's tree: no option, path or chart leads out of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import compiled
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosace.cli.main import run
from rosace.deliver import tree, written
from rosace.deliver.compared import compare_values
from rosace.deliver.rendered import parsed
from rosace.source.diagnostic import Refused

EVIL = [
    "--post-renderer=/tmp/evil", "-f", "--", "../up", "a/../../up", "/etc", "a b", "a\nb", "", "A", "é", "a\0b", None,
    1, ["a"], {"a": 1}, "a,b", "oci://x", "x" * 64,
]  # fmt: skip


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A tree of one chart, and beside it what must not be reached."""
    folder = tmp_path / "out"
    chart = "apiVersion: v2\nname: streaming\nversion: 1.0.0\n"
    entry = {"cluster": "main", "chart": "streaming", "namespace": "kafka", "values": ["env/prod.yaml"]}
    files = {
        "charts/streaming/Chart.yaml": chart,
        "charts/streaming/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "env/prod.yaml": "{}\n",
        "releases.json": json.dumps([entry]),
    }
    tree.write(folder, files)
    (tmp_path / "up").mkdir()
    (tmp_path / "secret.yaml").write_text("secret: 1\n")
    return folder


def change(out: Path, **words: Any) -> None:
    (entry,) = json.loads((out / "releases.json").read_text())
    (out / "releases.json").write_text(json.dumps([{**entry, **words}]))


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.diagnostics[0].code


@pytest.mark.parametrize("word", ["cluster", "chart", "namespace"])
@pytest.mark.parametrize("name", EVIL)
def test_names_are_names(out: Path, word: str, name: object) -> None:
    change(out, **{word: name})
    assert code(lambda: written.read(out)) == "damaged-build"


@pytest.mark.parametrize("path", ["../secret.yaml", "/etc/passwd", "env/../../secret.yaml", "link.yaml", "a\0", "loop"])
def test_values_lie_in_the_tree(out: Path, path: str) -> None:
    (out / "link.yaml").symlink_to(out.parent / "secret.yaml")
    (out / "loop").symlink_to("loop")
    change(out, values=[path])
    assert code(lambda: written.read(out)) in ("leaves-the-tree", "damaged-build")


def test_a_link_within_the_tree_is_followed(out: Path) -> None:
    (out / "link.yaml").symlink_to("env/prod.yaml")
    change(out, values=["link.yaml"])
    assert written.read(out)[0].values == ((out / "env/prod.yaml").resolve(),)


def test_a_chart_that_is_a_link_out(out: Path) -> None:
    (out / "charts" / "other").symlink_to(out.parent)
    change(out, chart="other")
    assert code(lambda: written.read(out)) == "leaves-the-tree"


STEPS = ["lint", "template", "dependencies", "package", "install", "upgrade"]


@pytest.fixture
def helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands where Helm stands and writes down each word that it is given."""
    told = tmp_path / "told"
    program = tmp_path / "helm"
    program.write_text(f"#!/bin/sh\nfor word; do printf '%s\\n' \"$word\" >> '{told}'; done\n")
    program.chmod(0o755)
    monkeypatch.setenv("ROSACE_HELM", str(program))
    return told


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("dependency", ["file:///etc", "file://../../../up", "@mine", "evil://x", "alias:x"])
def test_a_chart_with_another_inside(out: Path, helm: Path, step: str, dependency: str) -> None:
    chart = out / "charts/streaming/Chart.yaml"
    more = f"dependencies: [{{name: up, version: 1.0.0, repository: {json.dumps(dependency)}}}]\n"
    chart.write_text(chart.read_text() + more)
    assert run(["release", step, str(out), "--packages", str(out.parent / "packed")]) == 2
    assert not helm.exists()


@pytest.mark.parametrize("step", STEPS)
def test_a_link_in_a_chart(out: Path, helm: Path, step: str) -> None:
    (out / "charts/streaming/templates/b.yaml").symlink_to("/etc/passwd")
    assert run(["release", step, str(out), "--packages", str(out.parent / "packed")]) == 2
    assert not helm.exists()


STRANGE = ["name: ../x\nversion: 1.0.0\n", "name: streaming\nversion: ../../x\n", "[", "a: b\n", "[" * 100_000]


@pytest.mark.parametrize("meta", STRANGE, ids=["name", "version", "open", "other", "deep"])
def test_a_chart_that_is_called_otherwise(out: Path, helm: Path, meta: str) -> None:
    (out / "charts/streaming/Chart.yaml").write_text(meta)
    words = ["--registry", "oci://registry.example.com", "--packages", str(out.parent / "packed")]
    assert run(["release", "push", str(out), *words]) == 2
    assert not helm.exists()


@pytest.mark.parametrize("step", [*STEPS, "history", "rollback", "test"])
def test_what_the_tree_names_is_no_option(out: Path, helm: Path, step: str) -> None:
    """Each word before `--` is ours, each after it stands in its place."""
    assert run(["release", step, str(out), "--packages", str(out.parent / "packed")]) == 0
    words = helm.read_text().splitlines()
    before, after = words[: words.index("--")], words[words.index("--") + 1 :]
    assert all(word.startswith("--") for word in before[2 if step == "dependencies" else 1 :])
    assert set(after) <= {"streaming", str(out / "charts" / "streaming"), "0"}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["cluster", "chart", "values"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(ANY, st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_in_the_index(out: Path, value: object, cut: bytes) -> None:
    """Read, or refused in words: never anything else."""
    index = out / "releases.json"
    whole = index.read_bytes()
    for text in (json.dumps(value).encode(), whole[: len(cut)] + cut, b"[" * 100_000):
        index.write_bytes(text)
        try:
            written.read(out)
        except Refused:
            continue
    index.write_bytes(whole)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(b"[" * 100_000)
@example(b"- a\n")
def test_whatever_is_in_the_values(out: Path, said: bytes) -> None:
    """Without Helm they are compared, or the file is named that cannot be read."""
    values = out / "env/prod.yaml"
    values.write_bytes(said)
    try:
        assert compare_values(out, out) == []
    except Refused as refused:
        assert "prod.yaml" in str(refused)


@given(st.text(max_size=200) | ANY.map(json.dumps))
@example("[" * 100_000)
@example("kind: A\napiVersion: v1\nmetadata: {name: 1}\n")
@example("kind: A\napiVersion: v1\nmetadata: {name: a, namespace: [b]}\n")
def test_whatever_a_chart_lays_out(text: str) -> None:
    """Objects, or refused with the chart's name: what `diff` compares is never anything else."""
    release = written.WrittenRelease("main", "streaming", "kafka", Path(), ())
    try:
        found = list(parsed(release, text))
    except Refused as refused:
        assert "streaming" in str(refused)
    else:
        assert all(isinstance(one["metadata"]["name"], str) for one in found)


@pytest.mark.parametrize("planted", ["link", "dependency"])
def test_diff_gives_helm_no_chart_that_leads_out_of_the_tree(out: Path, helm: Path, planted: str) -> None:
    chart = out / "charts/streaming"
    if planted == "link":
        (chart / "templates/b.yaml").symlink_to("/etc/passwd")
    else:
        more = "dependencies: [{name: up, version: 1.0.0, repository: file:///etc}]\n"
        (chart / "Chart.yaml").write_text((chart / "Chart.yaml").read_text() + more)
    assert run(["diff", str(out), str(out)]) == 2
    assert not helm.exists()


@pytest.mark.slow
def test_the_real_helm_takes_these_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    """In a folder whose name has what pflag takes for two; what needs a cluster fails for want of one, not of words."""
    from clustertools import Unavailable, tool

    try:
        monkeypatch.setenv("ROSACE_HELM", str(tool("helm")))
    except Unavailable as reason:
        pytest.skip(f"no Helm: {reason}")
    out = tmp_path / 'a, "b" c'
    tree.write(out, compiled.example("flights").files)
    for step in ("lint", "template", "package"):
        words = [str(out), "--chart", "streaming", "--packages", str(tmp_path / "packed")]
        assert run(["release", step, *words]) == 0, capfd.readouterr().err
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    for step in ("install", "upgrade", "history", "rollback", "test"):
        capfd.readouterr()
        assert run(["release", step, str(out), "--chart", "streaming"]) == 2
        assert "cluster unreachable" in capfd.readouterr().err
