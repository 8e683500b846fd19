"""What is pinned: a `versions.toml` of programs as typed values.

Comes in: the file. Goes out: one pin for each program, in the file's order, that of building.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class GoPin:
    """A program of a Go module.

    `sum` is the module's hash as Go writes it in go.sum. `stamp` gives string variables their value at link time.
    `staging` is the version that takes the place of upstream's replacements by a folder of its own repository; without
    one they are dropped, because upstream requires real versions beside them. `source` names a main of our own in the
    lab's folder `go`, which is built against the module, or against nothing where there is no module.
    """

    name: str
    version: str
    reason: str
    module: str = ""
    package: str = ""
    sum: str = ""
    staging: str | None = None
    source: str = ""
    stamp: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class DebianPin:
    """A program inside a Debian package; `version` is the oldest upstream version that was tried.

    `more` are files of the same package that lie beside the program. `libraries` are packages whose shared libraries it
    needs and a system may lack: with them the program is started by a script that says where they are.
    """

    name: str
    version: str
    package: str
    file: str
    reason: str
    more: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


@cache
def read(file: Path) -> Mapping[str, GoPin | DebianPin]:
    """Every pin of a file, Go's and Debian's, by its name."""
    with file.open("rb") as opened:
        told = tomllib.load(opened)
    pins: dict[str, GoPin | DebianPin] = {}
    for name, words in told.get("go", {}).items():
        pins |= _go(name, dict(words))
    for name, words in told.get("debian", {}).items():
        more, libraries = tuple(words.pop("more", ())), tuple(words.pop("libraries", ()))
        pins[name] = DebianPin(name=name, **words, more=more, libraries=libraries)
    return pins


@cache
def others(file: Path, section: str) -> Mapping[str, Mapping[str, str]]:
    """What a file says in another section, for whoever knows what it means."""
    with file.open("rb") as opened:
        return tomllib.load(opened).get(section, {})


def _go(name: str, words: dict[str, Any]) -> dict[str, GoPin]:
    """One pin, or one for each of the programs of a repository."""
    programs = words.pop("programs", None)
    if programs is None:
        return {name: GoPin(name=name, **words)}
    package = words.pop("package")
    return {each: GoPin(name=each, package=f"{package}/{each}", **words) for each in programs}
