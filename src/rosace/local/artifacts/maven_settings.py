"""Where Maven would look for artifacts, read from the user's ``settings.xml``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from rosace.contract.artifacts import ArtifactError
from rosace.local.artifacts.transport import Access, Candidate, candidate

_HOLE = re.compile(r"\$\{([^}]+)\}")
# What Maven's password encryption leaves in the file; its key is not ours to read.
_ENCRYPTED = re.compile(r"\{[A-Za-z0-9+/=]+\}")


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository by its id and base address."""

    id: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mirror:
    """A repository that stands in for those its pattern names."""

    id: str
    of: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and the hosts, as globs, that are reached without it."""

    scheme: str
    address: str = field(repr=False)
    direct: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MavenSettings:
    """The part of Maven's settings that says where files come from.

    Attributes:
        repositories: base addresses in the order they are asked, mirrors not applied.
        mirrors: in the file's order, which decides among patterns.
        servers: the access each repository or mirror id asks for.
        proxies: the active ones.
        local: the folder Maven keeps its own copies in.
        verify: certificate authorities' file, or whether certificates are checked.
    """

    repositories: tuple[Repository, ...]
    local: Path
    mirrors: tuple[Mirror, ...] = ()
    servers: Mapping[str, Access] = field(default_factory=dict[str, Access])
    proxies: tuple[Proxy, ...] = ()
    verify: bool | str = True

    def places(self) -> list[Candidate]:
        """Give the base addresses to ask, mirrors applied, each with its access."""
        found: dict[str, Candidate] = {}
        for repository in self.repositories:
            chosen = self._mirror(repository) or repository
            url = chosen.url.rstrip("/")
            found.setdefault(url, candidate(url, self._access(chosen.id, url)))
        return list(found.values())

    def _mirror(self, repository: Repository) -> Repository | None:
        # Maven lets an exact id win over any pattern, wherever it stands in the file.
        for mirror in self.mirrors:
            if mirror.of == repository.id:
                return Repository(mirror.id, mirror.url)
        for mirror in self.mirrors:
            if _matches(mirror.of, repository):
                return Repository(mirror.id, mirror.url)
        return None

    def _access(self, server: str, url: str) -> Access:
        known = self.servers.get(server, Access())
        return Access(self.verify, known.auth, known.headers, self._proxies(url))

    def _proxies(self, url: str) -> tuple[tuple[str, str], ...]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        by_scheme = sorted(self.proxies, key=lambda one: one.scheme != parts.scheme)
        for proxy in by_scheme[:1]:
            if not any(fnmatchcase(host, glob) for glob in proxy.direct):
                return (("http", proxy.address), ("https", proxy.address))
        return ()


def read_maven_settings(
    central: str,
    verify: bool | str = True,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> MavenSettings:
    """Read ``.m2/settings.xml`` under the user's home, if there is one.

    Args:
        central: base address of the repository used where nothing else is said.
        verify: certificate authorities' file, or whether certificates are checked.
        environment: where ``${env.NAME}`` is looked up.
        home: the user's home folder.

    Raises:
        ArtifactError: ``artifact-settings`` when the file is not readable XML.
    """
    home = home or Path.home()
    path = home / ".m2" / "settings.xml"
    kept = Path(environment.get("M2_REPO") or home / ".m2" / "repository")
    if not path.is_file():
        return MavenSettings((Repository("central", central),), kept, verify=verify)
    reader = _Reader(_parse(path), environment, home)
    named = reader.text(reader.root, "localRepository")
    return MavenSettings(
        repositories=_with_central(reader.repositories(), central),
        local=Path(named).expanduser() if named else kept,
        mirrors=reader.mirrors(),
        servers=reader.servers(),
        proxies=reader.proxies(),
        verify=verify,
    )


def _with_central(declared: list[Repository], central: str) -> tuple[Repository, ...]:
    if any(one.id == "central" for one in declared):
        return tuple(declared)
    return (Repository("central", central), *declared)


def _parse(path: Path) -> ElementTree.Element:
    try:
        root = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, OSError, UnicodeDecodeError) as error:
        line = f", line {error.position[0]}" if isinstance(error, ElementTree.ParseError) else ""
        raise ArtifactError(
            "artifact-settings",
            f"Maven's settings file {path} cannot be read: it is not valid XML{line}.",
            "Correct the file, or move it away.",
        ) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _matches(pattern: str, repository: Repository) -> bool:
    parts = urlsplit(repository.url)
    outside = parts.hostname not in ("localhost", "127.0.0.1") and parts.scheme != "file"
    matched = False
    for item in (one.strip() for one in pattern.split(",")):
        if item == f"!{repository.id}":
            return False
        matched = matched or (
            item in ("*", repository.id)
            or (item == "external:*" and outside)
            or (item == "external:http:*" and outside and parts.scheme == "http")
        )
    return matched


class _Reader:
    """Typed reads of a settings file, with ``${...}`` filled in."""

    def __init__(self, root: ElementTree.Element, environment: Mapping[str, str], home: Path) -> None:
        self.root = root
        self._environment = environment
        self._home = home

    def text(self, element: ElementTree.Element, name: str) -> str:
        raw = (element.findtext(name) or "").strip()
        return _HOLE.sub(lambda hole: self._filled(hole[1], hole[0]), raw)

    def mirrors(self) -> tuple[Mirror, ...]:
        return tuple(
            Mirror(self.text(one, "id"), self.text(one, "mirrorOf"), self.text(one, "url"))
            for one in self.root.iterfind("mirrors/mirror")
            if self.text(one, "url")
        )

    def repositories(self) -> list[Repository]:
        active = {(one.text or "").strip() for one in self.root.iterfind("activeProfiles/*")}
        found: list[Repository] = []
        for profile in self.root.iterfind("profiles/profile"):
            default = self.text(profile, "activation/activeByDefault") == "true"
            if self.text(profile, "id") not in active and not (default and not active):
                continue
            found += [
                Repository(self.text(one, "id"), self.text(one, "url"))
                for one in profile.iterfind("repositories/repository")
                if self.text(one, "url") and self.text(one, "releases/enabled") != "false"
            ]
        return found

    def servers(self) -> dict[str, Access]:
        found: dict[str, Access] = {}
        for one in self.root.iterfind("servers/server"):
            user, password = self.text(one, "username"), self.text(one, "password")
            usable = bool(user) and not _ENCRYPTED.fullmatch(password)
            headers = tuple(
                (self.text(header, "name"), self.text(header, "value"))
                for header in one.iterfind("configuration/httpHeaders/property")
            )
            auth = (user, password) if usable else None
            found[self.text(one, "id")] = Access(auth=auth, headers=headers)
        return found

    def proxies(self) -> tuple[Proxy, ...]:
        found: list[Proxy] = []
        for one in self.root.iterfind("proxies/proxy"):
            if self.text(one, "active") == "false" or not self.text(one, "host"):
                continue
            direct = re.split(r"[|,]", self.text(one, "nonProxyHosts"))
            address = f"http://{self._userinfo(one)}{self.text(one, 'host')}"
            port = self.text(one, "port") or "8080"
            scheme = self.text(one, "protocol") or "http"
            found.append(Proxy(scheme, f"{address}:{port}", tuple(one for one in direct if one)))
        return tuple(found)

    def _userinfo(self, proxy: ElementTree.Element) -> str:
        user, password = self.text(proxy, "username"), self.text(proxy, "password")
        return f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""

    def _filled(self, name: str, whole: str) -> str:
        if name.startswith("env."):
            return self._environment.get(name.removeprefix("env."), whole)
        return str(self._home) if name == "user.home" else whole
