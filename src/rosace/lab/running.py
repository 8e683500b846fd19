"""Finds, starts and ends the machine of a cluster, seen from outside of it.

A machine is found by what its command line says, not by what somebody wrote down: so one that was left by a killed
`up` is found too.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from rosace.lab.layout import Cluster
from rosace.source.diagnostic import refuse

MODULE = "rosace.lab.machine"


def machine(cluster: Cluster) -> psutil.Process | None:
    """The machine's first process; None where the cluster does not run."""
    found = _processes(cluster)
    # `unshare` has the same words at the end of its own, and is the parent.
    inner = [each for each in found if each.pid not in {other.pid for other in found if _is_unshare(other)}]
    return inner[0] if inner else None


def start(cluster: Cluster) -> int:
    """Starts the machine in namespaces of its own and gives its first process. Refused where it does not start."""
    apart = ["--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
    cluster.logs.mkdir(parents=True, exist_ok=True)
    with (cluster.logs / "machine.log").open("ab") as log:
        subprocess.Popen(
            ["unshare", *apart, sys.executable, "-m", MODULE, str(cluster.home)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cluster.home,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if found := machine(cluster):
            return found.pid
        time.sleep(0.02)
    words = last_words(cluster.logs / "machine.log")
    raise refuse("lab-ended", f"the machine of {cluster.name} did not start: {words}", hints=("rosace lab down",))


def end(cluster: Cluster) -> int:
    """Ends the machine and with it all its processes; says how many there were."""
    found = _processes(cluster)
    inside = _inside(cluster)
    for each in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.send_signal(signal.SIGKILL)
    psutil.wait_procs([*found, *inside], timeout=20)
    return len({each.pid for each in (*found, *inside)})


def _inside(cluster: Cluster) -> list[psutil.Process]:
    first = machine(cluster)
    with contextlib.suppress(psutil.NoSuchProcess):
        return first.children(recursive=True) if first else []
    return []


def elsewhere(home: Path) -> Path | None:
    """The folder of another lab that runs on this machine, whose bridge and cables are the same."""
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = each.cmdline()
            if words[-2:-1] == [MODULE] and Path(words[-1]).parent != home:
                return Path(words[-1]).parent
    return None


def _processes(cluster: Cluster) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = each.cmdline()
            if words[-2:] == [MODULE, str(cluster.home)] and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found


def _is_unshare(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return Path(process.cmdline()[0]).name == "unshare"
    return False


def enter(cluster: Cluster, *argv: str) -> list[str]:
    """The command line that runs something inside of the machine."""
    first = machine(cluster)
    if first is None:
        raise refuse("lab-stopped", f"{cluster.name} is not running", hints=("rosace lab up",))
    return ["nsenter", f"--target={first.pid}", "--mount", "--net", "--pid", "--ipc", "--", *argv]


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log, for a message."""
    try:
        told = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "it left no log"
    return " | ".join(line.strip() for line in told[-lines:]) or "its log is empty"
