"""Helm's whole workflow, by Rosace's verbs, with the real Helm, a real OCI registry and a real API server."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from api_server import ApiServer
from compiled import example, helm
from package_places import free_port, keyring, registry, tool_or_skip
from prepared_server import server_for

from rosace.cli.main import run
from rosace.deliver import tree
from rosace.deliver.charts import charts_folder

__all__ = ["free_port", "keyring", "registry"]

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vision's example, built: every chart is in it."""
    folder = tmp_path_factory.mktemp("built") / "out"
    tree.write(folder, example("vision360").files)
    return folder


@pytest.fixture(autouse=True)
def real_helm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Helm with caches and settings of its own."""
    monkeypatch.setenv("ROSACE_HELM", str(tool_or_skip("helm")))
    for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


CHARTS = sorted(path.name for path in charts_folder().iterdir() if (path / "Chart.yaml").is_file())


def version(built: Path, chart: str) -> str:
    """The version that a chart has in the tree: it changes with the chart's content."""
    meta = yaml.safe_load((built / "charts" / chart / "Chart.yaml").read_text(encoding="utf-8"))
    assert meta["version"].startswith("0.1.0+")
    return meta["version"]


def test_lints_and_renders(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["release", "lint", str(built)]) == 0
    assert run(["release", "template", str(built), "--chart", "streaming", "--debug"]) == 0
    assert "kind: KafkaTopic" in capfd.readouterr().out


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_lints_alone(chart: str) -> None:
    """Without any values: a chart stands by itself."""
    done = helm("lint", charts_folder() / chart)
    lacks = "chart directory is missing these dependencies" in done.stdout
    assert done.returncode == 0 or (chart == "platform" and lacks), done.stdout


def test_packed_signed_pushed_pulled(
    built: Path, tmp_path: Path, keyring: tuple[Path, Path], registry: str, capfd: pytest.CaptureFixture[str]
) -> None:
    secret, public = keyring
    packed, pulled = tmp_path / "packed", tmp_path / "pulled"
    sign = ["--key", "rosace-test", "--keyring", str(secret)]
    assert run(["release", "package", str(built), "--packages", str(packed), *sign]) == 0
    charts = {one["chart"] for one in json.loads((built / "releases.json").read_text())}
    assert {path.name for path in packed.glob("*.tgz")} == {f"{chart}-{version(built, chart)}.tgz" for chart in charts}
    assert len(list(packed.glob("*.prov"))) == len(charts)
    check = ["release", "verify", str(built), "--packages", str(packed), "--keyring", str(public)]
    assert run(check) == 0
    where = ["--registry", registry, "--plain-http"]
    assert run(["release", "push", str(built), "--packages", str(packed), *where]) == 0
    assert run(["release", "pull", str(built), "--packages", str(pulled), *where]) == 0
    for path in pulled.glob("*.tgz"):
        assert path.read_bytes() == (packed / path.name).read_bytes()
    victim = packed / f"streaming-{version(built, 'streaming')}.tgz"
    content = bytearray(victim.read_bytes())
    content[100] ^= 1
    victim.write_bytes(content)
    capfd.readouterr()
    assert run([*check, "--chart", "streaming"]) == 2
    assert "sha256 sum does not match" in capfd.readouterr().err


def test_a_linked_chart_is_not_packed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    tree.write(folder, example("flights").files)
    (folder / "charts" / "streaming" / "templates" / "passwd.yaml").symlink_to("/etc/passwd")
    packed = tmp_path / "packed"
    assert run(["release", "package", str(folder), "--chart", "streaming", "--packages", str(packed)]) == 2
    assert "linked-chart" in capfd.readouterr().err
    assert not list(packed.glob("*")) if packed.exists() else True


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with server_for("vision360", tmp_path_factory.mktemp("definitions")) as running:
        yield running


def test_every_chart_is_installed_upgraded_and_rolled_back(
    server: ApiServer, built: Path, registry: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """By version from the registry, one cluster's release of each chart; namespaces of all clusters first."""
    config = ["--kubeconfig", str(server.kubeconfig)]
    where = ["--registry", registry, "--plain-http"]
    packed = ["--packages", str(tmp_path / "packed")]
    homes = {one["chart"]: one["cluster"] for one in reversed(json.loads((built / "releases.json").read_text()))}
    for cluster in sorted({one["cluster"] for one in json.loads((built / "releases.json").read_text())}):
        _did(capfd, "install", built, "--chart", "governance", "--cluster", cluster, *config)
    newer = tmp_path / "newer"
    shutil.copytree(built, newer)
    for chart, cluster in homes.items():
        one = ["--chart", chart, "--cluster", cluster]
        _did(capfd, "install", built, *one, *config)
        begun = json.loads(_did(capfd, "history", built, *one, *config))[-1]["revision"]
        meta = newer / "charts" / chart / "Chart.yaml"
        meta.write_text(meta.read_text().replace(f"version: {version(built, chart)}", "version: 0.2.0+newer", 1))
        _did(capfd, "package", newer, *one, *packed)
        _did(capfd, "push", newer, *one, *packed, *where)
        _did(capfd, "upgrade", newer, *one, "--version", "0.2.0+newer", *where, *config)
        _did(capfd, "rollback", built, *one, "--revision", str(begun), *config)
        told = [item["chart"] for item in json.loads(_did(capfd, "history", built, *one, *config))]
        before = f"{chart}-{version(built, chart)}"
        assert told[-3:] == [before, f"{chart}-0.2.0+newer", before]


def _did(capfd: pytest.CaptureFixture[str], action: str, folder: Path, *words: str) -> str:
    """What a step says on stdout; it must not be refused."""
    capfd.readouterr()
    code = run(["release", action, str(folder), *words])
    said = capfd.readouterr()
    assert code == 0, f"{action} {words[:4]}: {said.err}"
    return said.out


def test_packages_hold_what_the_chart_holds(built: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    assert run(["release", "package", str(built), "--chart", "streaming", "--packages", str(packed)]) == 0
    with tarfile.open(packed / f"streaming-{version(built, 'streaming')}.tgz") as archive:
        names = {name.removeprefix("streaming/") for name in archive.getnames()}
    ours = {
        path.relative_to(charts_folder() / "streaming").as_posix() for path in _files(charts_folder() / "streaming")
    }
    assert names == ours


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
