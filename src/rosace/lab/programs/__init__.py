"""The real programs of the lab, from their Go modules, from sources of our own, or out of Debian's packages.

Comes in: a name that `versions.toml` of the lab pins. Goes out: the path of an executable file in this user's cache,
made when it is missing. Must not: install anything into the system, start a service, name a registry, or need root.
"""

from __future__ import annotations

from pathlib import Path

from rosace.lab.programs.cache import Made, cached, ensure
from rosace.lab.programs.debian import take
from rosace.lab.programs.golang import build
from rosace.lab.programs.pins import DebianPin, GoPin, read
from rosace.lab.programs.run import Unavailable

__all__ = ["FILE", "Made", "Unavailable", "here", "made", "names", "pin"]

FILE = Path(__file__).resolve().parent.parent / "versions.toml"


def names() -> tuple[str, ...]:
    """The names of all programs, in the order of building."""
    return tuple(read(FILE))


def pin(name: str) -> GoPin | DebianPin:
    """The pin of one program; raises KeyError for a name that nobody pinned."""
    return read(FILE)[name]


def here(name: str) -> Path | None:
    """The program where it was made already, None where it has to be made."""
    found = cached(pin(name))
    return found.path if found else None


def made(name: str) -> Made:
    """The program, made first when this user's cache does not hold it (minutes for the large ones).

    Raises Unavailable with a sentence for people where it cannot be had.
    """
    wanted = pin(name)
    if isinstance(wanted, GoPin):
        return ensure(wanted, lambda scratch, target: build(wanted, scratch, target))
    return ensure(wanted, lambda scratch, target: take(wanted, scratch, target))
