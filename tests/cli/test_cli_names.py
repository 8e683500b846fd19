"""Names as they are printed are names that are understood, and a platform is found from its folders."""

from __future__ import annotations

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lake.delays", "table/delays"), ("topic/delays", "topic/delays"), ("topics.delays", "topic/delays"),
        ("flink carrier-delays", "job/carrier-delays"), ("source-flights", "source/flights"),
        ("queries.worst-days", "query/worst-days"), ("kafka", "engine/kafka"),
    ],
)  # fmt: skip
def test_a_resource_by_each_of_its_names(flights: CommandLine, name: str, meant: str) -> None:
    (row,) = flights.run("describe", name, "-o", "json").json()
    assert row["resource"] == meant


def test_found_from_a_folder_within(flights: CommandLine) -> None:
    within = CommandLine(flights.place, flights.folder / "jobs")
    assert within.run("get", "topics", "-o", "json").json() == flights.run("get", "topics", "-o", "json").json()
    assert "there is no platform.yaml" in CommandLine(flights.place, flights.place).run("get", "topics", code=2).err


def test_explain_lists_each_code_with_a_line(flights: CommandLine) -> None:
    lines = flights.run("explain").out.splitlines()
    assert len(lines) > 90
    assert all(len(line.split("  ", 1)[1].strip()) > 8 for line in lines)
