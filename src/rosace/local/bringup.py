"""Handing a deployment to the supervisor, starting one where there is none."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rosace.local.build import build
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
    raw = {"deployment": to_json(deployment), "archives": str(archives), "files": files}
    write_json(home.incoming, raw)
    ensure(home)
    answer = ask(home, {"do": "apply"}, timeout=300.0)
    return int(answer["before"])


def ensure(home: Home) -> None:
    """A supervisor that answers: the one that is there, or a new one under a new guardian."""
    status = running(home)
    if status is not None and status["supervisor"].get("build") == build():
        return
    if status is not None:
        _replace(home, int(status["supervisor"]["pid"]))
        return
    log = home.logs / "supervisor.log"
    detached(python_command("rosace.local.guardian", str(home.path)), log)
    if _answers(home):
        return
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
    raise refuse(
        "supervisor-silent",
        f"the supervisor did not answer within {PATIENCE:g} s",
        hints=(f"its log is {log}", *tail),
    )


def _answers(home: Home, *, other_than: int = 0) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        status = running(home)
        if status is not None and status["supervisor"]["pid"] != other_than:
            return True
        time.sleep(0.05)
    return False


def _replace(home: Home, old: int) -> None:
    """A supervisor of another Rosace gives way to one of this; engines and jobs go on meanwhile."""
    ask(home, {"do": "reload"})
    if not _answers(home, other_than=old):
        raise refuse(
            "supervisor-silent",
            "the running supervisor is of another version of Rosace, and no new one came up",
            hints=(f"its log is {home.logs / 'supervisor.log'}", "`rosace down` and `rosace up` start afresh"),
        )
