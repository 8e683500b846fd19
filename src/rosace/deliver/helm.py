"""Helm, reached here and nowhere else: the program itself, so that what a person types gives the same.

Why the program and not its library: docs/adr/0006. Any Helm from 3.14 on; found in ROSACE_HELM, then on the PATH.
Passwords never stand on a command line: keys come from a keyring, a passphrase from a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rosace.source.diagnostic import refuse


def program() -> str:
    """The `helm` that is used; refused with what to do where there is none."""
    found = os.environ.get("ROSACE_HELM") or shutil.which("helm")
    if not found:
        raise refuse(
            "no-helm",
            "there is no `helm` on this machine's PATH",
            hints=("install Helm 3.14 or newer (helm.sh/docs/intro/install), or name it in ROSACE_HELM",),
        )
    return found


@dataclass(frozen=True)
class Helm:
    """Runs Helm. Each function returns its exit code 0 and output, or raises `Refused` with Helm's own words."""

    path: str = field(default_factory=program)
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    debug: bool = False

    def lint(self, chart: Path, values: Sequence[Path]) -> str:
        """Looks for faults; warnings count."""
        return self._run("lint", "--strict", chart, *_files(values))

    def template(self, release: str, chart: Path, values: Sequence[Path], namespace: str) -> str:
        """What the chart becomes, as YAML."""
        return self._run("template", release, chart, *_files(values), "--namespace", namespace)

    def dependencies(self, chart: Path) -> str:
        """Fetches what `Chart.yaml` depends on, as `Chart.lock` says, into `charts/`."""
        return self._run("dependency", "build", chart)

    def package(self, chart: Path, folder: Path, key: str, keyring: Path | None, passphrase: Path | None) -> str:
        """A chart as `name-version.tgz` in `folder`, with a signature beside it where a key is named."""
        signing: list[str | Path] = []
        if key:
            signing = ["--sign", "--key", key]
            signing += ["--keyring", keyring] if keyring else []
            signing += ["--passphrase-file", passphrase] if passphrase else []
        return self._run("package", chart, "--destination", folder, *signing)

    def verify(self, package: Path, keyring: Path | None) -> str:
        """Checks a package against its signature."""
        return self._run("verify", package, *(["--keyring", keyring] if keyring else []))

    def push(self, package: Path, registry: str, *, plain_http: bool) -> str:
        """Sends a package to an OCI registry."""
        return self._run("push", package, registry, *(["--plain-http"] if plain_http else []))

    def pull(self, chart: str, version: str, folder: Path, *, plain_http: bool) -> str:
        """Fetches a package from an OCI registry."""
        more = ["--plain-http"] if plain_http else []
        return self._run("pull", chart, "--version", version, "--destination", folder, *more)

    def upgrade(
        self, release: str, chart: str | Path, values: Sequence[Path], namespace: str, version: str, *more: str
    ) -> str:
        """Installs a release, or brings it to these values; `version` picks one from a registry."""
        picked = ["--version", version] if version else []
        return self._run(
            "upgrade", "--install", release, chart, *_files(values), "--namespace", namespace, *picked, *more
        )

    def history(self, release: str, namespace: str) -> str:
        """The release's revisions, as JSON."""
        return self._run("history", release, "--namespace", namespace, "--output", "json")

    def rollback(self, release: str, revision: int, namespace: str) -> str:
        """Brings a release back to a revision (0: the one before)."""
        return self._run("rollback", release, str(revision), "--namespace", namespace)

    def test(self, release: str, namespace: str) -> str:
        """Runs the chart's own tests against what is installed."""
        return self._run("test", release, "--namespace", namespace, "--logs")

    def _run(self, *arguments: str | Path) -> str:
        argv = [self.path, *map(str, arguments), *(["--debug"] if self.debug else [])]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, env={**os.environ, **self.environment})
        if done.returncode:
            told = (done.stderr.strip() or done.stdout.strip()).removeprefix("Error: ")
            raise refuse("helm-refused", f"helm {arguments[0]}: {told}", hints=(f"try it: {' '.join(argv[:3])} ...",))
        # Of `push` and `pull` Helm tells what it did on stderr.
        return done.stdout or done.stderr


def _files(values: Sequence[Path]) -> list[str | Path]:
    return [word for path in values for word in ("-f", path)]
