"""Handing a deployment to the supervisor, starting one where there is none."""

from __future__ import annotations

import contextlib
import subprocess
import time
from pathlib import Path

from rosace.local import keepers
from rosace.local.build import build
from rosace.local.control import NotRunning, ask
from rosace.local.declared import Examined
from rosace.local.home import Home
from rosace.local.standing import GUARDIAN, SUPERVISOR, holder
from rosace.local.store import write_json
from rosace.local.supervision import detached, python_command
from rosace.model.status import Running
from rosace.plan.machine.deployment import Deployment, to_json
from rosace.source.diagnostic import Refused, refuse

PATIENCE = 30.0
"""Seconds for a new supervisor to answer."""
HANDS = 5
"""Times that a deployment is handed over when the supervisor dies meanwhile."""


def running(home: Home) -> Running | None:
    """What the supervisor says of all that runs, or None when none answers."""
    try:
        return look(home)
    except NotRunning:
        return None


def look(home: Home) -> Running:
    """What the supervisor says of all that runs. Raises NotRunning when none answers within ten seconds."""
    return Running.from_json(ask(home, {"do": "status"}, timeout=10.0))


def hand_over(home: Home, deployment: Deployment, archives: Path, examined: Examined) -> int:
    """Gives the deployment to the supervisor; returns the number of the last event before it was taken.

    What the deployment was made from is kept beside it, for those who read while the files are being edited.
    Called under the platform's lock. Raises Refused when no supervisor comes up, with the end of its log.
    """
    raw = {
        "deployment": to_json(deployment),
        "archives": str(archives),
        "files": examined.files(),
        "source": examined.kept(),
    }
    for _ in range(HANDS):
        write_json(home.incoming, raw)
        ensure(home)
        try:
            answer = ask(home, {"do": "apply"}, timeout=300.0)
        except NotRunning:
            continue
        if answer["ok"]:
            return int(answer["before"])
    raise _silent(home, f"the supervisor was ended {HANDS} times while it took over the deployment")


def ensure(home: Home) -> None:
    """A supervisor of this Rosace that answers: the one that is there, or one that a guardian starts.

    A guardian is started only where none lives: a living one brings its supervisor back by itself, after a pause of
    ten seconds at most. A supervisor that is stopping is awaited, one of another Rosace gives way (engines and jobs go
    on meanwhile).
    """
    child: subprocess.Popen[bytes] | None = None
    asked: set[int] = set()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        now = running(home)
        own = now.supervisor if now else None
        if own and own.stopping:
            deadline = time.monotonic() + PATIENCE
        elif own and own.build == build():
            home.halted.unlink(missing_ok=True)
            return
        elif own and own.pid not in asked:
            asked.add(own.pid)
            with contextlib.suppress(NotRunning):
                ask(home, {"do": "reload"})
        elif not own and not holder(str(home.path / GUARDIAN)) and (child is None or child.poll() is not None):
            if not holder(str(home.path / SUPERVISOR)):
                # Those of a Rosace that knew no locks; what they ran is taken over.
                keepers.end(home.path, 0.0)
            home.halted.unlink(missing_ok=True)
            child = detached(python_command("rosace.local.guardian", str(home.path)), home.logs / "supervisor.log")
        time.sleep(0.05)
    older = "; the one that runs is of another version of Rosace" if asked else ""
    raise _silent(home, f"no supervisor answered within {PATIENCE:g} s{older}")


def _silent(home: Home, message: str) -> Refused:
    log = home.logs / "supervisor.log"
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
    return refuse(
        "supervisor-silent", message, hints=(f"its log is {log}", *tail, "`rosace down` and `rosace up` start afresh")
    )
