"""Finding a file of a Maven repository by its coordinate; nothing is resolved."""

from __future__ import annotations

from pathlib import Path

from rosace.contract.artifacts import Artifact, parse_maven
from rosace.local.artifacts.maven_settings import MavenSettings
from rosace.local.artifacts.transport import Candidate


class MavenSource:
    """The central Maven repository and whatever the user's settings put in its place."""

    def __init__(self, settings: MavenSettings) -> None:
        self._settings = settings

    def local(self, artifact: Artifact) -> list[Path]:
        """Give Maven's own copy of the artifact, if it has one."""
        file = self._settings.local / parse_maven(artifact.coordinate).path
        return [file] if file.is_file() else []

    def remote(self, artifact: Artifact) -> list[Candidate]:
        """Give the artifact's address in each repository, first one first."""
        path = parse_maven(artifact.coordinate).path
        return [Candidate(f"{place.url}/{path}", place.access) for place in self._settings.places()]


def central_address() -> str:
    """Give the central repository's base address, as the jgo package knows it."""
    from jgo.constants import MAVEN_CENTRAL_URL  # a slow import, needed only when fetching

    return MAVEN_CENTRAL_URL
