"""Packages of Python that jobs ask for, each with the version that is meant."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rosace.contract.versions import versions
from rosace.model.requirements import BARE, distribution


def pinned(requirement: str) -> str:
    """The same with its version said; of those that may stand alone it is in versions.toml."""
    return requirement if requirement not in BARE else f"{requirement}=={meant(requirement)}"


def meant(name: str) -> str:
    """Which version of a package is meant where its name stands alone."""
    return versions(Path(__file__).parent).part(name)


def together(requirements: Iterable[str]) -> tuple[str, ...]:
    """All of them with their versions, each once, in an order of their own."""
    return tuple(sorted({pinned(one) for one in requirements}, key=lambda one: (distribution(one), one)))
