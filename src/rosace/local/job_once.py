"""What a streaming job reads once, when it starts: what it waits for, and whether it may go on.

Comes in: the job's order, what its inputs gave, what was kept of its earlier start. Goes out: whom it waits for, or why
it cannot go on. Must not: know an engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rosace.contract.jobs import JobOrder
from rosace.local.supervision import Progress
from rosace.plan.machine.work import digest_of

Settled = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Held:
    """What a job `waits` for, in words, or `why` it cannot go on; neither where it may start."""

    waits: str = ""
    why: str = ""


def held(order: JobOrder, settled: Settled, progress: Progress, *, fresh: bool, same: bool) -> Held:
    """Looks before a job is started; where it may, what it reads now is kept. `same` says whether its inputs are those
    for which it would be started.

    A run that has ended has read it whole. Another one would not see what came since, or would give all of it again.
    """
    given = [settled(name) for name in order.once]
    if awaited := [name for name, value in zip(order.once, given, strict=True) if value is None]:
        return Held(waits="waits for " + ", ".join(awaited))
    if not same:
        return Held(waits="looks at what it reads again")
    now = (digest_of(order.work), digest_of(given))
    work, read = progress.once.get(order.name, ("", ""))
    if not fresh and work == now[0] and read != now[1] and order.name in progress.jobs:
        told = ", ".join(f"`{name}`" for name in order.once)
        return Held(
            why=f"it read once what {told} wrote, and that is no longer the same: `rosace rebuild {order.name}` makes "
            "it anew, with all that is made of it"
        )
    progress.begin_once(order.name, *now)
    return Held()
