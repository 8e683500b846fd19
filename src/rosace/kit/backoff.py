"""How long to wait before something that failed is tried again, and when to leave it.

Comes in: how often it failed in a row. Goes out: seconds, or that it is over. Must not: wait, or know what failed.
"""

from __future__ import annotations


class Backoff:
    """Pauses in seconds, one after each failure in a row; the last is kept. After `most` failures no more is tried
    (None: it is tried for ever, or who uses it has another limit).

    A plain class: the guardian, which has one, stays small by not importing what makes dataclasses.
    """

    __slots__ = ("most", "pauses")

    def __init__(self, pauses: tuple[float, ...], most: int | None = None) -> None:
        self.pauses = pauses
        self.most = most

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row, of which there is at least one."""
        return self.pauses[min(failures, len(self.pauses)) - 1]

    def over(self, failures: int) -> bool:
        """Whether so many failures in a row are enough."""
        return self.most is not None and failures >= self.most
