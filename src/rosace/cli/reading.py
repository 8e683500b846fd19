"""What verbs read before they answer: how far a check is on a terminal, and what was deployed and runs."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rosace.cli.options import Where
    from rosace.local.home import Home
    from rosace.observe.deployed import Deployed
    from rosace.observe.status import Observed

QUIET, PAUSE = 1.0, 0.1
"""Seconds that may pass in silence, and between two states of the line."""


class Reading:
    """Shows on stderr how many texts are read; nothing where it is no terminal, since a line cannot be taken back."""

    def __init__(self) -> None:
        self._next = time.monotonic() + QUIET
        self._shown = False
        self._terminal = sys.stderr.isatty()

    def hear(self, done: int, whole: int) -> None:
        """Takes how many are read, of how many."""
        if self._terminal and time.monotonic() >= self._next:
            self._next = time.monotonic() + PAUSE
            self._shown = True
            print(
                f"\r\x1b[Kchecking: {done:,} of {whole:,} jobs, queries and oracles",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def bare(name: str, *kinds: str) -> str:
    """A name without the kind in front of it: `topic/orders` as `describe` prints it, `topics.orders` as errors do."""
    for kind in kinds:
        for mark in "/.":
            name = name.removeprefix(kind + mark)
    return name


def running(where: Where) -> tuple[Deployed, Observed]:
    """What was deployed and runs. Of a platform that never was, the file is read first: its errors come before all."""
    from rosace.cli.options import checked
    from rosace.local.control import NotRunning
    from rosace.observe.deployed import read

    home = where.known()
    try:
        known = read(home)
    except NotRunning:
        checked(where)
        raise
    return known, answering(home)


def answering(home: Home) -> Observed:
    """What runs; a word where nobody looks after it. Raises NotRunning."""
    from rosace.cli.failures import say
    from rosace.local.control import NotRunning
    from rosace.observe.status import observe

    seen = observe(home)
    if seen.state in ("stopped", "absent"):
        raise NotRunning(seen.state)
    if seen.state == "unknown":
        say(f"warning: {seen.why}: what answers was not looked after since")
    return seen
