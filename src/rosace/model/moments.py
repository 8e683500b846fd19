"""The moments of a scheduled job's run, and what its SQL calls them: `WHERE day = :day`.

All times are UTC without zone, as everywhere in a platform. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rosace.model.columns import ColumnType, Kind

PARAMETERS = {
    "run_time": ColumnType(Kind.TIMESTAMP, required=True, precision=3),
    "previous_run_time": ColumnType(Kind.TIMESTAMP, required=True, precision=3),
    "day": ColumnType(Kind.DATE, required=True),
}
"""`run_time`: the moment of the schedule that the run is for; `previous_run_time`: the one before it; `day`: the date
of `run_time`. A cron line knows whole minutes, so three digits hold them."""

TOLD = ", ".join(f"`:{name}`" for name in PARAMETERS)


@dataclass(frozen=True, slots=True)
class Moments:
    """The moment of a schedule that a run is for, and the one before it."""

    run_time: datetime
    previous_run_time: datetime

    def plain(self) -> dict[str, str]:
        """As JSON takes them: ISO 8601 without zone."""
        return {
            "run_time": self.run_time.replace(tzinfo=None).isoformat(),
            "previous_run_time": self.previous_run_time.replace(tzinfo=None).isoformat(),
        }
