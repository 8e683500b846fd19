"""The supervisor: outlives the terminal, carries a deployment out, heals what dies, tells what happens.

Run as `python -m rosace.local.supervisor HOME` by the guardian; ends at once where another one lives. It keeps no
fact only in memory: after a kill -9 its successor finds the engines by their mark, takes them over, and goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rosace.contract.machine import sending
from rosace.local import unit
from rosace.local.action_task import ActionTask
from rosace.local.bus import Bus
from rosace.local.gates import Gates
from rosace.local.home import Home
from rosace.local.job_task import JobTask
from rosace.local.process_task import ProcessTask
from rosace.local.snapshot import snapshot
from rosace.local.standing import GUARDIAN, OTHER, SUPERVISOR, Lock, holder, take, wanted
from rosace.local.store import read_json, write_json, write_text
from rosace.local.supervision import Context, Progress, detached, ours, python_command, rotate_all
from rosace.model.checked import Ref
from rosace.model.events import Kind, Subject
from rosace.plan.machine.deployment import Deployment, from_json

RELOAD = 7
"""Exit code that asks the guardian for another supervisor."""

LOGS = 10.0
"""Seconds between looks at the logs' sizes: an engine that writes 1 MB of them a second stays below 50."""


class Stopping(Exception):
    """This supervisor has been told to end and takes nothing on any more."""


