"""Readiness of Flink by its REST API (nightlies.apache.org/flink, ops/rest_api)."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any


def _get(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def job_manager(rest: str) -> str | None:
    """Ready when it tells of its cluster."""
    answer = _get(f"{rest}/overview")
    return None if isinstance(answer, dict) and "slots-total" in answer else str(answer)


def task_manager(rest: str, name: str) -> str | None:
    """Ready when the job manager counts its slots and has just heard of it: the dead one before it stays listed."""
    answer = _get(f"{rest}/taskmanagers")
    if not isinstance(answer, dict):
        return f"job manager: {answer}"
    known = [item for item in answer.get("taskmanagers", []) if item.get("id") == name]
    if not known or known[0].get("slotsNumber", 0) == 0:
        return "not registered with the job manager yet"
    # In spite of its name the field is the moment of the last heartbeat, in ms since the epoch (Flink 2.1.3).
    silent = time.time() - known[0].get("timeSinceLastHeartbeat", 0) / 1000
    return None if silent < SILENCE else f"the job manager has not heard of it for {silent:.0f} s"


SILENCE = 4.0
"""Seconds: four heartbeats of the interval that `settings.cluster` sets."""


def gateway(url: str) -> str | None:
    """Ready when it tells its version."""
    answer = _get(f"{url}/v1/info")
    return None if isinstance(answer, dict) and "version" in answer else str(answer)
