"""Helm's workflow over the releases of a built tree: which step takes what.

Comes in: the name of a step, releases. Goes out: for each, where it was done and what Helm said. Steps about charts are
done once a chart, steps about releases once a release.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rosace.deliver.helm import Helm
from rosace.deliver.written import WrittenRelease, documents
from rosace.source.diagnostic import refuse

OF_CHARTS = frozenset({"dependencies", "package", "verify", "push", "pull"})
"""Steps that a chart takes once, on however many clusters it is released."""

FROM_FOLDER = frozenset({"lint", "template", "dependencies", "package", "install", "upgrade"})
"""Steps in which Helm reads a chart's folder."""

_VERSION = re.compile(r"v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""Semantic versions, as charts have them (helm.sh/docs/topics/charts)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was said on the command line."""

    packages: Path
    key: str = ""
    keyring: Path | None = None
    passphrase: Path | None = None
    registry: str = ""
    plain_http: bool = False
    version: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Workflow:
    """Steps by name."""

    helm: Helm
    words: Words

    def run(self, action: str, releases: Sequence[WrittenRelease]) -> Iterator[tuple[str, str]]:
        """Does a step for each; stops at the first that Helm refuses (raises `Refused`)."""
        step: Callable[[WrittenRelease], str] = getattr(self, f"_{action}")
        done: set[str] = set()
        for release in releases:
            place = release.chart if action in OF_CHARTS else f"{release.cluster}/{release.chart}"
            if place not in done:
                done.add(place)
                if action in FROM_FOLDER:
                    _plain(release)
                yield place, step(release)

    def _lint(self, release: WrittenRelease) -> str:
        return self.helm.lint(release.folder, release.values)

    def _template(self, release: WrittenRelease) -> str:
        return self.helm.template(release.chart, release.folder, release.values, release.namespace)

    def rendered(self, release: WrittenRelease) -> str:
        """What the release installs, as YAML: `template` without the hooks."""
        _plain(release)
        return self.helm.template(release.chart, release.folder, release.values, release.namespace, "--no-hooks")

    def _dependencies(self, release: WrittenRelease) -> str:
        return self.helm.dependencies(release.folder)

    def _package(self, release: WrittenRelease) -> str:
        self.words.packages.mkdir(parents=True, exist_ok=True)
        words = self.words
        return self.helm.package(release.folder, words.packages, words.key, words.keyring, words.passphrase)

    def _verify(self, release: WrittenRelease) -> str:
        return self.helm.verify(self._packed(release), self.words.keyring)

    def _push(self, release: WrittenRelease) -> str:
        return self.helm.push(self._packed(release), self.words.registry, plain_http=self.words.plain_http)

    def _pull(self, release: WrittenRelease) -> str:
        self.words.packages.mkdir(parents=True, exist_ok=True)
        version = self.words.version or _version(release)
        return self.helm.pull(self._remote(release), version, self.words.packages, plain_http=self.words.plain_http)

    def _install(self, release: WrittenRelease) -> str:
        return self._upgrade(release)

    def _upgrade(self, release: WrittenRelease) -> str:
        chart: str | Path = self._remote(release) if self.words.registry else release.folder
        version = (self.words.version or _version(release)) if self.words.registry else ""
        more = ["--plain-http"] if self.words.registry and self.words.plain_http else []
        return self.helm.upgrade(release.chart, chart, release.values, release.namespace, version, *more)

    def _history(self, release: WrittenRelease) -> str:
        return self.helm.history(release.chart, release.namespace)

    def _rollback(self, release: WrittenRelease) -> str:
        return self.helm.rollback(release.chart, self.words.revision, release.namespace)

    def _test(self, release: WrittenRelease) -> str:
        return self.helm.test(release.chart, release.namespace)

    def _remote(self, release: WrittenRelease) -> str:
        return f"{self.words.registry.rstrip('/')}/{release.chart}"

    def _packed(self, release: WrittenRelease) -> Path:
        path = self.words.packages / f"{release.chart}-{self.words.version or _version(release)}.tgz"
        if not path.is_file():
            raise refuse("no-package", f"there is no {path}", hints=("make it: rosace release package",))
        return path


def _version(release: WrittenRelease) -> str:
    version = str(_chart(release).get("version"))
    if not _VERSION.fullmatch(version):
        raise refuse("damaged-build", f"{release.folder / 'Chart.yaml'} has no version: {version!r}")
    return version


def _chart(release: WrittenRelease) -> Mapping[str, Any]:
    """What `Chart.yaml` says; it must be the chart that the index names."""
    file = release.folder / "Chart.yaml"
    try:
        found: Any = next(iter(documents(file.read_text(encoding="utf-8"))), None)
    except (OSError, ValueError) as error:
        raise refuse("damaged-build", f"{file} cannot be read: {error}") from None
    if not isinstance(found, dict) or cast("Mapping[str, Any]", found).get("name") != release.chart:
        raise refuse("damaged-build", f"{file} is not of a chart called `{release.chart}`")
    return cast("Mapping[str, Any]", found)


def _plain(release: WrittenRelease) -> None:
    """Refuses a chart that would bring in what is not in its folder: by a link, or by another folder's chart."""
    for path in sorted(release.folder.rglob("*")):
        if path.is_symlink():
            raise refuse("linked-chart", f"{path} is a link", hints=("put the file itself into the chart",))
    for one in _chart(release).get("dependencies") or ():
        address = str(one.get("repository", "")) if isinstance(one, dict) else ""
        beside = (release.folder / address.removeprefix("file://")).resolve()
        if re.match(r"$|https?://|oci://", address) or beside.parent == release.folder.parent:
            continue
        raise refuse(
            "linked-chart",
            f"{release.folder / 'Chart.yaml'} depends on a chart of {address}, which is not in this tree",
            hints=("name a repository by https:// or oci://",),
        )
