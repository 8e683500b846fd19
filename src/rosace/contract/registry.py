"""Finds the rooms: the folders of `rosace.engines`, and wheels with an entry point in group `rosace.engines`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from rosace.contract.engine import Engine
from rosace.model.capabilities import Capability

HOUSE = "rosace.engines"
"""The package whose folders are engines."""


@cache
def engines() -> dict[str, Engine]:
    """Every room by its engine's name, in alphabetical order."""
    found: dict[str, Engine] = {}
    # By name: what is above nobody here imports.
    for module in iter_modules(import_module(HOUSE).__path__):
        if module.ispkg:
            room = import_module(f"{HOUSE}.{module.name}")
            if isinstance(engine := getattr(room, "ENGINE", None), Engine):
                found[engine.name] = engine
    for point in entry_points(group="rosace.engines"):
        engine = point.load()
        if not isinstance(engine, Engine):
            raise TypeError(f"entry point {point.name} of group rosace.engines is not an Engine")
        found[engine.name] = engine
    return dict(sorted(found.items()))


def offering(capability: type[Capability]) -> tuple[Engine, ...]:
    """The engines that can offer a capability."""
    return tuple(engine for engine in engines().values() if capability in engine.offers)
