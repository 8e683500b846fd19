"""How a registry is reached: sessions, the machine's own trust, and what went wrong."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
import urllib3.exceptions

from rosace.contract.artifacts import ArtifactError
from rosace.kit.backoff import Backoff
from rosace.local.artifacts.errors import without_secrets

T = TypeVar("T")
TroubleKind = Literal["unreachable", "not-found", "denied", "corrupt"]

# Seconds: to connect, and to wait for the next bytes.
TIMEOUT = (10.0, 20.0)
_BUNDLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class Trouble(Exception):
    """One try at one address failed.

    Attributes:
        kind: what it means for the artifact.
        reason: a clause for people, free of credentials.
        transient: whether the same try may succeed a little later.
        wait: seconds the server asked to be left alone, 0 when it did not say.
    """

    def __init__(self, kind: TroubleKind, reason: str, *, transient: bool = False, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.kind: TroubleKind = kind
        self.reason = reason
        self.transient = transient
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to talk to one registry; credentials stay out of ``repr``."""

    verify: bool | str = True
    auth: tuple[str, str] | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    client_cert: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address an artifact may be had from, and the access it takes."""

    url: str = field(repr=False)
    access: Access

    @property
    def shown(self) -> str:
        """Give the address as it may be printed."""
        return without_secrets(self.url)


PATIENCE = Backoff((0.5, 1.0, 2.0), most=4)
"""How often a failing try is repeated, and after which pauses. A try that moved bytes starts the count anew."""


class RegistrySession(requests.Session):
    """A session whose own settings win over the environment's, as a user expects."""

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access
        self.auth = access.auth
        self.headers.update(dict(access.headers))
        self.headers["Accept-Encoding"] = "identity"
        self.cert = access.client_cert

    def merge_environment_settings(
        self,
        url: str,
        proxies: dict[str, str] | None,
        stream: bool | None,
        verify: bool | str | None,
        cert: Any,
    ) -> Any:
        """Certificates and proxies are those that the user set up for this registry, whatever the environment says."""
        merged = super().merge_environment_settings(url, proxies, stream, verify, cert)
        merged["verify"] = self._access.verify
        if self._access.proxies:
            merged["proxies"] = dict(self._access.proxies)
        return merged

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Keep credentials, and header tokens too, from following a redirect elsewhere."""
        super().rebuild_auth(prepared_request, response)
        if _origin(prepared_request.url or "") != _origin(response.url):
            for name, _ in self._access.headers:
                prepared_request.headers.pop(name, None)


class Sessions:
    """Sessions kept open per thread and access, so that connections are reused."""

    def __init__(self) -> None:
        self._local = threading.local()

    def of(self, access: Access) -> RegistrySession:
        """Give this thread's session for an access."""
        kept: dict[Access, RegistrySession] = self._local.__dict__.setdefault("kept", {})
        if access not in kept:
            kept[access] = RegistrySession(access)
        return kept[access]


def candidate(url: str, access: Access) -> Candidate:
    """Move the credentials in an address, if any, into its access."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return Candidate(url, access)
    userinfo, _, host = parts.netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    clean = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    auth = (unquote(user), unquote(password))
    return Candidate(clean, Access(access.verify, auth, access.headers, access.proxies, access.client_cert))


def trusted_bundle(environment: Mapping[str, str] = os.environ) -> str | None:
    """Give the certificate authorities' file the machine's user named, if any.

    Raises:
        ArtifactError: ``artifact-trust`` when the file named is not there.
    """
    for name in _BUNDLES:
        path = environment.get(name)
        if not path:
            continue
        if not Path(path).exists():
            raise ArtifactError(
                "artifact-trust",
                f"{name} names the certificate file {path}, which does not exist.",
                f"Correct or unset {name}.",
            )
        return path
    return None


def patiently(
    action: Callable[[], T],
    patience: Backoff,
    pause: Callable[[float], None],
    moved: Callable[[], int] = lambda: 0,
) -> T:
    """Repeat an action on transient trouble; ``moved`` tells the bytes it has got so far.

    Raises:
        Trouble: the last one, when patience ends or the trouble is not transient.
    """
    attempt, before = 1, moved()
    while True:
        try:
            return action()
        except Trouble as trouble:
            if moved() > before:
                attempt, before = 1, moved()
            if not trouble.transient or patience.over(attempt):
                raise
            pause(max(trouble.wait, patience.pause(attempt)))
            attempt += 1


def check_status(response: requests.Response) -> None:
    """Raise the trouble an answer's status stands for, if any."""
    status = response.status_code
    if status < 400 or status == 416:
        return
    if status in (404, 410):
        raise Trouble("not-found", "it is not there (HTTP 404)")
    if status in (401, 403, 407):
        raise Trouble("denied", f"the server refused access (HTTP {status})")
    again = status in (408, 425, 429) or status >= 500
    wait = response.headers.get("Retry-After", "")
    seconds = min(float(wait), 30.0) if wait.isdigit() else 0.0
    raise Trouble("unreachable", f"the server answered HTTP {status}", transient=again, wait=seconds)


def trouble_of(error: Exception) -> Trouble:
    """Say in words, without any address or credential, why a connection failed."""
    chain = _chain(error)
    kinds = " ".join(f"{type(link).__name__} {link}" for link in chain)
    if any(isinstance(link, requests.exceptions.SSLError) for link in chain):
        return Trouble("unreachable", "its TLS certificate is not trusted here")
    if any(isinstance(link, requests.exceptions.ProxyError) for link in chain):
        return Trouble("unreachable", "the proxy could not be used", transient=True)
    for sign, reason in (
        ("NameResolutionError", "its host name could not be resolved"),
        ("ConnectionRefused", "the connection was refused"),
        ("ConnectTimeout", "the connection timed out"),
        ("ReadTimeout", "the server stopped sending"),
        ("Connection", "the connection broke"),
        ("IncompleteRead", "the connection broke"),
        ("ProtocolError", "the connection broke"),
    ):
        if sign in kinds:
            return Trouble("unreachable", reason, transient=True)
    return Trouble("unreachable", f"the request failed ({type(error).__name__})")


CONNECTION_ERRORS = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError)


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    queue: list[BaseException] = [error]
    while queue and len(links) < 20:
        link = queue.pop()
        links.append(link)
        inner: list[object] = [*link.args, getattr(link, "reason", None), link.__cause__]
        queue.extend(one for one in inner if isinstance(one, BaseException) and one not in links)
    return links


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2]
