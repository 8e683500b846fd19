"""The engines' planners asked by a verb, and what a person sees of it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from rosace.cli.failures import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rosace.local.artifacts.events import FetchEvent
    from rosace.local.judging import Judged, Seat
    from rosace.model.checked import Checked

QUIET = 1.0
"""Seconds that may pass in silence."""


def ask(checked: Checked, seats: Sequence[Seat] | None = None) -> Judged:
    """Asks all planners that have open questions (or `seats`); says on stderr what takes longer than a second.

    What they need is fetched first. Raises ArtifactError where it cannot be.
    """
    from rosace.local.judging import judge, open_questions

    asked = open_questions(checked) if seats is None else seats
    _bring(asked)
    talk = _Late()
    with talk:
        return judge(checked, asked, told=talk.hear)


def settle(checked: Checked, seats: Sequence[Seat] | None = None) -> None:
    """Lets the planners judge before anything is made of a platform; raises `Refused` with what they refuse.

    Of `seats` those are asked whose engines are in the cache; which are not is said on stderr, as is who could not be
    asked: the engine itself will judge them.
    """
    if not checked.in_sql:
        return
    from rosace.local.judging import open_questions
    from rosace.local.judging import settle as asked

    settled = asked(checked, open_questions(checked) if seats is None else seats)
    if settled.absent:
        say(not_asked(*settled.absent))
    for title, why in settled.judged.unasked:
        say(could_not_be_asked(title, why))
    settled.refuse()


def not_asked(*titles: str) -> str:
    """What is said of planners whose engines are not in the cache."""
    return f"not asked, since not in the cache: {', '.join(titles)} (`rosace check --engines` fetches and asks)"


def could_not_be_asked(title: str, why: str) -> str:
    """What is said of a planner that did not answer."""
    return f"{title} could not be asked about its statements: {why}"


def _bring(seats: Sequence[Seat]) -> None:
    from rosace.local.artifacts.cache import Cache, cache_root
    from rosace.local.artifacts.fetch import fetch
    from rosace.local.judging import absent

    wanted = absent(seats)
    if not wanted:
        return
    from rosace.cli.progress import FetchMeter

    meter = FetchMeter(wanted)
    say(meter.announcement())

    def heard(event: FetchEvent) -> None:
        if line := meter.take(event):
            say(line)

    fetch(wanted, Cache(cache_root()), on_event=heard)


class _Late:
    """Says a line only when its work takes longer than a second."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._lines: list[str] = []
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._wait, daemon=True)

    def hear(self, line: str) -> None:
        self._lines.append(line)

    def _wait(self) -> None:
        said = 0
        while not self._over.wait(QUIET):
            for line in self._lines[said:]:
                say(line)
            said = len(self._lines)

    def __enter__(self) -> _Late:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()
