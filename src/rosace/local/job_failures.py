"""The failures of one job, one after the other: since when, how often, when it is tried again, when it is given up.

Comes in: each failure as it is seen, and each look at which the job works. Goes out: whether the job counts as failing,
and whether it is due. Must not: know an engine, or wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from rosace.kit.backoff import Backoff

BACKOFF = Backoff((0.5, 1.0, 2.0, 5.0, 10.0, 20.0))
"""Before a job is started again; how often that is, its `retries` say."""
QUIET, CALM, LONGEST = 10.0, 60.0, 600.0
"""Seconds of work without a failure after which a job is no longer shown as failing, after which its failures are
forgotten, and the most that either becomes: each is at least twice the longest time between two failures in the row, so
that what dies every minute does not look healthy in between."""


@dataclass
class Failures:
    """A row of failures. Times are seconds since the epoch; `since` is 0 while there is none.

    `attempts` counts the failures, `over` says that no more is tried, `key` for which run.
    """

    limit: int
    since: float = 0.0
    attempts: int = 0
    error: str = ""
    next_try: float = 0.0
    over: bool = False
    key: str = ""
    _latest: float = 0.0
    _longest: float = 0.0
    _begun: float = 0.0
    clock: Callable[[], float] = field(default=time.time, repr=False)

    def take(self, error: str, *, key: str, hopeless: bool, times: int = 1) -> None:
        """The job failed, `times` times since it was looked at last."""
        now = self.clock()
        if self._latest:
            self._longest = min(LONGEST, max(self._longest, now - self._latest))
        self._latest, self._begun = now, 0.0
        self.since = self.since or now
        self.attempts += times
        self.error, self.key = error, key
        self.over = hopeless or self.attempts > self.limit
        self.next_try = 0.0 if self.over else now + BACKOFF.pause(self.attempts)

    def works(self) -> None:
        """The job was seen at work, with no further failure."""
        now = self.clock()
        self._begun = self._begun or now
        if self.since and now - self._begun >= min(LONGEST, max(CALM, 2 * self._longest)):
            self.forget()

    def quiet(self) -> bool:
        """Whether it has worked long enough not to be called failing."""
        long = min(LONGEST, max(QUIET, 2 * self._longest))
        return not self.since or (self._begun > 0 and self.clock() - self._begun >= long)

    def due(self) -> bool:
        """Whether it may be started."""
        return not self.over and self.clock() >= self.next_try

    def forget(self) -> None:
        """The row is over: the next failure is a first one. How long it lived between them is still known."""
        self.since, self.attempts, self.error, self.next_try = 0.0, 0, "", 0.0
        self.over, self.key, self._begun = False, "", 0.0

    def said(self) -> str:
        """Why it is not tried again, for people."""
        if self.attempts > self.limit:
            return f"given up after {self.attempts} failures in a row: {self.error}"
        return f"given up, since this cannot change by itself: {self.error}"

    def plain(self) -> dict[str, Any]:
        """What a successor has to know."""
        kept = ("since", "attempts", "error", "over", "key")
        return {name: value for name, value in asdict(self).items() if name in kept}
