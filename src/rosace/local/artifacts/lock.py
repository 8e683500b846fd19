"""Prints entries for the locked list of artifacts: ``python -m rosace.local.artifacts.lock``.

A tool for Rosace's maintainers. Each file is downloaded (and kept in the cache) so that the
checksum printed is the checksum of bytes that were really received, and is compared with
the one the registry states.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pypi_simple import DistributionPackage

from rosace.contract.artifacts import Artifact, ArtifactError, parse_maven, parse_pypi
from rosace.local.artifacts.cache import cache_root
from rosace.local.artifacts.download import Expected, PartFile, Stop, receive
from rosace.local.artifacts.maven import MavenSource, central_address
from rosace.local.artifacts.maven_settings import read_maven_settings
from rosace.local.artifacts.pip_settings import read_pip_settings
from rosace.local.artifacts.pypi import PypiSource
from rosace.local.artifacts.transport import (
    CONNECTION_ERRORS,
    PATIENCE,
    TIMEOUT,
    Candidate,
    Sessions,
    Trouble,
    check_status,
    patiently,
    trouble_of,
)

# Parts of a wheel's platform tag, and the platform Rosace calls it.
_PLATFORMS = (
    ("manylinux", "x86_64", "linux-x86_64"),
    ("manylinux", "aarch64", "linux-aarch64"),
    ("macosx", "arm64", "macos-arm64"),
    ("macosx", "x86_64", "macos-x86_64"),
)


class Locker:
    """Downloads what a coordinate names and describes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sessions = Sessions()
        self._patience = PATIENCE
        self._stop = Stop(None)
        pip = read_pip_settings()
        self._pypi = PypiSource(pip, self._sessions, self._patience, self._stop.pause)
        self._maven = MavenSource(read_maven_settings(central_address(), verify=pip.verify))

    def lock(self, coordinate: str, *, every: bool, platform: str) -> list[Artifact]:
        """Give the artifacts of one ``pypi:`` or ``maven:`` coordinate.

        Raises:
            ArtifactError: when the coordinate is malformed or a checksum disagrees.
            Trouble: when the registry cannot be asked or lacks the file.
        """
        source, _, rest = coordinate.partition(":")
        if source == "pypi":
            return self._lock_pypi(rest, every=every, platform=platform)
        if source == "maven":
            return [self._lock_maven(rest)]
        raise ArtifactError(
            "artifact-list-invalid",
            f"{coordinate!r} does not say its registry.",
            "Write pypi:project==version or maven:group:artifact:version.",
        )

    def _lock_pypi(self, coordinate: str, *, every: bool, platform: str) -> list[Artifact]:
        project, version = parse_pypi(coordinate)
        listed = self._pypi.files(project, version)
        chosen = listed if every else _best(listed, platform)
        if not chosen:
            names = "\n  ".join(package.filename for package, _ in listed)
            raise ArtifactError(
                "artifact-not-found",
                f"{coordinate} has no file that fits {platform}:\n  {names}",
                "Choose among them with --all.",
            )
        found: list[Artifact] = []
        for package, candidate in chosen:
            sha256, size, _ = self._bytes(candidate, package.filename)
            _agree(coordinate, package.digests.get("sha256", sha256), sha256)
            found.append(
                Artifact(
                    name=project.lower(),
                    source="pypi",
                    coordinate=coordinate,
                    file=package.filename,
                    sha256=sha256,
                    size=size,
                    platform=_platform(package.filename),
                )
            )
        return found

    def _lock_maven(self, coordinate: str) -> Artifact:
        parts = parse_maven(coordinate)
        sketch = Artifact(parts.artifact, "maven", coordinate, parts.file, "", 0)
        last = Trouble("not-found", "no repository is configured")
        for candidate in self._maven.remote(sketch):
            try:
                stated = self._text(Candidate(f"{candidate.url}.sha1", candidate.access))
                sha256, size, sha1 = self._bytes(candidate, parts.file)
            except Trouble as trouble:
                last = trouble
                continue
            _agree(coordinate, stated.split()[0].lower() if stated.split() else "", sha1)
            return Artifact(parts.artifact, "maven", coordinate, parts.file, sha256, size)
        raise last

    def _bytes(self, candidate: Candidate, file: str) -> tuple[str, int, str]:
        kept = hashlib.sha256(candidate.url.encode()).hexdigest()[:16]
        path = self._folder / kept / file
        if not path.is_file():
            part_path = path.with_name(f"{file}.part")
            with PartFile(part_path) as part:
                session = self._sessions.of(candidate.access)
                patiently(
                    lambda: receive(session, candidate, part, Expected(None, None), _quiet, self._stop),
                    self._patience,
                    self._stop.pause,
                    lambda: part.size,
                )
            part_path.rename(path)
        sha1 = hashlib.sha1(usedforsecurity=False)
        sha256 = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                sha1.update(chunk)
                sha256.update(chunk)
        return sha256.hexdigest(), path.stat().st_size, sha1.hexdigest()

    def _text(self, candidate: Candidate) -> str:
        def ask() -> str:
            try:
                answer = self._sessions.of(candidate.access).get(candidate.url, timeout=TIMEOUT)
            except CONNECTION_ERRORS as error:
                raise trouble_of(error) from None
            check_status(answer)
            return answer.text

        return patiently(ask, self._patience, self._stop.pause)


