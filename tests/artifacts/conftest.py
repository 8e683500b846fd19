"""A machine of its own for each test: an empty home, an empty cache, a local registry."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from artifact_registry import Registry, serve

from rosace.local.artifacts.cache import Cache
from rosace.local.artifacts.events import FetchEvent

_FOREIGN = ("PIP_", "HTTP", "http", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "M2_", "XDG_")
_TRUST = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "ROSACE_CACHE", "NETRC")


@pytest.fixture
def registry() -> Iterator[Registry]:
    known = Registry()
    server = serve(known)
    yield known
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with nothing of this machine's own settings in it."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name in _TRUST:
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    (folder / ".m2").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


@pytest.fixture
def machine(home: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose pip and Maven settings name the local registry."""
    monkeypatch.setenv("PIP_INDEX_URL", registry.index)
    mirror(home, registry.maven)
    return home


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def events() -> list[FetchEvent]:
    return []


def mirror(home: Path, url: str, extra: str = "") -> None:
    """Write Maven settings that send everything to one address."""
    (home / ".m2" / "settings.xml").write_text(
        "<settings><mirrors><mirror><id>near</id><mirrorOf>*</mirrorOf>"
        f"<url>{url}</url></mirror></mirrors>{extra}</settings>"
    )
