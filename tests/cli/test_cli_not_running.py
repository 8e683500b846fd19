"""A platform that was never started: every verb says so, and none pretends."""

from __future__ import annotations

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.slow


def test_status_is_no(fine: CommandLine) -> None:
    shown = fine.run("status", code=1)
    assert shown.out == ""
    assert shown.err == "not running: `rosace up` starts it\n"


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_status_for_programs(fine: CommandLine, output: str) -> None:
    value = fine.run("status", "-o", output, code=1).json()
    assert value["running"] is False
    assert value["home"].startswith(str(fine.place / "state" / "flights-"))


def test_status_of_all_platforms_is_an_empty_list(fine: CommandLine) -> None:
    assert fine.run("status", "--all", "-o", "json").json() == []


@pytest.mark.parametrize(
    "verb",
    [
        ("query", "late-carriers"), ("query", "--sql", "SELECT 1"), ("open",), ("open", "flink"), ("restart", "trino"),
        ("verify",), ("verify", "--now"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_needs_a_running_platform_says_so(fine: CommandLine, verb: tuple[str, ...]) -> None:
    shown = fine.run(*verb, code=2)
    assert shown.out == ""
    assert "this platform is not running" in shown.err
    assert "hint: `rosace up` starts it" in shown.err


@pytest.mark.parametrize("names", [(), ("kafka",), ("kafka", "spark")])
def test_logs_are_not_there_yet(fine: CommandLine, names: tuple[str, ...]) -> None:
    shown = fine.run("logs", *names, code=2)
    assert "no logs yet" in shown.err
    assert "`rosace up` starts it" in shown.err


def test_no_page_is_promised_that_is_not_there(fine: CommandLine) -> None:
    assert "rosace explain" not in fine.run("logs", code=2).err
    assert "rosace explain unknown-column" in fine.run("query", "--sql", "SELECT x FROM departures", code=2).err


def test_a_wrong_question_is_told_before_whether_it_runs(fine: CommandLine) -> None:
    assert "unknown-column" in fine.run("query", "--sql", "SELECT carier FROM departures", code=2).err
    assert "name a declared query" in fine.run("query", code=2).err
    assert "say what to restart" in fine.run("restart", code=2).err


@pytest.mark.parametrize("extra", [(), ("--erase", "--yes")])
def test_down_has_nothing_to_do(fine: CommandLine, extra: tuple[str, ...]) -> None:
    assert "nothing was running" in fine.run("down", *extra).err


def test_plan_tells_everything_and_writes_nothing(fine: CommandLine) -> None:
    rows = fine.run("plan", "--set", "memory=20Gi", "-o", "json", code=1).json()
    changes = {row["change"] for row in rows}
    assert changes == {"fetch", "start", "apply", "submit"}
    subjects = [row["subject"] for row in rows]
    assert subjects.index("process/postgresql") < subjects.index("process/trino") or "process/trino" in subjects
    assert "job/carrier-delays" in subjects
    assert not (fine.place / "state").exists()
    lines = fine.run("plan", "--set", "memory=20Gi", "-o", "jsonl", code=1).out.splitlines()
    assert len(lines) == len(rows)


def test_plan_for_people(fine: CommandLine) -> None:
    shown = fine.run("plan", "--set", "memory=20Gi", code=1)
    assert "EXPECTED RSS" in shown.out
    assert "`rosace up` carries this out" in shown.err
    assert "20Gi allowed" in shown.err


@pytest.mark.parametrize("verb", ["plan", "up"])
def test_what_cannot_fit_is_refused_before_anything_is_fetched(fine: CommandLine, verb: str) -> None:
    told = fine.run(verb, "--set", "memory=300Mi", code=2).err
    assert "error[memory-too-small]" in told
    assert "300Mi may be used (`memory` in platform.yaml)" in told
    assert "at their smallest:" in told


def test_up_of_a_broken_platform_starts_nothing(flights: CommandLine) -> None:
    flights.edit("partitions: 4", "partitons: 4")
    told = flights.run("up", code=2).err
    assert "error[unknown-key]" in told
    assert not (flights.place / "state").exists()
    assert not (flights.place / "cache").exists()
