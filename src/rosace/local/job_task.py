"""The life of one job: submitted when its needs are ready, healed, drained when its input has ended, run when due."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rosace.contract.jobs import Hopeless, JobOrder, JobReport
from rosace.kit.folders import several
from rosace.kit.growth import facts
from rosace.kit.moments import moments_at, moments_said
from rosace.kit.unanswered import why
from rosace.local import job_once
from rosace.local.entry import call
from rosace.local.job_commits import Commits
from rosace.local.job_failures import Failures
from rosace.local.supervision import Context
from rosace.model.checked import Ref
from rosace.model.events import Kind, Subject
from rosace.model.moments import Moments
from rosace.model.status import JobState
from rosace.plan.machine.deployment import Streams, digest

SOON, TICK, SLOWEST = 0.1, 0.5, 2.0
"""Seconds between looks at a job: while it waits for engines or is drained, while it works, and at most."""
COST = 5
"""How many times longer than a look took the next one is waited for: an engine that is busy is asked less often."""
COUNTED = 2.5
"""Seconds until what a job has counted is told: Flink fetches it once a second (`metrics.fetcher.update-interval`)."""
PATIENCE = 60.0
"""Seconds for one call of a driver: a submission compiles SQL on a machine that is busy starting engines."""


_UNDER_WAY = ("submitting", "absent", "starting", "running")
"""States that say nothing yet of whether a job that failed works again."""


@dataclass
class JobTask:
    """Runs one `JobOrder`. `settled` tells whether a named job or source has given all it will give, `written`
    whether all that write a topic or table have."""

    order: JobOrder
    fingerprint: str
    context: Context
    settled: Callable[[str], str | None]
    written: Callable[[Ref], bool]
    streams: Streams | None
    state: JobState = "waiting"
    detail: str = ""
    report: JobReport = field(default_factory=lambda: JobReport("absent"))
    failures: Failures = field(default_factory=lambda: Failures(0))
    again_by_us: int = 0
    since: float = 0.0
    current: bool = False
    """It has read all that its sources gave so far, and committed that it did."""
    commits: Commits = field(default_factory=Commits)
    _draining: bool = False
    _ran: bool = False
    _fresh: bool = False
    _cron: str = ""
    _began: str = ""
    _looked: float = 0.0
    _counted: int | None = None
    """How many of the restarts by the engine itself were seen, in the run that is looked at."""
    _before: int = 0
    """Restarts by the engine itself in the runs before."""
    _noted: bool = False
    """The failure that is reported was seen before."""
    _most: tuple[int | None, int | None] = (None, None)
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        kept = dict(self.context.progress.failing.get(self.order.name, {}))
        known = kept if kept.pop("fingerprint", "") == self.fingerprint else {}
        self.failures = Failures(self.order.retries, **known)

    @property
    def subject(self) -> Subject:
        """Its name in events and states."""
        return Subject("job", self.order.name)

    @property
    def restarts(self) -> int:
        """How often it was started again, by its engine or by us."""
        return self.again_by_us + self._before + self.report.restarts

    def begin(self) -> None:
        """Starts the task, which waits at its gates."""
        self._task = asyncio.create_task(self._run(), name=self.subject)

    def key(self) -> str | None:
        """What the run that is due is made from; None while it is not due. A finished key is never run again."""
        asked = self.context.progress.asked.get(self.order.name, 0)
        work, inputs = self.order.work or self.fingerprint, self._inputs()
        if self.order.batch:
            if any(value is None for value in inputs):
                return None
            due = self._last_due() if self.order.schedule else ""
            if self.order.schedule and not self.order.after and not due and not asked:
                return None
            return digest([work, inputs, asked, due, *self._said(), *self._seen()])
        return digest([work, inputs, asked])

    def _seen(self) -> list[str]:
        """What its files look like, where it reads any."""
        if self.order.follows:
            return [facts([Path(name) for name in several(Path("/"), self.order.follows)])]
        return [self.order.seen] if self.order.seen else []

    def _inputs(self) -> list[str | None]:
        """What each job or source that it waits for gave; None for those that may give more."""
        return [self.settled(name) for name in (self.order.after if self.order.batch else self.order.finite_inputs)]

    def _last_due(self) -> str:
        """The newest moment of the schedule since this supervisor began; empty before the first."""
        from cronsim import CronSim

        start = datetime.fromtimestamp(self.since, UTC)
        ticks = CronSim(self.order.schedule, start)
        if self._cron:
            ticks = CronSim(self.order.schedule, datetime.fromisoformat(self._cron))
        upcoming = next(ticks)
        if upcoming <= datetime.now(UTC):
            self._cron = upcoming.isoformat()
            self.context.progress.due(self.order.name)
        return self._cron

    def _said(self) -> list[str]:
        """The moment of its schedule that a person asked for, if one did since its schedule last started it."""
        said = self.context.progress.said.get(self.order.name)
        return [said] if said else []

    def moments(self) -> Moments:
        """Those that a person said, of the run that is due, or of the last that was before this supervisor began."""
        if said := self._said():
            return moments_said(self.order.schedule, said[0])
        now = datetime.fromisoformat(self._cron) if self._cron else datetime.fromtimestamp(self.since, UTC)
        return moments_at(self.order.schedule, now)

    @property
    def counts(self) -> tuple[int | None, int | None]:
        """Records in and out, of this run or of the last one that ended."""
        read, written = self.context.progress.counts.get(self.order.name, (None, None))
        return (read, written) if self.state == "finished" else (self.report.records_in, self.report.records_out)

    @property
    def late(self) -> int | None:
        """Records that came too late, in this run or in the last one."""
        return self.context.progress.late.get(self.order.name)

    def finished(self) -> str | None:
        """The key of the run that ended and still is the one wanted; None while work is to be done."""
        done = self.context.progress.jobs.get(self.order.name)
        return done if done is not None and done == self.key() else None

    @property
    def gives(self) -> str | None:
        """What an endless stream was made of so far, once it has read all of that; None while it has not."""
        given = [self.settled(name) for name in self.order.endless_inputs]
        return digest([self.key(), *given]) if self.current and None not in given else None

    def _set(self, state: JobState, detail: str = "") -> None:
        if state in _UNDER_WAY and not self.failures.quiet():
            state, detail = "failing", self.failures.error
        if state != self.state:
            self.context.touch()
            self.context.note(self.order.name, f"{state}{': ' + detail if detail else ''}")
        self.state, self.detail = state, detail

    async def _run(self) -> None:
        self.since = time.time()
        while True:
            try:
                await self._tick()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self._unreachable(why(error)[:300])
                await asyncio.sleep(1.0)
            await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        """Seconds until the next look."""
        if self.state == "draining" or self.context.gates.closed(self.order.needs):
            return SOON
        return min(SLOWEST, max(TICK, COST * self._looked))

    def _unreachable(self, reason: str) -> None:
        """Nobody said how the job is."""
        self._set("unreachable" if self._ran else "waiting", reason)

    def _fail(self, key: str | None, report: JobReport, times: int = 1) -> None:
        """The job failed, or could not be started: it is tried again later, or given up."""
        error = report.error or report.detail or "its engine does not say why"
        told = error != self.failures.error
        self.failures.take(error, key=key or "", hopeless=report.hopeless, times=times)
        self.context.note(self.order.name, f"failed: {error}", report.trace)
        if self.failures.over:
            self._give_up()
            return
        if told:
            self.context.bus.tell(Kind.FAILED, self.subject, error)
        self._keep()
        self._set("failing", error)

    def _give_up(self) -> None:
        self.context.bus.tell(Kind.FAILED, self.subject, self.failures.said())
        self._keep()
        self._set("failed", self.failures.said())

    def _keep(self) -> None:
        kept = {**self.failures.plain(), "fingerprint": self.fingerprint} if self.failures.since else {}
        self.context.progress.fail(self.order.name, kept)

    async def _tick(self) -> None:
        self.current = self.current and self.state == "running"
        if self.finished():
            if self.state in (*_UNDER_WAY, "draining") and not self.context.gates.closed(self.order.needs):
                # Begun for inputs that then turned out to be those of the run that ended: nobody waits for this one.
                await self._call("stop", None)
            self.commits.finished()
            self._set("finished", self.detail if self.state == "finished" else "")
            return
        key = self.key()
        if self.failures.over and self.failures.key == (key or ""):
            self._set("failed", self.failures.said())
            return
        if closed := self.context.gates.closed(self.order.needs):
            # What fails while its engines are away is no failure of the job.
            self._counted = None
            self._set("waiting", "waits for " + ", ".join(closed[:3]))
            return
        if key is None and self.order.batch:
            held = [name for name in self.order.after if self.settled(name) is None]
            self._set("waiting", "waits for " + ", ".join(held) if held else f"next run by `{self.order.schedule}`")
            return
        begun = time.monotonic()
        earlier, self.report = self.report.restarts, await self._call("observe", key)
        self._before += earlier if self.report.restarts < earlier else 0
        self._looked = time.monotonic() - begun
        if await self._restarted(key):
            return
        match self.report.state:
            case "absent" | "failed":
                await self._start(key)
            case "finished" if self._fresh or not self._worked_off(key):
                await self._start(key)
            case "finished":
                self._end(key)
            case _:
                self._most = (self.report.records_in, self.report.records_out)
                self._draining = self._draining and self.report.state == "running"
                if self.report.late is not None:
                    self.context.progress.came_late(self.order.name, self.report.late)
                self.commits.take(self.report.positions)
                if self.report.state == "running":
                    self._works()
                self._set("draining" if self._draining else self.report.state, self.report.detail)
                await self._maybe_finish()
                self.current = bool(self.order.endless_inputs) and await self._has_all(self.order.endless_inputs)

    def _worked_off(self, key: str | None) -> bool:
        """Whether a job that is said to be finished has worked off what `key` stands for.

        Flink goes on to speak of a stream that was drained when there was less to read: that is not the end of this.
        """
        if self.order.batch or not self.order.finite_inputs:
            return True
        return None not in self._inputs() and key in (self._began, self.context.progress.drained.get(self.order.name))

    async def _restarted(self, key: str | None) -> bool:
        """Counts failures after which the engine itself started the run again; True where the job is given up."""
        counted, self._counted = self._counted, self.report.restarts
        if counted is None or self.report.restarts <= counted:
            return False
        self._fail(key, self.report, self.report.restarts - counted)
        if self.failures.over:
            await self._call("stop", key)
        return self.failures.over

    def _works(self) -> None:
        had = self.failures.since
        self.failures.works()
        if had and not self.failures.since:
            self._keep()

    async def _start(self, key: str | None) -> None:
        if self.report.state == "failed" and self._ran and not self._noted:
            self._noted = True
            self._fail(key, self.report)
        if not self.failures.due() or (self.order.once and self._held(key)):
            return
        self._draining, self._noted = False, False
        self._set("submitting", self.report.detail)
        self._began = key or ""
        try:
            await self._call("start", key, fresh=self._fresh)
        except Hopeless as error:
            self._fail(key, JobReport("failed", error=str(error), hopeless=True))
            return
        except Exception as error:
            self._fail(key, JobReport("failed", error=str(error)[:400] or type(error).__name__))
            return
        self.again_by_us += int(self._ran)
        self._fresh, self._ran, self._counted = False, True, 0
        self.commits.submitted()
        self.context.bus.tell(Kind.SUBMITTED, self.subject, "again" if self.again_by_us else "")
        self.context.note(self.order.name, "handed over to its engine")

    def _held(self, key: str | None) -> bool:
        """Whether it has to wait for what it reads once, or cannot go on."""
        held = job_once.held(self.order, self.settled, self.context.progress, fresh=self._fresh, same=key == self.key())
        if held.why:
            self._fail(key, JobReport("failed", error=held.why, hopeless=True))
        elif held.waits:
            self._set("waiting", held.waits)
        return bool(held.why or held.waits)

    def _end(self, key: str | None) -> None:
        if key is None:
            return
        counts = (self.report.records_in or self._most[0], self.report.records_out or self._most[1])
        self.context.progress.end_job(self.order.name, key, counts)
        self._draining = False
        self.commits.finished()
        self.failures.forget()
        self._keep()
        self._set("finished", self.report.detail)
        self.context.bus.tell(Kind.FINISHED, self.subject, self.report.detail)
        self.context.touch()

    async def _maybe_finish(self) -> None:
        """A streaming job whose sources have all ended, and which has read every committed record, is drained."""
        if self._draining or self.order.batch or not self.order.finite_inputs or self.report.state != "running":
            return
        if not await self._has_all(self.order.finite_inputs):
            return
        if self.report.late is not None:
            # What an engine counts it tells a moment later; of a job that was drained it tells nothing.
            await asyncio.sleep(COUNTED)
            self.report = await self._call("observe", self.key())
            self.context.progress.came_late(self.order.name, self.report.late or 0)
        self.context.bus.tell(Kind.DRAINING, self.subject, "all input read")
        self._set("draining")
        key = self.key()
        self.context.progress.drain(self.order.name, key or "")
        await self._call("finish", key)
        self._draining = True

    async def _has_all(self, sources: tuple[str, ...]) -> bool:
        """Whether these have given all, for now or for good, and so have the jobs behind it, and it has read that."""
        if any(self.settled(name) is None for name in sources) or not self.report.positions:
            return False
        return all(self.written(ref) for ref in self.order.reads) and await self._caught_up()

    async def _caught_up(self) -> bool:
        assert self.streams is not None
        topics = [ref.name for ref in self.order.reads if ref.kind == "topic"]
        positions = {topic: dict(self.report.positions.get(topic, {})) for topic in topics}
        asked = {"servers": self.streams.servers, "positions": positions}
        return bool(await call(f"{self.streams.module}:caught_up", PATIENCE, **asked))

    async def _call(self, function: str, key: str | None, **options: bool) -> JobReport:
        secrets = {name: self.context.secrets[name] for name in self.order.secrets}
        order = {**self.order.order, "run": key or ""}
        if self.order.schedule:
            order["moments"] = self.moments().plain()
        return await call(f"{self.order.module}:{function}", PATIENCE, order, secrets, **options)

    async def again(self, *, fresh: bool, at: str = "") -> None:
        """A person asks for another run (batch), or for the job to be stopped and submitted again (streaming).

        `fresh` forgets its checkpoints, so that it reads its input from the beginning. `at` is the moment of its
        schedule that the run is for; that stays so until its schedule starts the next run.
        """
        if not self.context.gates.closed(self.order.needs):
            await self._call("stop", self.key())
        self.context.progress.ask(self.order.name, at)
        self._fresh, self._draining = fresh, False
        self.failures.forget()
        self._keep()
        # At once: whoever waits for its end from now on must not be told of the run before.
        self._set("waiting", "asked for again")

    async def stop(self) -> None:
        """Ends the job keeping its durable state; a job that cannot be reached is left to its engine's end."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self.state not in ("finished", "waiting") and not self.context.gates.closed(self.order.needs):
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._call("stop", self.key()), 15)
        self._set("stopped")
