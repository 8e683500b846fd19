"""Who outside of the platform a pod reaches, read from the address that somebody said.

Comes in: an address. Goes out: `Outside`, with host and port. Must not: know who asks.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from rosace.contract.workload import Outside
from rosace.model.capabilities import USUAL_PORTS


def reach(url: str) -> Outside:
    """The host of an address, at the port that it says, or at its scheme's usual one."""
    parts = urlsplit(url)
    return Outside(parts.port or USUAL_PORTS.get(parts.scheme, USUAL_PORTS["https"]), parts.hostname or "")
