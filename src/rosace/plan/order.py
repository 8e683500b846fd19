"""Which engines a platform has, in the order in which they come to be: those that others need first.

Comes in: `Checked`. Goes out: `Engine`s; the same for every target.
"""

from __future__ import annotations

from rosace.contract.engine import Engine
from rosace.contract.registry import engines
from rosace.model.checked import Checked


def in_use(checked: Checked) -> tuple[Engine, ...]:
    """The engines of this platform, those that others need first."""
    rooms = engines()
    ordered: list[Engine] = []
    waiting = [rooms[name] for name in checked.engines]
    while waiting:
        offered = {capability for engine in ordered for capability in engine.offers}
        left = {capability for engine in waiting for capability in engine.offers}
        free = [e for e in waiting if not [c for c in (*e.needs, *e.optional) if c in left and c not in offered]]
        step = free or waiting[:1]
        ordered += step
        waiting = [engine for engine in waiting if engine not in step]
    return tuple(ordered)
