"""What a build refuses, and what it writes so that nobody misreads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiled import helm, laid_out, written

from rosace.cli.main import run
from rosace.source.diagnostic import Refused

BASE = "platform: shop\ntopics:\n  orders: {columns: {id: int!}}\n"


def refused(folder: Path, text: str, overlay: str = "") -> list[str]:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    (folder / "env").mkdir(exist_ok=True)
    (folder / "env" / "test.yaml").write_text(overlay or "{}\n", encoding="utf-8")
    from compiled import compiled

    with pytest.raises(Refused) as caught:
        compiled(folder, "test")
    return [one.code for one in caught.value.diagnostics if one.severity.name == "ERROR"]


def test_an_overlay_with_an_unknown_key(tmp_path: Path) -> None:
    assert refused(tmp_path, BASE, "clusters: {main: {}}\nmonitorring: {}\n") == ["unknown-key"]


def test_an_engine_without_a_cluster(tmp_path: Path) -> None:
    assert refused(tmp_path, BASE + "clusters: {a: {}, b: {}}\n")[0] == "no-home"


def test_an_unknown_engine_on_a_cluster(tmp_path: Path) -> None:
    assert "unknown-name" in refused(tmp_path, BASE + "clusters: {a: {runs: [kafca]}, b: {}}\n")


def test_an_unknown_project(tmp_path: Path) -> None:
    more = "jobs: {x: {engine: flink, sql: x.sql, project: nobody}}\n"
    assert "unknown-name" in refused(tmp_path, BASE + more)


def test_no_clusters_no_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "platform.yaml").write_text(BASE, encoding="utf-8")
    assert run(["build", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert "no-clusters" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["a{{b", "../x", "a/b", "a\\nb", "A", "a b", "-a"])
def test_names_that_would_be_something_else(tmp_path: Path, name: str) -> None:
    """No name reaches a template, a path or a line of YAML that it could break out of."""
    assert refused(
        tmp_path, f'platform: shop\ntopics: {{"{name}": {{columns: {{id: int!}}}}}}\nclusters: {{m: {{}}}}\n'
    )


@pytest.mark.parametrize("address", ["https://x/{{ .Values }}", "https://x y", "file:///etc/passwd\\n"])
def test_addresses_that_would_be_something_else(tmp_path: Path, address: str) -> None:
    assert refused(tmp_path, BASE + f'clusters: {{m: {{}}}}\ndelivery: {{git: "{address}"}}\n')


def told(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `rosace build` says when it refuses."""
    assert run(["build", str(folder), "-o", str(folder / "out"), *words]) == 2
    assert not (folder / "out").exists()
    return capsys.readouterr().err


def test_two_environments_that_collide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "platform.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "env").mkdir()
    for name in ("dev", "prod"):
        (tmp_path / "env" / f"{name}.yaml").write_text("clusters: {main: {}}\n", encoding="utf-8")
    assert "environments-collide" in told(tmp_path, capsys, "--env", "prod")
    (tmp_path / "env" / "dev.yaml").write_text("clusters: {main: {}}\ndelivery: {prefix: dev-}\n", encoding="utf-8")
    assert run(["build", str(tmp_path), "--env", "prod", "-o", str(tmp_path / "out")]) == 0


def test_an_image_from_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = "clusters: {main: {}}\npolicies: {registries: [registry.example.com]}\n"
    (tmp_path / "platform.yaml").write_text(BASE + more, encoding="utf-8")
    assert "image-registry" in told(tmp_path, capsys)
    own = ["--set", "delivery.registry=registry.example.com"]
    assert run(["build", str(tmp_path), "-o", str(tmp_path / "out"), *own]) == 0


def test_an_unknown_cluster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "platform.yaml").write_text(BASE + "clusters: {main: {}}\n", encoding="utf-8")
    assert run(["build", str(tmp_path), "-o", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    assert run(["release", "lint", str(tmp_path / "out"), "--cluster", "mian"]) == 2
    assert "no-release" in capsys.readouterr().err


ODD = ["on", "22:22", "1e3", "0x10", "null", "{{ .Release.Name }}", "a: b", "é", "1_000", "~"]


@pytest.mark.slow
@pytest.mark.parametrize("value", ODD)
def test_values_stay_what_they_are(tmp_path: Path, value: str) -> None:
    """An engine's setting with an odd value: the same after our YAML, and after Helm's templates."""
    text = BASE + f"engines: {{kafka: {{settings: {{ssl.cipher.suites: {value!r}}}}}}}\nclusters: {{main: {{}}}}\n"
    built = written(tmp_path, text)
    (streaming,) = [release for release in built.releases if release.chart == "streaming"]
    kafka = next(one for one in laid_out(streaming) if one["kind"] == "Kafka")
    assert kafka["spec"]["kafka"]["config"]["ssl.cipher.suites"] == value


@pytest.mark.slow
def test_a_value_that_the_chart_does_not_know(tmp_path: Path) -> None:
    """The charts' own schemas refuse what nobody declared."""
    from rosace.deliver.charts import charts_folder

    done = helm("lint", charts_folder() / "streaming", "--set", "kafka.replicsa=3")
    assert done.returncode != 0
    assert "replicsa" in done.stdout + done.stderr