class Supervisor:
    """All tasks of one platform, and the one place that starts and stops them."""

    def __init__(self, home: Home, lock: Lock) -> None:
        self.home = home
        self.lock = lock
        self.bus = Bus(home.events)
        self.deployment: Deployment | None = None
        self.processes: dict[str, ProcessTask] = {}
        self.actions: dict[str, ActionTask] = {}
        self.jobs: dict[str, JobTask] = {}
        self.over = asyncio.Event()
        self._dirty = asyncio.Event()
        self._changing = asyncio.Lock()
        raw = read_json(home.deployment) or {}
        self.context = Context(
            home=home,
            archives=Path(raw.get("archives", str(home.path / "archives"))),
            bus=self.bus,
            gates=Gates(),
            progress=Progress.read(home.path / "progress.json"),
            touch=self._dirty.set,
            secrets=read_json(home.secrets) or {},
            taught=self.taught,
        )

    async def apply(self, raw: Mapping[str, Any], *, adopt: bool = False) -> None:
        """Makes the running state what `raw` (a deployment file) says, touching only what changed.

        Raises Stopping once the end has begun: what would be started then nobody would look after.
        """
        async with self._changing:
            if self.over.is_set():
                raise Stopping
            desired = from_json(raw["deployment"])
            self.context.archives = Path(raw["archives"])
            self.context.secrets = read_json(self.home.secrets) or {}
            wanted = desired.fingerprints()
            await self._stop_changed(wanted)
            write_json(self.home.deployment, raw)
            if not adopt or self.home.incoming.exists():
                self.context.progress.forgive()
            self.home.incoming.unlink(missing_ok=True)
            self.deployment = desired
            living = await asyncio.to_thread(_inherited, self.home.path, wanted) if adopt else {}
            self._begin(desired, wanted, living)
            self._dirty.set()

    async def _stop_changed(self, wanted: Mapping[Subject, str]) -> None:
        jobs = [task for task in self.jobs.values() if _anew(task, wanted)]
        await asyncio.gather(*(task.stop() for task in jobs))
        for task in jobs:
            del self.jobs[task.order.name]
        for action in [task for task in self.actions.values() if _anew(task, wanted)]:
            await action.stop()
            del self.actions[action.action.name]
        await self._stop_processes([task for task in self.processes.values() if _anew(task, wanted)])

    async def _stop_processes(self, tasks: list[ProcessTask]) -> None:
        """In reverse order of need: a process stops after those that wait for it, so that none fails for lack of it."""
        left = {task.spec.name: task for task in tasks}
        while left:
            needed = {name for task in left.values() for name in _needs(task, self.actions)}
            wave = [task for name, task in left.items() if name not in needed] or list(left.values())
            await asyncio.gather(*(task.stop() for task in wave))
            for task in wave:
                del left[task.spec.name]
                self.processes.pop(task.spec.name, None)

    def _begin(self, desired: Deployment, wanted: Mapping[Subject, str], living: Mapping[str, unit.Identity]) -> None:
        for spec in desired.processes:
            fingerprint = wanted[Subject("process", spec.name)]
            if known := self.processes.get(spec.name):
                known.spec = spec
                continue
            task = ProcessTask(spec, fingerprint, self.context)
            self.processes[spec.name] = task
            task.begin(living.get(spec.name))
        for action in desired.actions:
            if action.name not in self.actions:
                self.actions[action.name] = ActionTask(action, wanted[Subject("action", action.name)], self.context)
                self.actions[action.name].begin()
        for order in desired.jobs:
            if order.name not in self.jobs:
                task = JobTask(
                    order, wanted[Subject("job", order.name)], self.context, self.settled, self.written, desired.streams
                )
                self.jobs[order.name] = task
                task.begin()

    def settled(self, name: str) -> str | None:
        """A digest of what a source or job gave, once it has given all; None while more is to come.

        What is given of a source that is followed is all that it has now.
        """
        replay = self.processes.get(sending(name))
        if replay is not None:
            return replay.gives if replay.state in ("done", "ready") else None
        job = self.jobs.get(name)
        return (job.finished() or job.gives) if job is not None else None

    def written(self, ref: Ref) -> bool:
        """Whether all jobs that write a topic or table have given all, or all that there was so far."""
        writers = [task for task in self.jobs.values() if ref in task.order.writes]
        return all(task.current or self.settled(task.order.name) is not None for task in writers)

    def taught(self, process: str) -> bool:
        """Whether every streaming job that needs a process has been at work, or had nothing left to do."""
        streams = [task for task in self.jobs.values() if not task.order.batch]
        return all(task.commits.ever for task in streams if process in task.order.needs)

    async def stop_all(self) -> None:
        """Stops jobs, then processes, keeping all data."""
        async with self._changing:
            await asyncio.gather(*(task.stop() for task in self.jobs.values()))
            for action in self.actions.values():
                await action.stop()
            await self._stop_processes(list(self.processes.values()))

    async def restart(self, names: list[str], *, fresh: bool, at: str = "") -> list[str]:
        """Restarts processes, reruns batch jobs; returns the names that are neither."""
        unknown: list[str] = []
        for name in names:
            if job := self.jobs.get(name):
                await job.again(fresh=fresh, at=at)
            elif matching := [t for t in self.processes.values() if name in (t.spec.name, t.spec.engine)]:
                async with self._changing:
                    for task in matching:
                        spec, fingerprint = task.spec, task.fingerprint
                        await task.stop()
                        if spec.once:
                            self.context.progress.ask(spec.name)
                        self.processes[spec.name] = ProcessTask(spec, fingerprint, self.context)
                        self.processes[spec.name].begin()
            else:
                unknown.append(name)
        self._dirty.set()
        return unknown

    def status(self) -> dict[str, Any]:
        """What runs, as JSON (`model/status.py`)."""
        return snapshot(self).to_json()

    def reload(self) -> None:
        """Ends this supervisor alone: the guardian starts the one that is installed now, which takes all over."""
        os._exit(RELOAD)

    async def write_state(self) -> None:
        """Keeps state.json true within half a second of any change, and measures memory every few seconds."""
        while True:
            # `wait_for` of Python 3.11 forgets that it was cancelled when what it waits for happens just then.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5.0):
                    await self._dirty.wait()
            self._dirty.clear()
            if not self.lock.lasts():
                continue
            with contextlib.suppress(OSError):
                write_json(self.home.state, await asyncio.to_thread(self.status))
            await asyncio.sleep(0.5)

    async def bound_logs(self) -> None:
        """Looks at the logs' sizes now and then."""
        while True:
            await asyncio.sleep(LOGS)
            await asyncio.to_thread(rotate_all, self.home.logs)

    def _write_pid(self, guardian: int) -> None:
        """Tells people who is who; Rosace itself asks the locks."""
        write_text(self.home.pid, json.dumps({"pid": os.getpid(), "guardian": guardian, "since": time.time()}))

    async def watch_guardian(self) -> None:
        """Starts another guardian when ours was killed: each of the two brings the other back.

        Where the platform's folder is gone, nobody can reach this supervisor any more: it stops all and ends.
        """
        known, child = 0, None
        while not self.over.is_set():
            if not self.lock.lasts():
                self.over.set()
                return
            guardian = holder(str(self.home.path / GUARDIAN))
            if guardian and guardian != known:
                known = guardian
                self._write_pid(guardian)
            elif not guardian and (child is None or child.poll() is not None):
                argv = python_command("rosace.local.guardian", str(self.home.path))
                child = detached(argv, self.home.logs / "guardian.log")
                self.bus.tell(Kind.RESTARTING, Subject("rosace", "guardian"), "it was gone")
            await asyncio.sleep(1.0)


