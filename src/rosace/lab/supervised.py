"""Keeps the processes of a cluster going: starts each when what it waits for answers, and again when it ends.

Comes in: the services as told, one look at a time (`turn`). Goes out: `state.json`. It is the first process of its
namespace, so it also takes in processes that nobody waits for.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rosace.kit import whole

FIRST, LONGEST = 0.5, 10.0
"""Seconds before a process is started again, doubled each time up to the longest."""

STEADY = 30.0
"""Seconds after which a process counts as running well, and the next wait is the first again."""

LOOK = 0.1
"""Seconds between two looks at what a process waits for."""


@dataclass(slots=True)
class _Kept:
    """A process and what became of it."""

    name: str
    argv: list[str]
    waits: list[str]
    once: bool
    state: str = "waiting"
    pid: int = 0
    since: float = 0.0
    restarts: int = 0
    pause: float = FIRST
    next_look: float = 0.0
    detail: str = ""


class Supervised:
    """The processes of one cluster."""

    def __init__(self, home: Path, services: list[dict[str, Any]], path: str, authority: str) -> None:
        self._home = home
        # What Python needs to find Rosace goes through, and nothing else of whoever started the lab.
        python = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
        self._environment = {**python, "PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}
        self._trusted = ssl.create_default_context(cafile=authority)
        self._kept = {each["name"]: _Kept(**each) for each in services}
        self._said = ""
        (home / "logs").mkdir(exist_ok=True)

    def turn(self) -> None:
        """One look at everything."""
        self._reap()
        now = time.monotonic()
        for each in self._kept.values():
            if each.state in ("waiting", "exited") and now >= each.next_look:
                each.next_look = now + LOOK
                if all(self._answers(wait) for wait in each.waits):
                    self._start(each)
        self._tell()

    def _start(self, each: _Kept) -> None:
        with (self._home / "logs" / f"{each.name}.log").open("ab") as log:
            started = subprocess.Popen(
                each.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                cwd=self._home,
                start_new_session=True,
            )
        # It is waited for here, with those that are nobody's: Popen must not wait for it a second time.
        started.returncode = 0
        each.pid, each.since, each.state = started.pid, time.time(), "running"

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for each in self._kept.values():
                if each.pid == pid:
                    self._ended(each, os.waitstatus_to_exitcode(status))

    def _ended(self, each: _Kept, code: int) -> None:
        each.pid = 0
        if each.once and code == 0:
            each.state, each.detail = "done", ""
            return
        if time.time() - each.since > STEADY:
            each.pause = FIRST
        each.state, each.detail = "exited", f"exit code {code}" if code >= 0 else f"ended by signal {-code}"
        each.restarts += 1
        each.next_look = time.monotonic() + each.pause
        each.pause = min(LONGEST, each.pause * 2)

    def _answers(self, wait: str) -> bool:
        kind, _, where = wait.partition(":")
        if kind == "done":
            return self._kept[where].state == "done"
        if kind == "ready":
            return self._ready(where)
        with socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET) as tried:
            tried.settimeout(0.5)
            host, _, port = where.rpartition(":")
            try:
                tried.connect(where if kind == "unix" else (host, int(port)))
            except OSError:
                return False
            return True

    def _ready(self, url: str) -> bool:
        """Whether a page answers 200: one that everybody may ask (system:public-info-viewer)."""
        place = urlsplit(url)
        line = http.client.HTTPSConnection(str(place.hostname), place.port, timeout=2.0, context=self._trusted)
        try:
            line.request("GET", place.path)
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def _tell(self) -> None:
        rows = [
            {
                "name": each.name,
                "state": each.state,
                "since": each.since,
                "restarts": each.restarts,
                "detail": each.detail,
            }
            for each in self._kept.values()
        ]
        text = json.dumps(rows)
        if text != self._said:
            self._said = text
            whole.write(self._home / "state.json", text.encode())
