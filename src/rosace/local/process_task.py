"""The life of one process: waits for what it needs, is set up, started, probed, healed, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rosace.contract.machine import ProcessSpec
from rosace.kit.backoff import Backoff
from rosace.kit.java import with_archive
from rosace.kit.unanswered import why
from rosace.local import unit
from rosace.local.archives import ensure_base
from rosace.local.entry import call
from rosace.local.supervision import Context
from rosace.model.events import Kind, Subject
from rosace.model.status import ProcessState
from rosace.plan.machine.deployment import digest

BACKOFF = Backoff((0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0))
"""Seconds before the n-th restart in a row; the row ends after `CALM` seconds of life."""
STARTS = 8
"""After so many starts in a row (40 s of pauses) what was never ready, or has to do its work once, is given up: it
fails for a reason that stays. What was ready once is brought back for ever."""
CALM = 60.0
LIVENESS = 5.0
"""Seconds between probes of a process that is ready."""
LOOKS = (0.1, 0.5)
"""Shortest and longest seconds between probes of a process that starts; in between, a twentieth of its life so far:
probes of eight engines at once would take a tenth of a core from their starts."""
WRITING = 75.0
"""Seconds, less than `teardown.GRACE`: at load 8, two of Flink's archives took over 30 s, and were lost by a kill."""
FOLLOWED = 0.5
"""Seconds between looks at what a process that follows something says of itself."""
HUNG = 12
"""Failed probes in a row (a minute) after which a process that does not answer is killed and started again."""


