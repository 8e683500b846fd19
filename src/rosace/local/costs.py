"""How many records the jobs of a platform would read from their beginning, as far as anybody can tell now.

Comes in: what was handed over, and the last state that its supervisor kept. Goes out: a number by job, or None. Must
not: wait for brokers that do not run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from rosace.local.entry import resolve
from rosace.plan.machine.deployment import Deployment


def costs(deployment: Deployment | None, state: Mapping[str, Any]) -> dict[str, int | None]:
    """Of a job that reads topics alone what they hold now, marks of transactions included; of others what they read
    when they ran last."""
    jobs = state.get("jobs")
    if deployment is None or not isinstance(jobs, dict):
        return {}
    found: dict[str, int | None] = {name: item.get("records_in") for name, item in jobs.items()}
    topics = {ref.name for flow in deployment.flows.values() for ref in flow.reads if ref.kind == "topic"}
    held = _held(deployment, sorted(topics)) if topics and not state.get("stopped") else {}
    for name, flow in deployment.flows.items():
        if flow.reads and all(ref.kind == "topic" and ref.name in held for ref in flow.reads):
            found[name] = sum(held[ref.name] for ref in flow.reads)
    return found


def _held(deployment: Deployment, topics: list[str]) -> dict[str, int]:
    streams = deployment.streams
    if streams is None:
        return {}
    with contextlib.suppress(Exception):
        ends = resolve(f"{streams.module}:ends")(streams.servers, topics)
        return {topic: sum(parts.values()) for topic, parts in ends.items()}
    return {}
