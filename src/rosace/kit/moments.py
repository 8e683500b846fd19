"""Which moments of a schedule a run is for.

Comes in: a cron line, a time. Goes out: `Moments`; the line as plain sets. Must not: look at a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rosace.model.moments import Moments


def moments_at(schedule: str, now: datetime) -> Moments:
    """Those of a run that starts at `now`: the newest moment of the cron line at or before it, however late it is."""
    from cronsim import CronSim

    # Backwards a tick is before where it begins, so it begins just behind.
    back = CronSim(schedule, now.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1), reverse=True)
    return Moments(next(back), next(back))


def moments_said(schedule: str, said: str) -> Moments:
    """Those that a person names: `2024-05-01T05:00`, or `2024-05-01` for the last moment of that day.

    Raises ValueError, in words for people, where the schedule has no such moment.
    """
    try:
        time = datetime.fromisoformat(said)
    except ValueError:
        raise ValueError(f"`{said}` is no time: write 2024-05-01, or 2024-05-01T05:00 (UTC)") from None
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    whole = len(said.strip()) == len("2024-05-01")
    found = moments_at(schedule, time + timedelta(days=1, seconds=-1) if whole else time)
    if found.run_time.date() != time.date() if whole else found.run_time != time:
        before = found.run_time.strftime("%Y-%m-%dT%H:%M")
        raise ValueError(f"`{schedule}` has no run {'on' if whole else 'at'} {said}; the last before it is {before}")
    return found


def ticks(schedule: str) -> dict[str, object]:
    """The cron line as plain sets, for what reads it without a library: a driver on a cluster.

    `both` says whether a day has to be one of `days` and one of `weekdays` (Sunday is 0), or one of either is enough.
    """
    from cronsim import CronSim

    sim = CronSim(schedule, datetime(2024, 1, 1, tzinfo=UTC))
    return {
        "minutes": sorted(sim.minutes),
        "hours": sorted(sim.hours),
        "days": sorted(_number(day) for day in sim.days),
        "months": sorted(sim.months),
        "weekdays": sorted({_number(day) % 7 for day in sim.weekdays}),
        "both": sim.day_and,
    }


def _number(day: object) -> int:
    """A day by its number. Raises ValueError for `L` and `#`, which the Spark operator's cron does not know either
    (robfig/cron v3.0.1, parser.go: getRange)."""
    if not isinstance(day, int) or day < 0:
        raise ValueError("the last or the n-th day of a month is not known on clusters")
    return day