@dataclass
class ProcessTask:
    """Runs one `ProcessSpec` until told to stop. Fields are what `status` shows."""

    spec: ProcessSpec
    fingerprint: str
    context: Context
    state: ProcessState = "waiting"
    detail: str = ""
    who: unit.Identity | None = None
    started: float = 0.0
    ready_after: float = 0.0
    ready_cpu: float = 0.0
    restarts: int = 0
    exit_code: int | None = None
    child: subprocess.Popen[bytes] | None = None
    _stopping: bool = False
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def subject(self) -> Subject:
        """Its name in events and states."""
        return Subject("process", self.spec.name)

    @property
    def made(self) -> str:
        """A digest of what it is made from, where it is run once: while that stays the same, it has done its work."""
        work = [self.spec.work, self.spec.seen] if self.spec.seen else self.spec.work
        return digest(work) if self.spec.work else self.fingerprint

    @property
    def gives(self) -> str:
        """What it gave, where it is run once: as it says itself, else all that it is made from."""
        if self.spec.follows:
            return self._said("followed")
        return self.context.progress.gave.get(self.spec.name) or self.made

    def begin(self, adopted: unit.Identity | None = None) -> None:
        """Starts supervising; `adopted` is a live process of the same fingerprint that a predecessor started."""
        self._task = asyncio.create_task(self._run(adopted), name=self.subject)

    def _set(self, state: ProcessState, detail: str = "") -> None:
        self.state, self.detail = state, detail
        if state in ("ready", "done"):
            self.context.gates.open(self.spec.name)
        else:
            self.context.gates.close(self.spec.name)
        self.context.touch()

    async def _run(self, adopted: unit.Identity | None) -> None:
        failures = 0
        if self.spec.once and self.context.progress.done.get(self.spec.name) == self.made and not adopted:
            self._set("done")
            return
        while not self._stopping:
            try:
                if adopted is None:
                    await self._launch()
                else:
                    self.who, self.started = adopted, time.time()
                    self.context.bus.tell(Kind.NOTE, self.subject, "taken over, still running")
                lived = time.monotonic()
                await self._live()
                if time.monotonic() - lived > CALM:
                    failures = 0
                if self._finished():
                    return
                self.context.bus.tell(Kind.EXITED, self.subject, self._last_words(), code=self.exit_code)
            except (OSError, subprocess.SubprocessError) as error:
                self.context.bus.tell(Kind.FAILED, self.subject, str(error))
                self.detail = str(error)
            adopted = None
            if self._stopping:
                return
            failures += 1
            pause = BACKOFF.pause(failures)
            if failures >= STARTS and not self.ready_after:
                self._set("failed", f"given up after {failures} starts in a row: {self._last_words() or self.detail}")
                self.context.bus.tell(Kind.FAILED, self.subject, self.detail)
                return
            self.restarts += 1
            self._set("exited", f"restarting in {pause:g} s: {self._last_words()}")
            self.context.bus.tell(Kind.RESTARTING, self.subject, f"in {pause:g} s", attempt=failures)
            await asyncio.sleep(pause)

    async def _launch(self) -> None:
        self._set("waiting", "waits for " + ", ".join(self.context.gates.closed(self.spec.after)[:3]))
        await self.context.gates.wait(self.spec.after)
        self._set("setup")
        place = self.context.prepare(self.spec)
        await self._setup(place)
        self.exit_code = None
        self.child, self.who = await asyncio.to_thread(
            unit.spawn,
            self.spec,
            place,
            self.context.log(self.spec.name),
            self.context.environment(self.spec.name, self.fingerprint),
            self.context.archive(self.spec),
        )
        self.started = time.time()
        self._set("starting")
        self.context.bus.tell(Kind.STARTING, self.subject, pid=self.who.pid)

    async def _setup(self, place: Path) -> None:
        if self.spec.archive:
            await asyncio.to_thread(ensure_base, Path(self.spec.argv[0]))
        for step in self.spec.setup:
            if (place / step.creates).exists():
                continue
            environment = {**self.context.environment(self.spec.name, self.fingerprint), **step.env}
            child, _ = unit.start(
                self._with_archive(step.argv),
                place,
                self.context.log(self.spec.name),
                environment,
                unprivileged=self.spec.unprivileged,
            )
            if code := await asyncio.to_thread(child.wait):
                raise OSError(f"set-up command {Path(step.argv[0]).name} exited {code}: {self._last_words()}")

    def _with_archive(self, argv: tuple[str, ...]) -> tuple[str, ...]:
        """A set-up command of the same runtime maps the process's archive: it uses the same classes."""
        archive = self.context.archive(self.spec)
        shared = archive is not None and archive.exists() and argv[0] == self.spec.argv[0]
        return with_archive(argv, archive, archive) if archive and shared else argv

    async def _live(self) -> None:
        """Returns when the process is gone, with its group swept."""
        assert self.who is not None
        gone = asyncio.create_task(self._gone())
        probing = asyncio.create_task(self._probe())
        await asyncio.wait({gone}, return_when=asyncio.FIRST_COMPLETED)
        probing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await probing
        await asyncio.to_thread(unit.sweep, self.who)
        self.context.keep_archive(self.spec)

    async def _gone(self) -> None:
        while True:
            if self.child is not None:
                if (code := self.child.poll()) is not None:
                    self.exit_code = code
                    return
            elif not unit.alive(self.who):
                return
            await asyncio.sleep(0.1)

    async def _probe(self) -> None:
        begun = time.monotonic()
        failed = 0
        if self.spec.once:
            self._set("running")
        while self.spec.once:
            if not self.spec.follows:
                return
            await asyncio.sleep(FOLLOWED)
            state = "ready" if self._said("followed") else "running"
            if self.state in ("running", "ready") and state != self.state:
                self._set(state)
        while True:
            waiting = await self._answer()
            if waiting is None:
                if failed:
                    failed, self.detail = 0, ""
                if self.state != "ready" and not self._stopping:
                    self.ready_after = time.monotonic() - begun
                    self.ready_cpu = self.context.cpu(self.who)
                    self._set("ready")
                    self.context.bus.tell(
                        Kind.READY, self.subject, seconds=round(self.ready_after, 2), cpu=round(self.ready_cpu, 2)
                    )
            elif self.state == "ready":
                failed += 1
                self.detail = f"does not answer: {waiting}"
                if failed >= HUNG and self.who:
                    self.context.bus.tell(Kind.FAILED, self.subject, f"hung for a minute, killed: {waiting}")
                    unit.signal_group(self.who, signal.SIGKILL)
                    return
            else:
                self.detail = waiting
            shortest, longest = LOOKS
            starting = min(longest, max(shortest, (time.monotonic() - begun) / 20))
            await asyncio.sleep(LIVENESS if self.state == "ready" else starting)

    async def _answer(self) -> str | None:
        probe = self.spec.ready
        if probe is None:
            return None
        try:
            return await call(probe.entry, probe.timeout, **probe.args)
        except TimeoutError:
            return f"no answer in {probe.timeout:g} s"
        except Exception as error:
            return why(error)

    def progress(self) -> tuple[int | None, int | None]:
        """How much of its work is done, and how much there is, as a process says it that works once."""
        if not self.spec.once or self.state not in ("running", "done"):
            return None, None
        told = numbers(self._last_words()) or {}
        sent, total = told.get("sent"), told.get("total")
        return (int(sent), int(total)) if sent is not None and total is not None else (None, None)

    def _finished(self) -> bool:
        if not self.spec.once or self._stopping or self.exit_code is None:
            return False
        if self.exit_code == 0:
            self.context.progress.finish(self.spec.name, self.made, self._said("gave"))
            told = plain(self._last_words())
            self._set("done", told)
            self.context.bus.tell(Kind.FINISHED, self.subject, told)
            return True
        if self.exit_code == REFUSED:
            self._set("failed", self._last_words())
            self.context.bus.tell(Kind.FAILED, self.subject, self.detail)
            return True
        return False

    def _grace(self) -> float:
        """Seconds to end by itself; a JVM that has no archive yet writes one at its exit, and may take longer."""
        archive = self.context.archive(self.spec)
        return self.spec.stop_grace if archive is None or archive.exists() else max(WRITING, self.spec.stop_grace)

    def _last_words(self) -> str:
        return last_line(self.context.log(self.spec.name))

    def _said(self, name: str) -> str:
        """What its last JSON line says under a name."""
        return next((said(line, name) for line in last_lines(self.context.log(self.spec.name)) if line[:1] == "{"), "")

    async def stop(self) -> None:
        """Ends the process gracefully, then by force after its grace; returns when its group is empty."""
        self._stopping = True
        if unit.alive(self.who) and self.who:
            self._set("stopping")
            self.context.bus.tell(Kind.STOPPING, self.subject)
            unit.signal_leader(self.who, getattr(signal, f"SIG{self.spec.stop_signal}"))
            deadline = time.monotonic() + self._grace()
            while unit.alive(self.who) and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            if unit.alive(self.who):
                self.context.bus.tell(Kind.NOTE, self.subject, f"did not stop in {self.spec.stop_grace:g} s, killed")
                unit.signal_group(self.who, signal.SIGKILL)
            await asyncio.to_thread(unit.sweep, self.who)
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self.child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self.child.wait, 5)
        self.context.keep_archive(self.spec)
        self._set("stopped")
        self.context.bus.tell(Kind.STOPPED, self.subject)


REFUSED = 3
"""Exit code of a one-shot process that must not be tried again as it is (its input changed, or does not fit): the next
deployment that is handed over, hence the next `up`, tries it again."""


def last_line(path: Path, limit: int = 4000) -> str:
    """The last non-empty line of a log, shortened."""
    return next(iter(last_lines(path, limit)), "")[:300]


def last_lines(path: Path, limit: int = 4000) -> list[str]:
    """The last non-empty lines of a log, the newest first."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - limit))
            lines = stream.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    return [line.strip() for line in reversed(lines) if line.strip()]


def said(line: str, name: str) -> str:
    """What a JSON line says under a name, as text; empty where it says nothing, or is no such line."""
    return str((_fields(line) or {}).get(name, ""))


def plain(line: str) -> str:
    """A process's last line for people: the numbers of a JSON line with their names, any other as it is."""
    return ", ".join(f"{key} {part:,}" for key, part in (numbers(line) or {}).items()) or line


def numbers(line: str) -> dict[str, int | float] | None:
    """The numbers of a line that is a JSON object, by their names; None for any other line."""
    fields = _fields(line)
    if fields is None:
        return None
    return {key: part for key, part in fields.items() if isinstance(part, int | float) and not isinstance(part, bool)}


def _fields(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
