"""What is pinned: `versions.toml` as typed values, and those of the lab's that tests of clusters need too.

Comes in: the file beside this one, and the lab's. Goes out: one pin for each tool, in the order of building.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rosace.lab import programs
from rosace.lab.programs.pins import DebianPin, GoPin, others, read

FILE = Path(__file__).resolve().with_name("versions.toml")

SHARED = ("etcd", "kube-apiserver", "kubectl")
"""Programs of the lab (`src/rosace/lab/versions.toml`) that are tools of tests too."""


@dataclass(frozen=True, slots=True)
class PypiPin:
    """A program of a Python package: `module` is what runs it. What it requires is the newest that pip finds."""

    name: str
    version: str
    package: str
    module: str
    reason: str


Pin = GoPin | DebianPin | PypiPin


@cache
def pins() -> Mapping[str, Pin]:
    """Every pin by its name."""
    return {
        **{name: programs.pin(name) for name in SHARED},
        **read(FILE),
        **{name: PypiPin(name=name, **words) for name, words in others(FILE, "pypi").items()},
    }


def names() -> tuple[str, ...]:
    """The names of all tools, in the order of building."""
    return tuple(pins())


def pin(name: str) -> Pin:
    """The pin of one tool; raises KeyError that says which there are."""
    found = pins().get(name)
    if found is None:
        raise KeyError(f"no tool is called {name}; there are {', '.join(names())}")
    return found
