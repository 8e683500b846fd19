"""A small engine for the tests of failures: each job does what its order says it does at its n-th start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rosace.contract.jobs import Hopeless, JobReport

STARTS: defaultdict[str, int] = defaultdict(int)
NOW: dict[str, JobReport] = {}

WORKS = JobReport("running", {"events": {"0": 1}})
FAILS = JobReport("failed", detail="boom", error="boom at row 3", trace="a stack\nof words")


def start(order: Mapping[str, Any], secrets: Mapping[str, str], *, fresh: bool) -> None:
    name = order["name"]
    does = order["does"][min(STARTS[name], len(order["does"]) - 1)]
    STARTS[name] += 1
    if does == "refuses":
        raise Hopeless("no such column")
    NOW[name] = {"works": WORKS, "fails": FAILS, "cannot": replace(FAILS, hopeless=True)}[does]


def observe(order: Mapping[str, Any], secrets: Mapping[str, str]) -> JobReport:
    return NOW.get(order["name"], JobReport("absent"))


def finish(order: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    NOW[order["name"]] = JobReport("finished")


def stop(order: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    NOW.pop(order["name"], None)


def caught_up(servers: str, positions: Mapping[str, Any]) -> bool:
    return True


APPLIED: list[bool] = []
"""Whether each try of the action may succeed; the last is kept."""


def apply() -> None:
    may = APPLIED.pop(0) if len(APPLIED) > 1 else APPLIED[0]
    if not may:
        raise OSError("no room for it")
