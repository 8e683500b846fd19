"""The real programs that the cluster tests need, from their Go modules or out of Debian's and Python's packages.

Comes in: a name that `versions.toml` pins. Goes out: the path of an executable file in this user's cache, made when it
is missing. Must not: install anything into the system, start a service, name a registry, or need root.
"""

from __future__ import annotations

from clustertools.cache import Made, Unavailable, ensure
from clustertools.pins import names, pin

__all__ = ["Made", "Unavailable", "names", "tool", "tools"]

from pathlib import Path


def tool(name: str) -> Path:
    """The executable `name`, made first when this user's cache does not hold it (minutes for the large ones).

    Raises Unavailable with a sentence for people where it cannot be had, and KeyError for a name nobody pinned.
    """
    return ensure(pin(name)).path


def tools(*wanted: str) -> dict[str, Path]:
    """Several tools at once by their names; raises Unavailable at the first that cannot be had."""
    return {name: tool(name) for name in wanted}
