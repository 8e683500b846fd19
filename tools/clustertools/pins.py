"""What is pinned: `versions.toml` as typed values.

Comes in: the file beside this one. Goes out: one pin for each tool, in the file's order, that of building.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().with_name("versions.toml")


@dataclass(frozen=True, slots=True)
class GoPin:
    """A program of a Go module.

    `sum` is the module's hash as Go writes it in go.sum. `stamp` gives string variables their value at link time.
    `staging` is the version that takes the place of upstream's replacements by a folder of its own repository; without
    one they are dropped, because upstream requires real versions beside them.
    """

    name: str
    version: str
    module: str
    package: str
    sum: str
    reason: str
    staging: str | None = None
    stamp: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DebianPin:
    """A program inside a Debian package; `version` is the oldest upstream version that was tried."""

    name: str
    version: str
    package: str
    file: str
    reason: str


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
    with FILE.open("rb") as file:
        told = tomllib.load(file)
    return {
        **{name: GoPin(name=name, **words) for name, words in told["go"].items()},
        **{name: DebianPin(name=name, **words) for name, words in told["debian"].items()},
        **{name: PypiPin(name=name, **words) for name, words in told["pypi"].items()},
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