def _anew(task: ProcessTask | ActionTask | JobTask, wanted: Mapping[Subject, str]) -> bool:
    """Whether something ends before what is wanted begins: it is another, or it was given up and shall try again."""
    return wanted.get(task.subject) != task.fingerprint or task.state == "failed"


def _needs(task: ProcessTask, actions: Mapping[str, ActionTask]) -> set[str]:
    names: set[str] = set()
    for name in task.spec.after:
        names |= set(actions[name].action.after) if name in actions else {name}
    return names - {task.spec.name}


def _inherited(home: Path, wanted: Mapping[Subject, str]) -> dict[str, unit.Identity]:
    """The live process of each unit, where its settings are those wanted; all others with our mark are ended."""
    kept: dict[str, unit.Identity] = {}
    found = ours(home)
    for pid in unit.census().tops(found):
        name, fingerprint = found[pid]
        who = unit.Identity(pid, unit.born(pid) or 0)
        if name not in kept and wanted.get(Subject("process", name)) == fingerprint and unit.alive(who):
            kept[name] = who
            continue
        unit.signal_group(who, signal.SIGKILL)
        unit.sweep(who)
    return kept


async def serve(home: Home, lock: Lock) -> int:
    """Runs until told to stop; returns the exit code (0: on purpose, the guardian must not start it again)."""
    from rosace.local.control import listen

    supervisor = Supervisor(home, lock)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.over.set)
    background = [
        asyncio.create_task(supervisor.write_state()),
        asyncio.create_task(supervisor.watch_guardian()),
        asyncio.create_task(supervisor.bound_logs()),
    ]
    # What an `up` has just handed over comes first: starting what it replaces would be work thrown away.
    known = read_json(home.incoming) or read_json(home.deployment)
    with contextlib.suppress(Stopping):
        if known:
            await supervisor.apply(known, adopt=True)
            supervisor.bus.tell(Kind.NOTE, Subject("rosace", "supervisor"), "started")
    server = await listen(supervisor)
    await supervisor.over.wait()
    if lock.lasts():
        home.halted.touch(mode=0o600)
    await supervisor.stop_all()
    for task in background:
        task.cancel()
    server.close()
    if lock.lasts():
        home.socket.unlink(missing_ok=True)
        write_json(home.state, {**supervisor.status(), "stopped": time.time()})
        home.pid.unlink(missing_ok=True)
    return 0


async def _whole_life(home: Home, lock: Lock) -> None:
    # Once all is stopped and said, nothing that still runs here may keep this process.
    os._exit(await serve(home, lock))


def main() -> None:
    """The supervisor of the platform whose folder is `argv[1]`; returns at once where one is alive."""
    home = Home(Path(sys.argv[1]))
    os.umask(0o077)
    try:
        lock = take(str(home.path / SUPERVISOR), patience=1.0)
    except FileNotFoundError:
        return
    if lock is None:
        sys.exit(OTHER)
    if not wanted(str(home.path)):
        return
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_whole_life(home, lock))


if __name__ == "__main__":
    main()
