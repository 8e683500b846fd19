"""The moments of a run: the newest of its schedule, whatever the time at which it is started."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rosace.kit.moments import moments_at, moments_said, ticks


@pytest.mark.parametrize(
    ("schedule", "now", "run_time", "before"),
    [
        ("0 5 * * *", "2024-05-01T05:00:00", "2024-05-01T05:00:00", "2024-04-30T05:00:00"),
        ("0 5 * * *", "2024-05-01T05:00:00.000001", "2024-05-01T05:00:00", "2024-04-30T05:00:00"),
        ("0 5 * * *", "2024-05-01T04:59:59.999999", "2024-04-30T05:00:00", "2024-04-29T05:00:00"),
        ("59 23 * * *", "2024-05-02T00:07:00", "2024-05-01T23:59:00", "2024-04-30T23:59:00"),
        ("0 0 29 2 *", "2024-02-28T00:00:00", "2020-02-29T00:00:00", "2016-02-29T00:00:00"),
        ("*/15 * * * *", "2024-05-01T00:14:00", "2024-05-01T00:00:00", "2024-04-30T23:45:00"),
    ],
)
def test_the_newest_moment_counts_and_not_the_start(schedule: str, now: str, run_time: str, before: str) -> None:
    found = moments_at(schedule, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found.plain() == {"run_time": run_time, "previous_run_time": before}


def test_a_moment_is_said_by_its_day_or_to_the_minute() -> None:
    assert moments_said("0 5,17 * * *", "2024-05-01").plain()["run_time"] == "2024-05-01T17:00:00"
    assert moments_said("0 5,17 * * *", "2024-05-01T05:00").plain()["run_time"] == "2024-05-01T05:00:00"
    assert moments_said("0 5 * * *", "2024-05-01T07:00+02:00").plain()["run_time"] == "2024-05-01T05:00:00"


@pytest.mark.parametrize("said", ["2024-05-02", "2024-05-01T05:01", "yesterday", "", "2024-13-01"])
def test_a_moment_that_the_schedule_does_not_have_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"no (run|time)"):
        moments_said("0 5 * * WED", said)


def test_days_that_only_one_of_two_crons_knows_have_no_numbers() -> None:
    assert ticks("0 5 * * 7")["weekdays"] == [0]
    for line in ("0 5 L * *", "0 5 * * 5L", "0 5 * * 5#2"):
        with pytest.raises(ValueError, match="clusters"):
            ticks(line)
