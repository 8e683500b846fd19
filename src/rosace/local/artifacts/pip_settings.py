"""Where pip would look for packages, read from pip's own environment and files."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from rosace.contract.artifacts import ArtifactError
from rosace.local.artifacts.errors import without_secrets
from rosace.local.artifacts.transport import Access, trusted_bundle

# Weakest first: the sections a `pip download` would combine.
_SECTIONS = ("global", "install", "download")
_FILE = "pip.ini" if sys.platform == "win32" else "pip.conf"
_TRUE = ("1", "true", "yes", "on", "y", "t")


@dataclass(frozen=True, slots=True)
class PipSettings:
    """The part of pip's configuration that says where files come from.

    Attributes:
        indexes: simple indexes, first one first; may hold credentials.
        find_links: folders or pages that list files.
        verify: certificate authorities' file, or whether certificates are checked.
        trusted_hosts: ``host`` or ``host:port`` whose certificate is not checked.
        proxy: the proxy for every request; ``None`` leaves it to the environment.
        client_cert: file with the client's certificate and key.
    """

    indexes: tuple[str, ...] = field(default=(PYPI_SIMPLE_ENDPOINT,), repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    verify: bool | str = True
    trusted_hosts: tuple[str, ...] = ()
    proxy: str | None = field(default=None, repr=False)
    client_cert: str | None = None

    def access(self, url: str) -> Access:
        """Give the access for an address, without any credentials of its own."""
        parts = urlsplit(url)
        trusted = {parts.hostname, parts.netloc.rpartition("@")[2]} & set(self.trusted_hosts)
        proxies = (("http", self.proxy), ("https", self.proxy)) if self.proxy else ()
        return Access(
            verify=False if trusted else self.verify,
            proxies=proxies,
            client_cert=self.client_cert,
        )


def read_pip_settings(environment: Mapping[str, str] = os.environ) -> PipSettings:
    """Combine pip's files and environment in pip's own order of precedence.

    Raises:
        ArtifactError: ``artifact-settings`` when one of pip's files cannot be read, or
            ``artifact-trust`` when a certificate file it names is not there.
    """
    values = _from_files(environment)
    values.update(_from_environment(environment))
    index = values.get("index-url") or values.get("pypi-url") or PYPI_SIMPLE_ENDPOINT
    indexes = (index, *values.get("extra-index-url", "").split())
    if values.get("no-index", "").lower() in _TRUE:
        indexes = ()
    return PipSettings(
        indexes=indexes,
        find_links=tuple(values.get("find-links", "").split()),
        verify=_verify(values, environment),
        trusted_hosts=tuple(values.get("trusted-host", "").split()),
        proxy=values.get("proxy") or None,
        client_cert=values.get("client-cert") or None,
    )


def _verify(values: Mapping[str, str], environment: Mapping[str, str]) -> bool | str:
    cert = values.get("cert")
    if cert:
        return trusted_bundle({"PIP_CERT": cert}) or True
    return trusted_bundle(environment) or True


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    prefix = "PIP_"
    return {
        name.removeprefix(prefix).lower().replace("_", "-"): value
        for name, value in environment.items()
        if name.startswith(prefix) and value
    }


def _from_files(environment: Mapping[str, str]) -> dict[str, str]:
    sections: dict[str, dict[str, str]] = {name: {} for name in _SECTIONS}
    for path in _files(environment):
        for name, values in _sections_of(path):
            if name in sections:
                sections[name].update(values)
    combined: dict[str, str] = {}
    for name in _SECTIONS:
        combined.update(sections[name])
    return combined


def _files(environment: Mapping[str, str]) -> list[Path]:
    named = environment.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    files = _shared_files(environment)
    if not (named and Path(named).exists()):
        home = Path(environment.get("HOME") or Path.home())
        files.append(home / ("pip" if sys.platform == "win32" else ".pip") / _FILE)
        files.append(_user_folder(environment, home) / _FILE)
    files.append(Path(sys.prefix) / _FILE)
    if named:
        files.append(Path(named))
    return list(dict.fromkeys(files))


def _shared_files(environment: Mapping[str, str]) -> list[Path]:
    folders = [one for one in environment.get("XDG_CONFIG_DIRS", "").split(os.pathsep) if one]
    shared = platformdirs.site_config_path("pip", appauthor=False, multipath=False)
    return [*(Path(one) / "pip" / _FILE for one in reversed(folders)), Path("/etc") / _FILE, shared / _FILE]


def _user_folder(environment: Mapping[str, str], home: Path) -> Path:
    if sys.platform in ("win32", "darwin"):
        folder = platformdirs.user_config_path("pip", appauthor=False, roaming=True)
        return folder if folder.is_dir() else home / ".config" / "pip"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip"


def _sections_of(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    parser = configparser.RawConfigParser()
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError):
        return
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8 text") from None
    try:
        parser.read_string(text)
    except configparser.Error as error:
        # The parser's own text quotes the line, which may hold a password.
        raise _unreadable(path, type(error).__name__) from None
    for name in parser.sections():
        yield (
            name,
            {key.lower().replace("_", "-").removeprefix("--"): value for key, value in parser.items(name) if value},
        )


def _unreadable(path: Path, why: str) -> ArtifactError:
    return ArtifactError(
        "artifact-settings",
        f"pip's configuration file {path} cannot be read: {why}.",
        "Correct the file, or name another one in PIP_CONFIG_FILE.",
    )


def shown_sources(settings: PipSettings) -> str:
    """List the indexes and folders for people, without credentials."""
    places = [*settings.find_links, *settings.indexes]
    return ", ".join(without_secrets(one) if "://" in one else one for one in places)
