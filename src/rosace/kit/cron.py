"""Lines of cron for something that happens again and again.

Comes in: how far apart at most. Goes out: a line with five fields, in UTC. Cron counts within an hour, a day and a
month, so that an interval which divides none of them becomes the next shorter one that does.
"""

from __future__ import annotations

from rosace.model.quantity import Duration

MINUTE, HOUR, DAY = 60, 3600, 86400


def every(interval: Duration, minute: int = 0) -> str:
    """A line by which no two times are further apart than `interval`; from an hour on at `minute` of the hour."""
    if interval < HOUR:
        step = _divisor(60, max(1, int(interval // MINUTE)))
        return f"*/{step} * * * *" if step > 1 else "* * * * *"
    if interval < DAY:
        step = _divisor(24, int(interval // HOUR))
        return f"{minute} */{step} * * *" if step > 1 else f"{minute} * * * *"
    return f"{minute} 0 * * *"


def seconds(interval: Duration) -> int:
    """How far apart the times of `every` really are."""
    if interval < HOUR:
        return MINUTE * _divisor(60, max(1, int(interval // MINUTE)))
    return HOUR * _divisor(24, int(interval // HOUR)) if interval < DAY else DAY


def _divisor(whole: int, most: int) -> int:
    return next(one for one in range(most, 0, -1) if whole % one == 0)
