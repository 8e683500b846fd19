"""Readiness of Flink by its REST API (nightlies.apache.org/flink, ops/rest_api)."""

from __future__ import annotations

import json
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
    """Ready when the job manager counts its slots."""
    answer = _get(f"{rest}/taskmanagers")
    if not isinstance(answer, dict):
        return f"job manager: {answer}"
    known = [item for item in answer.get("taskmanagers", []) if item.get("id") == name]
    return None if known and known[0].get("slotsNumber", 0) > 0 else "not registered with the job manager yet"


def gateway(url: str) -> str | None:
    """Ready when it tells its version."""
    answer = _get(f"{url}/v1/info")
    return None if isinstance(answer, dict) and "version" in answer else str(answer)
