"""Makes a tool: by the lab's builder from a Go module or a Debian package, by pip from a package of Python."""

from __future__ import annotations

from pathlib import Path

from clustertools.pins import Pin, PypiPin
from clustertools.pypi import install
from rosace.lab.programs.cache import Made
from rosace.lab.programs.cache import ensure as kept
from rosace.lab.programs.debian import take
from rosace.lab.programs.golang import build
from rosace.lab.programs.pins import GoPin


def ensure(pin: Pin) -> Made:
    """The tool, made when it is missing; raises Unavailable where that cannot be done."""

    def make(scratch: Path, target: Path) -> str:
        if isinstance(pin, PypiPin):
            return install(pin, scratch, target)
        return build(pin, scratch, target) if isinstance(pin, GoPin) else take(pin, scratch, target)

    return kept(pin, make)
