"""Addresses, paths and shares of clusters, as types that hold only what some cluster can take.

Comes in: text. Goes out: the same text, or ValueError in words a user can act on. All of it is ASCII: a pattern's
digits are 0 to 9, since no engine reads others.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from rosace.model.spelled import Spelled
from rosace.model.words import as_list

URL_PATTERN = r"^(https?|oci|ssh|file)://[!-z|~]+$|^git@[!-z|~]+$"
DOMAIN_PATTERN = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"
HOST_PATTERN = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9._/-]+)?$"
CIDR_PATTERN = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"
IMAGE_PATTERN = (
    r"^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$"
)
PATH_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"
CPU_PATTERN = r"^[0-9]{1,6}(\.[0-9]{1,3})?$|^[0-9]{1,8}m$"

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MOST_CORES = 1024
"""More than any machine that Kubernetes runs on has."""


def _domain(text: str) -> str:
    """A name of DNS: labels of at most 63, 253 in all (RFC 1123, 2.1; RFC 1035, 2.3.4), the last not a number."""
    labels = text.split(".")
    if len(text) > 253 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise ValueError(f"`{text}` is no name of DNS, such as `data.example.com`")
    return text


def _host(text: str) -> str:
    """A domain or an IPv4 address, with a port and a path where they are said."""
    where, _, path = text.partition("/")
    name, _, port = where.partition(":")
    if not _is_ipv4(name):
        _domain(name)
    if port and not 1 <= int(port) <= 65535:
        raise ValueError(f"`{text}`: there is no port {port}; ports are 1 to 65535")
    if path and not all(part.strip(".") for part in path.split("/")):
        raise ValueError(f"`{text}`: its path has an empty part, or one of dots")
    return text


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _url(text: str) -> str:
    """An address that may stand in Git: it says nobody's password."""
    if text.startswith("git@"):
        host, colon, path = text.removeprefix("git@").partition(":")
        if not colon or not path:
            raise ValueError(f"`{text}` names no path: `git@git.example.com:team/platform.git`")
        _host(host.lower())
        return text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"`{text}` is no address: {error}") from None
    if parts.password is not None or (parts.username is not None and parts.scheme != "ssh"):
        raise ValueError(
            "an address with a user and password would be in Git, in every file that says it: leave them out, and give "
            "them to who asks there as a secret (for Argo CD a repository's credentials: `argocd repo add`)"
        )
    if parts.scheme == "file":
        if parts.netloc or len(parts.path) < 2:
            raise ValueError(f"`{text}` is no file of this machine: `file:///folder`")
        return text
    if parts.hostname is None or port == 0 or parts.netloc.endswith(":"):
        raise ValueError(f"`{text}` names no host, or no port that there is")
    _host(parts.hostname)
    return text


def _network(text: str, shortest: int, longest: int) -> str:
    try:
        network = ipaddress.IPv4Network(text)
    except ValueError as error:
        raise ValueError(f"`{text}` is no range of IPv4 addresses: {error}") from None
    if not shortest <= network.prefixlen <= longest:
        raise ValueError(f"`{text}`: what is meant has a prefix of /{shortest} to /{longest}")
    kinds = ("is_loopback", "is_multicast", "is_link_local", "is_unspecified", "is_reserved")
    # 0.0.0.0/8 is "this host on this network" (RFC 1122, 3.2.1.3).
    if any(getattr(network, kind) for kind in kinds) or not network.network_address.packed[0]:
        raise ValueError(f"`{text}` holds addresses that no cluster can give to anything")
    return text


def _pods(text: str) -> str:
    return _network(text, 8, 28)


def _servers(text: str) -> str:
    return _network(text, 8, 32)


def _path(text: str) -> str:
    """A path below something: no part of it leads up or is empty."""
    if text != "." and not all(part.strip(".") for part in text.split("/")):
        raise ValueError(f"`{text}` is no path below a folder: it has an empty part, or one of dots")
    return text


def _revision(text: str) -> str:
    """A branch, tag or commit as Git lets one be called (git-check-ref-format)."""
    if ".." in text or text.endswith((".", "/", ".lock")) or "//" in text or "/." in text:
        raise ValueError(f"`{text}` is no branch, tag or commit: Git has no such names")
    return text


def _cores(text: str) -> str:
    """Kubernetes counts thousandths ("Resource Management for Pods and Containers")."""
    if not 0 < cores(text) <= MOST_CORES:
        raise ValueError(f"`{text}`: some of a core, up to {MOST_CORES} cores")
    return text


def cores(text: str) -> float:
    """How many cores a word of type `Cpu` says."""
    return int(text[:-1]) / 1000 if text.endswith("m") else float(text)


def _image(text: str) -> str:
    name = re.sub(r"(:[A-Za-z0-9_.-]+)?(@sha256:[0-9a-f]{64})?$", "", text) if "/" in text.rpartition(":")[0] else text
    _host(name.split("@")[0])
    return text


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


_RANGE = Spelled(CIDR_PATTERN, "a range of IPv4 addresses, such as `10.42.0.0/16`")

Url = Annotated[
    str,
    Field(max_length=2048),
    Spelled(URL_PATTERN, "an address with `https://`, `http://`, `oci://`, `ssh://` or `file://`, or `git@host:path`"),
    AfterValidator(_url),
]
Domain = Annotated[
    str,
    Spelled(DOMAIN_PATTERN, "a name of DNS, such as `data.example.com`: small letters, digits, dashes and dots only"),
    AfterValidator(_domain),
]
Host = Annotated[
    str,
    Spelled(HOST_PATTERN, "a host, such as `registry.example.com:5000/team`: small letters, and no `https://`"),
    AfterValidator(_host),
]
PodRange = Annotated[str, _RANGE, AfterValidator(_pods)]
"""Addresses of pods: of more than one node, hence at least sixteen."""
ServerRange = Annotated[str, _RANGE, AfterValidator(_servers)]
Ranges = Annotated[tuple[ServerRange, ...], BeforeValidator(as_list)]
"""One range of addresses, or several."""
Image = Annotated[
    str,
    Field(max_length=512),
    Spelled(IMAGE_PATTERN, "an image, such as `registry.example.com/team/image:1.0`"),
    AfterValidator(_image),
]
SubPath = Annotated[
    str,
    Field(max_length=1024),
    Spelled(
        rf"^\.$|{PATH_PATTERN}", "a path below a folder, such as `charts/shop`: letters A to Z, digits and `. _ - /`"
    ),
    AfterValidator(_path),
]
Revision = Annotated[
    str,
    Field(max_length=1024),
    Spelled(PATH_PATTERN, "a branch, tag or commit, such as `main`: letters A to Z, digits and `. _ - /`"),
    AfterValidator(_revision),
]
Cpu = Annotated[
    str,
    Spelled(CPU_PATTERN, "a number of cores, such as `2`, `0.5` or `500m`"),
    AfterValidator(_cores),
    BeforeValidator(_as_text),
]
