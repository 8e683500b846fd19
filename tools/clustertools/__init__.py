"""The real programs that the cluster tests need, from their Go modules or out of Debian's and Python's packages.

Comes in: a name that `versions.toml` pins, or the lab's. Goes out: the path of an executable file in this user's cache,
made when it is missing. Must not: install anything into the system, start a service, name a registry, or need root.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Also without an installed checkout: the gate makes tools by the Python that it has.
_SOURCES = str(Path(__file__).resolve().parents[2] / "src")
if _SOURCES not in sys.path:
    sys.path.append(_SOURCES)

from clustertools.making import ensure  # noqa: E402
from clustertools.pins import names, pin  # noqa: E402
from rosace.lab.programs.cache import Made  # noqa: E402
from rosace.lab.programs.run import Unavailable  # noqa: E402

__all__ = ["Made", "Unavailable", "ensure", "names", "tool", "tools"]


def tool(name: str) -> Path:
    """The executable `name`, made first when this user's cache does not hold it (minutes for the large ones).

    Raises Unavailable with a sentence for people where it cannot be had, and KeyError for a name nobody pinned.
    """
    return ensure(pin(name)).path


def tools(*wanted: str) -> dict[str, Path]:
    """Several tools at once by their names; raises Unavailable at the first that cannot be had."""
    return {name: tool(name) for name in wanted}
