"""What a failed download or write means to the person who waits for it, in words without secrets."""

from __future__ import annotations

import errno
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from rosace.contract.artifacts import ArtifactError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def without_secrets(url: str) -> str:
    """Give an address that may be printed: no user, password, query or fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "an address that cannot be read"
    if ":" in host:
        host = f"[{host}]"
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path, "", ""))


def readable_size(size: int) -> str:
    """Give a number of bytes the way people read it, such as ``1.4 GB`` (decimal units)."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def disk_error(error: OSError, path: Path) -> ArtifactError:
    """Say what a failed write means to the person whose disk it is."""
    if error.errno in _FULL:
        return ArtifactError(
            "disk-full",
            f"The disk that holds {path.parent} became full while fetching.",
            "Free some space, or point ROSACE_CACHE at a disk with more room, and run the "
            "same command again: it goes on where it stopped.",
        )
    return ArtifactError(
        "cache-unwritable",
        f"The cache file {path} cannot be written: {error.strerror or type(error).__name__}.",
        "Make the folder writable, or point ROSACE_CACHE at another one.",
    )
