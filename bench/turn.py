"""One run of one job, timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from rig import Unmeasured


@dataclass(frozen=True)
class Turn:
    """`engine`: seconds by the engine's clock, of `what`; `whole`: from the submission until all is committed."""

    what: str
    engine: float
    whole: float
    results: int


def until(what: str, test: Callable[[], bool], seconds: float = 120.0, pause: float = 0.2) -> None:
    """Returns once `test` holds; raises Unmeasured when it does not in time."""
    deadline = time.monotonic() + seconds
    while not test():
        if time.monotonic() > deadline:
            raise Unmeasured(f"{what}: not reached in {seconds:g} s")
        time.sleep(pause)
