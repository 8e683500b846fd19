"""Finding a file of the Python package index by its exact name."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pypi_simple import (
    ACCEPT_JSON_PREFERRED,
    DistributionPackage,
    ProjectPage,
    PyPISimple,
    UnsupportedContentTypeError,
    UnsupportedRepoVersionError,
)

from rosace.contract.artifacts import Artifact, ArtifactError, parse_pypi
from rosace.kit.backoff import Backoff
from rosace.local.artifacts.pip_settings import PipSettings, shown_sources
from rosace.local.artifacts.transport import (
    CONNECTION_ERRORS,
    TIMEOUT,
    Candidate,
    Sessions,
    Trouble,
    candidate,
    check_status,
    patiently,
    trouble_of,
)


class PypiSource:
    """The Python package index and whatever pip's settings put in its place."""

    def __init__(
        self,
        settings: PipSettings,
        sessions: Sessions,
        patience: Backoff,
        pause: Callable[[float], None],
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._patience = patience
        self._pause = pause
        self._pages: dict[tuple[str, str], ProjectPage | Trouble] = {}
        self._turn = threading.Lock()

    def local(self, artifact: Artifact) -> list[Path]:
        """Give the files already on this machine that bear the artifact's name."""
        found: list[Path] = []
        for link in self._settings.find_links:
            path = _local_path(link)
            if path is None:
                continue
            file = path if path.name == artifact.file else path / artifact.file
            if file.is_file():
                found.append(file)
        return found

    def remote(self, artifact: Artifact) -> list[Candidate]:
        """Give the addresses that list the artifact with its locked checksum.

        Raises:
            ArtifactError: ``artifact-mismatch`` when the file is listed with another
                checksum, else ``artifact-not-found``.
            Trouble: when no index could be asked.
        """
        project, _ = parse_pypi(artifact.coordinate)
        found: list[Candidate] = []
        troubles: list[Trouble] = []
        other: str | None = None
        for place in self._places():
            page = self._page(place, project)
            if isinstance(page, Trouble):
                troubles.append(page)
                continue
            for package in page.packages:
                if package.filename != artifact.file:
                    continue
                listed = package.digests.get("sha256", artifact.sha256)
                if listed == artifact.sha256:
                    found.append(self._file(place, package))
                else:
                    other = f"{place.shown} lists {artifact.file} with sha256 {listed}"
            if found:
                return found
        raise self._absent(artifact, other, troubles)

    def files(self, project: str, version: str) -> list[tuple[DistributionPackage, Candidate]]:
        """List the files of one version, from the first index that has any.

        Raises:
            Trouble: when no index could be asked or none has the version.
        """
        troubles: list[Trouble] = []
        for place in self._places():
            page = self._page(place, project)
            if isinstance(page, Trouble):
                troubles.append(page)
                continue
            fit = [one for one in page.packages if one.version == version]
            if fit:
                return [(one, self._file(place, one)) for one in fit]
        raise troubles[0] if troubles else Trouble("not-found", f"no index lists {version}")

    def _places(self) -> list[Candidate]:
        pages = [one for one in self._settings.find_links if one.startswith(("http:", "https:"))]
        urls = [*pages, *self._settings.indexes]
        return [candidate(url, self._settings.access(url)) for url in urls]

    def _file(self, place: Candidate, package: DistributionPackage) -> Candidate:
        url = package.url.partition("#")[0]
        access = self._settings.access(url)
        if urlsplit(url).netloc == urlsplit(place.url).netloc:
            access = place.access
        return candidate(url, access)

    def _page(self, place: Candidate, project: str) -> ProjectPage | Trouble:
        key = (place.url, project.lower())
        with self._turn:
            if key not in self._pages:
                try:
                    self._pages[key] = patiently(lambda: self._ask(place, project), self._patience, self._pause)
                except Trouble as trouble:
                    self._pages[key] = Trouble(trouble.kind, f"{place.shown}: {trouble.reason}")
            return self._pages[key]

    def _ask(self, place: Candidate, project: str) -> ProjectPage:
        session = self._sessions.of(place.access)
        try:
            if place.url in self._settings.find_links:
                response = session.get(place.url, timeout=TIMEOUT)
                check_status(response)
                return ProjectPage.from_response(response, project)
            index = PyPISimple(place.url, session=session, accept=ACCEPT_JSON_PREFERRED)
            url = index.get_project_url(project)
            response = session.get(url, timeout=TIMEOUT, headers={"Accept": index.accept})
            check_status(response)
            return ProjectPage.from_response(response, project)
        except (UnsupportedContentTypeError, UnsupportedRepoVersionError, ValueError):
            raise Trouble("unreachable", "it answered with something that is no index") from None
        except CONNECTION_ERRORS as error:
            raise trouble_of(error) from None

    def _absent(self, artifact: Artifact, other: str | None, troubles: list[Trouble]) -> ArtifactError | Trouble:
        if other is not None:
            return ArtifactError(
                "artifact-mismatch",
                f"{artifact.coordinate}: {other}, but the locked list says {artifact.sha256}. "
                "The file was not downloaded.",
                "Someone replaced the file, or the index is not the one the list was made "
                "from. Check the index; update Rosace if a newer list exists.",
            )
        hard = [one for one in troubles if one.kind != "not-found"]
        if hard:
            return hard[0]
        return ArtifactError(
            "artifact-not-found",
            f"{artifact.coordinate}: no place pip looks in has the file {artifact.file} "
            f"(asked: {shown_sources(self._settings) or 'none, no-index is set'}).",
            "If your index is a mirror, ask its owner to add the file; or put it in a folder "
            "and name that in PIP_FIND_LINKS.",
        )


def _local_path(link: str) -> Path | None:
    if link.startswith("file:"):
        return Path(unquote(urlsplit(link).path))
    if "://" in link:
        return None
    return Path(link).expanduser()
