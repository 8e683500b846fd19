"""What a driver on a cluster makes of the name of its run: the same moments as this machine, by another cron."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.engines.spark.runner.faults import Refused
from rosace.engines.spark.runner.moments import arguments, of_run, with_moments
from rosace.kit.moments import moments_at, ticks


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    one = st.integers(low, high).map(str)
    several = st.lists(one, min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), several, st.integers(2, 7).map(lambda step: f"*/{step}"))


LINES = st.tuples(_field(0, 59), _field(0, 23), _field(1, 28), _field(1, 12), _field(0, 6)).map(" ".join)
SECONDS = 10 * 365 * 86_400
TIMES = st.integers(0, SECONDS).map(lambda late: datetime(2020, 1, 1) + timedelta(seconds=late))


def name_of(moment: datetime) -> str:
    """As spark-operator 2.5.1 names a run that it starts then."""
    return f"daily-report-{(moment - datetime(1970, 1, 1)) // timedelta(microseconds=1) * 1000}"


@given(LINES, TIMES)
def test_both_crons_agree(line: str, now: datetime) -> None:
    assert of_run(ticks(line), name_of(now)) == moments_at(line, now.replace(tzinfo=UTC)).plain()


def test_a_run_that_starts_late_is_still_for_its_own_moment() -> None:
    late = name_of(datetime(2024, 5, 2, 0, 7, 3, 250_000))
    assert of_run(ticks("59 23 * * *"), late)["run_time"] == "2024-05-01T23:59:00"


@pytest.mark.parametrize("run", ["", "daily", "daily-17", "daily-17145396000000000ab"])
def test_a_run_without_a_time_in_its_name_is_refused(run: str) -> None:
    with pytest.raises(Refused, match="does not say when"):
        of_run(ticks("0 5 * * *"), run)


def test_a_run_that_somebody_started_by_hand_goes_on_where_it_needs_no_moment() -> None:
    order = {"name": "daily", "ticks": ticks("0 5 * * *")}
    assert with_moments(order, "daily-by-hand") == order
    assert arguments({"sql": "SELECT 1"}, order) == {}
    known = with_moments(order, name_of(datetime(2024, 5, 1, 5, 0, 2)))
    assert known["moments"]["run_time"] == "2024-05-01T05:00:00"
    assert with_moments({"name": "stream"}, "stream") == {"name": "stream"}
