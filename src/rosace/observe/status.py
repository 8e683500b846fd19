"""What is true of a platform on this machine: what should run, what does, and since when nobody knows.

Comes in: a platform's home. Goes out: `Observed`. A platform whose supervisor does not answer is unknown, whatever it
was when it was last seen. Must not: change or plan anything.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rosace.local import unit
from rosace.local.bringup import running
from rosace.local.deployed import previous
from rosace.local.home import Home
from rosace.local.standing import GUARDIAN, SUPERVISOR, holder
from rosace.local.store import Damaged, read_json
from rosace.local.supervision import ours
from rosace.model.events import Subject
from rosace.model.status import ActionNow, Health, JobNow, ProcessNow, Running, SupervisorNow, health
from rosace.plan.machine.deployment import Deployment

State = Literal["running", "stopping", "stopped", "unknown", "absent"]
"""`running`: its supervisor answers. `stopped`: it was taken down, and nothing of it lives. `absent`: nothing was ever
handed over. `unknown`: it should run, or parts of it do, and nobody who would know answers."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last sign of a supervisor, in seconds since the epoch: the state that it keeps on disk, or an event."""

    time: float
    by: Literal["heartbeat", "event"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Desired:
    """What was last handed over: the fingerprint of each subject (`process/kafka`) that should be."""

    platform: str
    root: str
    inputs: str
    fingerprints: Mapping[Subject, str]
    retired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """A platform as it is seen at `time`. What runs and what is desired stand apart; `why` explains an `unknown`.

    `seen` is there where nobody answers: what stands in `processes` is then unknown, with the process numbers of those
    that live all the same.
    """

    running: bool
    state: State
    health: Health
    home: str
    time: float
    why: str = ""
    seen: Seen | None = None
    platform: str = ""
    root: str = ""
    inputs: str = ""
    supervisor: SupervisorNow | None = None
    processes: Mapping[str, ProcessNow] = field(default_factory=dict[str, ProcessNow])
    actions: Mapping[str, ActionNow] = field(default_factory=dict[str, ActionNow])
    jobs: Mapping[str, JobNow] = field(default_factory=dict[str, JobNow])
    desired: Desired | None = None
    retired: tuple[str, ...] = ()
    """Topics and tables (`lake.t`) that are no longer declared and are still there."""


def observe(home: Home) -> Observed:
    """Looks once. Never raises for what is damaged: it is not known then."""
    now, desired = running(home), _desired(home)
    if now is None:
        return _unanswered(home, desired)
    return Observed(
        running=True,
        state="stopping" if now.supervisor.stopping else "running",
        health=health(now, desired.fingerprints if desired else {}),
        home=str(home.path),
        time=now.time,
        platform=now.platform,
        root=now.root,
        inputs=now.inputs,
        supervisor=now.supervisor,
        processes=now.processes,
        actions=now.actions,
        jobs=now.jobs,
        desired=desired,
        retired=desired.retired if desired else (),
    )


def _desired(home: Home) -> Desired | None:
    try:
        found = previous(home)
    except Damaged:
        return None
    if found is None:
        return None
    return Desired(
        found.platform, found.root, found.inputs, found.fingerprints(), tuple(sorted(map(str, found.retired)))
    )


def _unanswered(home: Home, desired: Desired | None) -> Observed:
    """No supervisor answers: taken down on purpose, never there, or gone."""
    living = ours(home.path) if home.path.is_dir() else {}
    known = home.deployment.exists() or home.incoming.exists()
    bare = Observed(running=False, state="absent", health="stopped", home=str(home.path), time=time.time())
    if desired:
        bare = replace(bare, desired=desired, platform=desired.platform, retired=desired.retired)
    if not living and (not known or home.halted.exists()):
        return replace(bare, state="stopped" if known else "absent")
    last = _last(home)
    pids = {name: pid for pid, (name, _) in living.items()}
    return replace(
        bare,
        state="unknown",
        health="unknown",
        why=_why(home),
        seen=_seen(home, last),
        root=desired.root if desired else "",
        inputs=desired.inputs if desired else "",
        processes=_processes(home, last, pids),
        actions={name: replace(item, state="unknown", detail=_was(item)) for name, item in _of(last, "actions")},
        jobs={name: replace(item, state="unknown", detail=_was(item)) for name, item in _of(last, "jobs")},
    )


def _last(home: Home) -> Running | None:
    """What the supervisor last kept of its state."""
    try:
        return Running.from_json(read_json(home.state))
    except (KeyError, TypeError, ValueError, AttributeError, OSError):
        return None


def _of(last: Running | None, section: str) -> list[tuple[str, Any]]:
    return list(getattr(last, section).items()) if last else []


def _was(item: ProcessNow | ActionNow | JobNow) -> str:
    return f"last seen {item.state}"


def _processes(home: Home, last: Running | None, pids: Mapping[str, int]) -> dict[str, ProcessNow]:
    found = dict(_of(last, "processes")) or _planned(home)
    seen = unit.census()
    return {name: _unwatched(item, pids.get(name), seen) for name, item in found.items()}


def _planned(home: Home) -> dict[str, ProcessNow]:
    """Those of the deployment, where nothing was kept of any state."""
    try:
        deployment: Deployment | None = previous(home)
    except Damaged:
        deployment = None
    return {
        spec.name: ProcessNow(spec.engine, "unknown", interface=spec.interface, once=spec.once)
        for spec in (deployment.processes if deployment else ())
    }


def _unwatched(item: ProcessNow, pid: int | None, seen: unit.Census) -> ProcessNow:
    lives = "its process lives" if pid else "its process is gone"
    was = "" if item.state == "unknown" else f", {_was(item)}"
    memory = unit.resident(seen.family(pid)) if pid else 0
    return replace(item, state="unknown", detail=lives + was, pid=pid, memory=memory)


def _why(home: Home) -> str:
    if pid := holder(str(home.path / SUPERVISOR)):
        return f"its supervisor, process {pid}, does not answer"
    if pid := holder(str(home.path / GUARDIAN)):
        return f"its supervisor is gone; its guardian, process {pid}, brings another one"
    return "its supervisor and its guardian are gone"


def _seen(home: Home, last: Running | None) -> Seen | None:
    signs = [sign for sign in (Seen(last.time, "heartbeat") if last else None, _last_event(home)) if sign]
    return max(signs, key=lambda sign: sign.time, default=None)


TAIL = 2**16
"""Bytes at the end of the file of events that are looked at: an event has a few hundred."""


def _last_event(home: Home) -> Seen | None:
    try:
        with home.events.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - TAIL))
            lines = stream.read().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        try:
            value = json.loads(line)
            return Seen(float(value["time"]), "event", f"{value['kind']} {value['subject']}")
        except (ValueError, KeyError, TypeError):
            # A line that was being written as its writer died, or the first one, cut.
            continue
    return None
