"""Helm, reached here and nowhere else: the program itself, so that what a person types gives the same.

Why the program and not its library: docs/adr/0006. Any Helm from 3.14 on; found in ROSACE_HELM, then on the PATH.
Passwords never stand on a command line: keys come from a keyring, a passphrase from a file.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rosace.source.diagnostic import refuse

WANTED = "Helm 3.14 or newer"


def there_is() -> bool:
    """True where this machine has a `helm`."""
    return bool(os.environ.get("ROSACE_HELM") or shutil.which("helm"))


def program() -> str:
    """The `helm` that is used; refused with what to do where there is none."""
    found = os.environ.get("ROSACE_HELM") or shutil.which("helm")
    if not found:
        raise refuse(
            "no-helm",
            "there is no `helm` on this machine's PATH",
            hints=(f"install {WANTED} (helm.sh/docs/intro/install), or name it in ROSACE_HELM",),
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
        return self._run("lint", ["--strict", *_files(values)], chart)

    def template(self, release: str, chart: Path, values: Sequence[Path], namespace: str, *more: str) -> str:
        """What the chart becomes, as YAML."""
        return self._run("template", [*_files(values), f"--namespace={namespace}", *more], release, chart)

    def dependencies(self, chart: Path) -> str:
        """Fetches what `Chart.yaml` depends on, as `Chart.lock` says, into `charts/`."""
        return self._run("dependency build", [], chart)

    def package(self, chart: Path, folder: Path, key: str, keyring: Path | None, passphrase: Path | None) -> str:
        """A chart as `name-version.tgz` in `folder`, with a signature beside it where a key is named."""
        signing: list[str] = []
        if key:
            signing = ["--sign", f"--key={key}"]
            signing += [f"--keyring={keyring}"] if keyring else []
            signing += [f"--passphrase-file={passphrase}"] if passphrase else []
        return self._run("package", [f"--destination={folder}", *signing], chart)

    def verify(self, package: Path, keyring: Path | None) -> str:
        """Checks a package against its signature."""
        return self._run("verify", [f"--keyring={keyring}"] if keyring else [], package)

    def push(self, package: Path, registry: str, *, plain_http: bool) -> str:
        """Sends a package to an OCI registry."""
        return self._run("push", ["--plain-http"] if plain_http else [], package, registry)

    def pull(self, chart: str, version: str, folder: Path, *, plain_http: bool) -> str:
        """Fetches a package from an OCI registry."""
        more = ["--plain-http"] if plain_http else []
        return self._run("pull", [f"--version={version}", f"--destination={folder}", *more], chart)

    def upgrade(
        self, release: str, chart: str | Path, values: Sequence[Path], namespace: str, version: str, *more: str
    ) -> str:
        """Installs a release, or brings it to these values; `version` picks one from a registry."""
        picked = [f"--version={version}"] if version else []
        options = ["--install", *_files(values), f"--namespace={namespace}", *picked, *more]
        return self._run("upgrade", options, release, chart)

    def history(self, release: str, namespace: str) -> str:
        """The release's revisions, as JSON."""
        return self._run("history", [f"--namespace={namespace}", "--output=json"], release)

    def rollback(self, release: str, revision: int, namespace: str) -> str:
        """Brings a release back to a revision (0: the one before)."""
        return self._run("rollback", [f"--namespace={namespace}"], release, str(revision))

    def test(self, release: str, namespace: str) -> str:
        """Runs the chart's own tests against what is installed."""
        return self._run("test", [f"--namespace={namespace}", "--logs"], release)

    def _run(self, command: str, options: Sequence[str], *arguments: str | Path) -> str:
        """One command. What follows `--` is never taken for an option, whoever named it."""
        debug = ["--debug"] if self.debug else []
        argv = [self.path, *command.split(), *options, *debug, "--", *map(str, arguments)]
        environment = {**os.environ, **self.environment}
        # As bytes: what Python does about line breaks of texts takes longer than all else with tens of megabytes.
        done = subprocess.run(argv, capture_output=True, check=False, env=environment)
        out, err = done.stdout.decode(), done.stderr.decode(errors="replace")
        if done.returncode:
            told = (err.strip() or out.strip()).removeprefix("Error: ")
            raise refuse("helm-refused", f"helm {command}: {told}", hints=(f"try it: {shlex.join(argv)}",))
        # Of `push` and `pull` Helm tells what it did on stderr.
        return out or err


def _files(values: Sequence[Path]) -> list[str]:
    return [f"--values={_listed(str(path))}" for path in values]


def _listed(path: str) -> str:
    """A path as Helm takes it, which reads several in a row as a line of CSV (pflag, StringSlice)."""
    return path if not {",", '"'} & set(path) else '"' + path.replace('"', '""') + '"'
