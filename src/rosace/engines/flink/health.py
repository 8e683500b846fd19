"""Readiness of Flink by its REST API (nightlies.apache.org/flink, ops/rest_api)."""

from __future__ import annotations

import time
from typing import Any

from rosace.engines.flink import rest
from rosace.kit.unanswered import unanswered


def _get(url: str, tls: str) -> Any:
    try:
        return rest.call("GET", url, tls, timeout=3.0).json()
    except (OSError, ValueError) as error:
        return unanswered(url, error)


def job_manager(url: str, tls: str) -> str | None:
    """Ready when it tells of its cluster."""
    answer = _get(f"{url}/overview", tls)
    return None if isinstance(answer, dict) and "slots-total" in answer else str(answer)


def task_manager(url: str, tls: str, name: str) -> str | None:
    """Ready when the job manager counts its slots and has just heard of it: the dead one before it stays listed."""
    answer = _get(f"{url}/taskmanagers", tls)
    if not isinstance(answer, dict):
        return f"job manager: {answer}"
    known = [item for item in answer.get("taskmanagers", []) if item.get("id") == name]
    if not known or known[0].get("slotsNumber", 0) == 0:
        return "not registered with the job manager yet"
    # In spite of its name the field is the moment of the last heartbeat, in ms since the epoch (Flink 2.1.3).
    last = known[0].get("timeSinceLastHeartbeat", 0) / 1000
    if not last:
        return "the job manager waits for its first heartbeat"
    silent = time.time() - last
    return None if silent < SILENCE else f"the job manager has not heard of it for {silent:.0f} s"


SILENCE = 4.0
"""Seconds: four heartbeats of the interval that `settings.cluster` sets."""


def gateway(url: str, tls: str) -> str | None:
    """Ready when it tells its version."""
    answer = _get(f"{url}/v1/info", tls)
    return None if isinstance(answer, dict) and "version" in answer else str(answer)
