"""The umbrella chart with dependencies from a repository on loopback.

Upstream's charts are stood for by charts of ours with their names and versions.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from compiled import documents, helm
from ruamel.yaml import YAML

from rosace.deliver.charts import charts_folder
from rosace.deliver.releases import Release
from rosace.deliver.yamltext import dump

STAND_IN = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: stands-for-{{ .Chart.Name }}
data:
  version: {{ .Chart.Version | quote }}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Files, without a line for each."""

    def log_message(self, format: str, *args: Any) -> None: ...


@dataclass(frozen=True)
class Umbrella:
    """A copy of the charts whose upstream repositories are folders of `served`."""

    chart: Path
    upstream: tuple[dict[str, str], ...]

    def meta(self) -> dict[str, Any]:
        return YAML(typ="safe").load(self.chart / "Chart.yaml")

    def template(self, folder: Path, values: dict[str, Any], *options: str) -> list[dict[str, Any]]:
        """What it becomes, without what tests it."""
        return documents(rendered(self.chart, folder, values, *options))


def rendered(chart: Path, folder: Path, values: dict[str, Any], *options: str) -> str:
    """What Helm makes of a chart, in a folder or packed."""
    file = folder / "values.yaml"
    file.write_text(dump(values), encoding="utf-8")
    done = helm("template", "all", chart, "-f", file, "--namespace", "somewhere", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def switched_on(*releases: Release) -> dict[str, Any]:
    """The values of releases, each below its chart's name, which is on."""
    found: dict[str, Any] = {"global": releases[0].values["global"]}
    for release in releases:
        own = {key: value for key, value in release.values.items() if key != "global"}
        found[release.chart] = {"enabled": True, **own}
    return found


def write_chart(folder: Path, name: str, version: str, template: str) -> Path:
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text(dump({"apiVersion": "v2", "name": name, "version": version}), encoding="utf-8")
    (folder / "templates" / "one.yaml").write_text(template, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", autouse=True)
def own_helm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Helm with caches and settings of its own, and no proxy before what is on loopback."""
    home = tmp_path_factory.mktemp("helm")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"):
            patch.setenv(name, str(home / name.lower()))
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1")
        yield


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder, and its address."""
    folder = tmp_path_factory.mktemp("served")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(scope="module")
def umbrella(tmp_path_factory: pytest.TempPathFactory, served: tuple[Path, str]) -> Umbrella:
    """The umbrella as it is in this checkout, locked and with its dependencies fetched by `helm dependency build`."""
    place, address = served
    charts = tmp_path_factory.mktemp("charts") / "charts"
    shutil.copytree(charts_folder(), charts)
    file = charts / "platform" / "Chart.yaml"
    meta = YAML(typ="safe").load(file)
    upstream = [one for one in meta["dependencies"] if not one["repository"].startswith("file://")]
    repositories = {one["repository"]: f"r{number}" for number, one in enumerate(upstream)}
    for one in upstream:
        folder = repositories[one["repository"]]
        stand_in = write_chart(charts.parent / f"for-{one['name']}", one["name"], one["version"], STAND_IN)
        done = helm("package", stand_in, "--destination", place / folder)
        assert done.returncode == 0, done.stderr
        one["repository"] = f"{address}/{folder}"
    for name in set(repositories.values()):
        assert helm("repo", "index", place / name, "--url", f"{address}/{name}").returncode == 0
        assert helm("repo", "add", name, f"{address}/{name}").returncode == 0
    file.write_text(dump(meta), encoding="utf-8")
    found = Umbrella(file.parent, tuple(upstream))
    done = helm("dependency", "update", found.chart)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(found.chart / "charts")
    done = helm("dependency", "build", found.chart)
    assert done.returncode == 0, done.stderr
    return found
