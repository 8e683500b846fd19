"""A small engine for the tests of jobs: it carries them out in memory, and goes on to speak of what ended.

Like Flink it knows a job by its name alone: that the stream it calls finished was told to end when there was less to
read, it does not say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rosace.contract.jobs import JobReport

STATES: dict[str, str] = {}
RUNS: defaultdict[str, list[str]] = defaultdict(list)
"""Job -> the keys of its runs."""


def start(order: Mapping[str, Any], secrets: Mapping[str, str], *, fresh: bool) -> None:
    RUNS[order["name"]].append(order["run"])
    STATES[order["name"]] = order["starts"]


def observe(order: Mapping[str, Any], secrets: Mapping[str, str]) -> JobReport:
    state: Any = STATES.get(order["name"], "absent")
    if state == "finished" and order["starts"] == "finished" and RUNS[order["name"]][-1] != order["run"]:
        state = "absent"
    return JobReport(state, {"events": {"0": 1}} if state == "running" else {})


def finish(order: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    STATES[order["name"]] = "finished"


def stop(order: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    if STATES.get(order["name"]) != "finished":
        STATES[order["name"]] = "absent"


def caught_up(servers: str, positions: Mapping[str, Any]) -> bool:
    return True