def _quiet(_: int) -> None:
    return None


def _agree(coordinate: str, stated: str, received: str) -> None:
    if stated != received:
        raise ArtifactError(
            "artifact-mismatch",
            f"{coordinate}: the registry states checksum {stated}, the bytes have {received}.",
            "Run the command again; if it stays so, the registry's copy is damaged.",
        )


def _platform(file: str) -> str | None:
    if not file.endswith(".whl") or file.endswith("-any.whl"):
        return None
    return next((ours for system, cpu, ours in _PLATFORMS if system in file and cpu in file), None)


def _best(
    listed: list[tuple[DistributionPackage, Candidate]], platform: str
) -> list[tuple[DistributionPackage, Candidate]]:
    def rank(one: tuple[DistributionPackage, Candidate]) -> int:
        package = one[0]
        if _platform(package.filename) == platform:
            return 0
        if package.filename.endswith("-any.whl"):
            return 1
        return 2 if package.package_type == "sdist" else 3

    return [one for one in sorted(listed, key=rank)[:1] if rank(one) < 3]


def toml_entries(artifacts: Sequence[Artifact]) -> str:
    """Write artifacts as ``[[artifact]]`` tables, without how they are unpacked."""
    return "\n".join(_toml_entry(one) for one in artifacts)


def _toml_entry(artifact: Artifact) -> str:
    fields: dict[str, str | int | None] = {
        "name": artifact.name,
        "source": artifact.source,
        "coordinate": artifact.coordinate,
        "file": artifact.file,
        "sha256": artifact.sha256,
        "size": artifact.size,
        "platform": artifact.platform,
    }
    # A JSON text or number is also a TOML one.
    lines = [f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None]
    return "\n".join(["[[artifact]]", *lines, ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print an entry for each coordinate; 0 when all could be locked, else 1."""
    parser = argparse.ArgumentParser(prog="python -m rosace.local.artifacts.lock")
    parser.add_argument("coordinate", nargs="+", help="pypi:name==1.0 or maven:group:artifact:1.0")
    parser.add_argument("--all", action="store_true", help="every file of a PyPI version")
    parser.add_argument("--platform", default="linux-x86_64", help="the wheel to choose")
    options = parser.parse_args(arguments)
    failed = 0
    locker = Locker(cache_root() / "lock")
    for coordinate in options.coordinate:
        try:
            found = locker.lock(coordinate, every=options.all, platform=options.platform)
        except (ArtifactError, Trouble) as error:
            print(f"{coordinate}: {error}", file=sys.stderr)
            failed = 1
            continue
        print(toml_entries(found), flush=True)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
