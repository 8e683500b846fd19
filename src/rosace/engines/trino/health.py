"""Readiness of Trino by its own protocol: it says that it has started, and has answered one question.

The question is asked until it was answered once: it loads what every query needs (a second of CPU), so that the
first user does not wait for it. Afterwards the server's own word is enough.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from typing import Any

from rosace.kit.unanswered import unanswered

_answered: dict[str, float] = {}
"""Server -> when (monotonic seconds) the one that answered had started."""

_SLACK = 30.0
"""Seconds by which two reckonings of one start may differ: `uptime` has three digits, so 0.5 min after an hour."""

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

QUESTION = b"SELECT node_id FROM system.runtime.nodes WHERE state = 'active'"
"""Answered without any catalog; the answer also says whether there is a node to run queries on."""

PATIENCE = 8.0
"""Seconds for the question, the first of all in a new process."""


def ready(url: str, user: str, timeout: float = 2.0) -> str | None:
    """None when queries are answered, else what is awaited. `timeout` is seconds for each HTTP request."""
    try:
        info = _ask(f"{url}/v1/info", timeout)
        if info.get("starting", True):
            return "it answers, and is loading its catalogs"
        started = time.monotonic() - _seconds(str(info.get("uptime", "")))
        if abs(_answered.get(url, -1e9) - started) > _SLACK * max(1.0, (time.monotonic() - started) / 3600):
            if trouble := _first_question(url, user, timeout):
                return trouble
            _answered[url] = started
    except urllib.error.HTTPError as error:
        return f"{url} answers {error.code} {error.reason}"
    except (OSError, ValueError) as error:
        return unanswered(url, error)
    return None


def _first_question(url: str, user: str, timeout: float) -> str | None:
    deadline = time.monotonic() + PATIENCE
    answer = _ask(f"{url}/v1/statement", timeout, user, QUESTION)
    nodes = 0
    while time.monotonic() < deadline:
        if error := answer.get("error"):
            return f"it cannot answer a first question: {error.get('message', 'no reason given')}"
        nodes += len(answer.get("data") or ())
        if "nextUri" not in answer:
            return None if nodes else "it answers, but has no node to run queries on yet"
        answer = _ask(answer["nextUri"], timeout, user)
    return f"it has not answered a first question in {PATIENCE:g} s"


def _ask(url: str, timeout: float, user: str = "", body: bytes | None = None) -> dict[str, Any]:
    headers = {"X-Trino-User": user, "X-Trino-Source": "rosace-health"} if user else {}
    # Loopback, whatever proxies the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, body, headers), timeout=timeout) as answer:
        found = json.loads(answer.read())
    if not isinstance(found, dict):
        raise ValueError("not Trino's protocol")
    return found


def _seconds(duration: str) -> float:
    """Airlift's notation, such as `1.23m`; raises ValueError on another."""
    match = re.fullmatch(r"([\d.]+)(ns|us|ms|s|m|h|d)", duration)
    if not match:
        raise ValueError(f"`{duration}` is not a duration of Trino's")
    return float(match[1]) * _UNITS[match[2]]
