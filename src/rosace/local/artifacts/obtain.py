"""Getting one artifact's bytes from wherever it may be had."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from rosace.contract.artifacts import Artifact, ArtifactError
from rosace.kit.backoff import Backoff
from rosace.local.artifacts.download import Expected, PartFile, Stop, copy, receive
from rosace.local.artifacts.maven import MavenSource, central_address
from rosace.local.artifacts.maven_settings import read_maven_settings
from rosace.local.artifacts.pip_settings import PipSettings, read_pip_settings
from rosace.local.artifacts.pypi import PypiSource
from rosace.local.artifacts.transport import Candidate, Sessions, Trouble, patiently

# A damaged transfer happens; the same damage twice is no accident.
_CORRUPT_LIMIT = 2


class Source(Protocol):
    """A kind of registry."""

    def local(self, artifact: Artifact) -> list[Path]:
        """Give files on this machine that may be the artifact."""
        ...

    def remote(self, artifact: Artifact) -> list[Candidate]:
        """Give addresses that may have the artifact, best first."""
        ...


class Sources:
    """The registries, as the machine's settings have them, read when first needed."""

    def __init__(self, patience: Backoff, stop: Stop) -> None:
        self.sessions = Sessions()
        self.patience = patience
        self._stop = stop
        self._pip: PipSettings | None = None
        self._opened: dict[str, Source] = {}
        self._turn = threading.Lock()

    def of(self, artifact: Artifact) -> Source:
        """Give the registry an artifact comes from.

        Raises:
            ArtifactError: ``artifact-settings`` or ``artifact-trust``.
        """
        with self._turn:
            if artifact.source not in self._opened:
                self._opened[artifact.source] = self._open(artifact)
            return self._opened[artifact.source]

    def _open(self, artifact: Artifact) -> Source:
        pip = self._pip = self._pip or read_pip_settings()
        if artifact.source == "pypi":
            return PypiSource(pip, self.sessions, self.patience, self._stop.pause)
        # A certificate file named only for pip is trusted here too: Maven's own store is
        # Java's, which this process cannot read.
        return MavenSource(read_maven_settings(central_address(), verify=pip.verify))


def obtain(
    artifact: Artifact,
    part: PartFile,
    sources: Sources,
    progress: Callable[[int], None],
    stop: Stop,
) -> None:
    """Complete a part with the artifact's verified bytes.

    Raises:
        ArtifactError: when no place has them; nothing damaged is left in the part.
    """
    source = sources.of(artifact)
    expected = Expected(artifact.sha256, artifact.size or None)
    if not artifact.size or part.size < artifact.size:
        for file in source.local(artifact):
            if copy(file, part, expected, stop):
                return
    troubles: list[tuple[str, Trouble]] = []
    try:
        candidates = source.remote(artifact)
    except Trouble as trouble:
        raise _failure(artifact, [("", trouble)]) from None
    for candidate in candidates:
        attempt = _Attempt(candidate, part, expected, sources, progress, stop)
        try:
            patiently(attempt.run, sources.patience, stop.pause, lambda a=attempt: a.moved)
        except Trouble as trouble:
            troubles.append((candidate.shown, trouble))
            continue
        return
    raise _failure(artifact, troubles)


class _Attempt:
    """Tries at one address, which count the bytes moved and the times they were wrong."""

    def __init__(
        self,
        candidate: Candidate,
        part: PartFile,
        expected: Expected,
        sources: Sources,
        progress: Callable[[int], None],
        stop: Stop,
    ) -> None:
        self.moved = 0
        self._candidate = candidate
        self._part = part
        self._expected = expected
        self._sources = sources
        self._progress = progress
        self._stop = stop
        self._corrupt = 0

    def run(self) -> None:
        session = self._sources.sessions.of(self._candidate.access)
        try:
            receive(session, self._candidate, self._part, self._expected, self._told, self._stop)
        except Trouble as trouble:
            if trouble.kind == "corrupt":
                self._corrupt += 1
                trouble.transient = self._corrupt < _CORRUPT_LIMIT
            raise

    def _told(self, done: int) -> None:
        self.moved = max(self.moved, done)
        self._progress(done)


def _failure(artifact: Artifact, troubles: list[tuple[str, Trouble]]) -> ArtifactError:
    kinds = {trouble.kind for _, trouble in troubles}
    where = "; ".join(f"{place}: {trouble.reason}" if place else trouble.reason for place, trouble in troubles)
    told = f"{artifact.coordinate} could not be fetched. {where}."
    if "corrupt" in kinds:
        return ArtifactError(
            "artifact-corrupt",
            f"{artifact.coordinate} was refused: its bytes are not the ones in the locked list "
            f"(sha256 {artifact.sha256}, {artifact.size} bytes). {where}.",
            "The damaged download was deleted. If this repeats, a mirror or proxy in between "
            "alters files: ask its owner, or use another one.",
        )
    if "unreachable" in kinds:
        return ArtifactError(
            "artifact-unreachable",
            told,
            "Check the network. Behind a proxy set https_proxy; with a company mirror name it "
            "in pip.conf or in .m2/settings.xml; with a private certificate authority set "
            "SSL_CERT_FILE. Then run the same command again: it goes on where it stopped.",
        )
    if "denied" in kinds:
        return ArtifactError(
            "artifact-denied",
            told,
            "Give the credentials in .netrc, in pip's index-url, or under <servers> in .m2/settings.xml.",
        )
    return ArtifactError(
        "artifact-not-found",
        told,
        "If you use a mirror, ask its owner to add it; otherwise the locked list is wrong: report it to Rosace.",
    )
