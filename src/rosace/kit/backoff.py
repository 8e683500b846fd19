"""How long to wait before something that failed is tried again, and when to leave it.

Comes in: how often it failed in a row. Goes out: seconds, or that it is over. Must not: wait, or know what failed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses in seconds, one after each failure in a row; the last is kept. After `most` failures no more is tried
    (None: it is tried for ever, or who uses it has another limit)."""

    pauses: tuple[float, ...]
    most: int | None = None

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row, of which there is at least one."""
        return self.pauses[min(failures, len(self.pauses)) - 1]

    def over(self, failures: int) -> bool:
        """Whether so many failures in a row are enough."""
        return self.most is not None and failures >= self.most
