"""Handing a deployment to the supervisor, starting one where there is none."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rosace.local.control import NotRunning, ask
from rosace.local.home import Home
from rosace.local.store import write_json
from rosace.local.supervision import detached, python_command
from rosace.plan.deployment import Deployment, to_json
from rosace.source.diagnostic import refuse

PATIENCE = 30.0
"""Seconds for a new supervisor to answer."""


def running(home: Home) -> dict[str, Any] | None:
    """The supervisor's status, or None when none answers."""
    try:
        return ask(home, {"do": "status"}, timeout=10.0)
    except NotRunning:
        return None


def hand_over(home: Home, deployment: Deployment, archives: Path, files: list[str]) -> int:
    """Gives the deployment to the supervisor; returns the number of the last event before it was taken.

    Raises Refused when no supervisor comes up, with the end of its log.
    """
    ensure(home)
    raw = {"deployment": to_json(deployment), "archives": str(archives), "files": files}
    write_json(home.incoming, raw)
    before = 0
    answer = ask(home, {"do": "apply"}, timeout=300.0)
    return int(answer.get("before", before))


def ensure(home: Home) -> None:
    """A supervisor that answers: the one that is there, or a new one under a new guardian."""
    if running(home) is not None:
        return
    log = home.logs / "supervisor.log"
    detached(python_command("rosace.local.guardian", str(home.path)), log)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if running(home) is not None:
            return
        time.sleep(0.05)
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
    raise refuse(
        "supervisor-silent",
        f"the supervisor did not answer within {PATIENCE:g} s",
        hints=(f"its log is {log}", *tail),
    )
