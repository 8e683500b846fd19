"""The jobs of this driver: one thread each, and what is known of them.

A job's own thread is the only one that speaks to the JVM for it; everyone else reads the last report.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import Any

from .faults import Stopped, hopeless, told

STOP_PATIENCE = 12.0
"""Seconds that a stop waits for the job's thread: `spark.sql.streaming.stopTimeout` and a little."""


TRACE = 2**14
"""Characters of a stack trace that are kept."""


@dataclass
class Job:
    """One run of one job. `positions`: topic -> partition -> next offset, as of the last committed batches."""

    name: str
    order: dict[str, Any]
    run: str
    fresh: bool
    state: str = "starting"
    detail: str = ""
    trace: str = ""
    hopeless: bool = False
    positions: dict[str, dict[str, int]] | None = None
    records_in: int = 0
    finish_run: str | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    began: float = field(default_factory=time.time)

    @property
    def alive(self) -> bool:
        """True while a run is at work."""
        return self.thread is not None and self.thread.is_alive()

    def report(self) -> dict[str, Any]:
        """State, positions and counts, as JSON."""
        return {
            "run": self.run,
            "streaming": self.order["streaming"],
            "state": self.state,
            "detail": self.detail,
            "trace": self.trace,
            "hopeless": self.hopeless,
            "positions": self.positions or {},
            "records_in": self.records_in,
            "began": self.began,
        }

    def check(self) -> None:
        """Raises Stopped when somebody wants the job to end."""
        if self.stopping.is_set():
            raise Stopped


class Jobs:
    """All jobs by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._session: Any = None
        self._sessions: dict[str, tuple[dict[str, Any], Any]] = {}

    def open(self, session: Any) -> None:
        """From now on jobs can start."""
        self._session = session

    @property
    def waiting(self) -> str:
        """What is awaited before jobs can start; empty when they can."""
        return "" if self._session is not None else "the Spark session is being made"

    def reports(self) -> dict[str, Any]:
        """The report of each job by name."""
        with self._lock:
            return {name: job.report() for name, job in self._jobs.items()}

    def report(self, name: str) -> dict[str, Any] | None:
        """The report of one job; None for one that was never started."""
        with self._lock:
            job = self._jobs.get(name)
        return None if job is None else job.report()

    def start(self, name: str, order: dict[str, Any], run: str, *, fresh: bool) -> None:
        """Starts a run. The same run twice is one run; another order ends the run before it."""
        with self._lock:
            old = self._jobs.get(name)
        if old is not None and old.alive:
            same = old.order == order and (old.order["streaming"] or old.run == run)
            if same and not fresh and not old.stopping.is_set():
                return
            if not self.stop(name):
                raise ValueError(f"the run before of {name} does not stop")
        job = Job(name, order, run, fresh)
        job.thread = threading.Thread(target=self._carry_out, args=(job,), name=f"job-{name}", daemon=True)
        with self._lock:
            if self._jobs.get(name) is not old:
                raise ValueError(f"{name} is being started by somebody else")
            self._jobs[name] = job
        job.thread.start()

    def finish(self, name: str, run: str) -> bool:
        """Asks a run to end when it has read all that is there. False for a job that was never started."""
        with self._lock:
            job = self._jobs.get(name)
        if job is None:
            return False
        job.finish_run = run
        return True

    def stop(self, name: str) -> bool:
        """False where the job did not end in time."""
        with self._lock:
            job = self._jobs.get(name)
        if job is None or job.thread is None:
            return True
        job.stopping.set()
        job.thread.join(STOP_PATIENCE)
        return not job.thread.is_alive()

    def _session_of(self, job: Job) -> Any:
        """A session of the job's own, the same one while its order is: each loads its catalog, which keeps connections
        to the database, and a job that failed again and again would take all there are (Spark 4.1.1, Iceberg 1.11)."""
        order, session = self._sessions.get(job.name, ({}, None))
        if session is None or order != job.order:
            session = self._session.newSession()
            self._sessions[job.name] = (job.order, session)
        return session

    def _carry_out(self, job: Job) -> None:
        from . import batches, loads, streams

        kinds = {"stream": streams.run, "batch": batches.run, "python": batches.run_python, "load": loads.load}
        try:
            session = self._session_of(job)
            self._session.sparkContext.setLocalProperty("spark.scheduler.pool", job.name)
            kinds[job.order["kind"]](session, job)
            job.state = "finished"
        except Stopped:
            job.state, job.detail = "absent", "stopped"
        except BaseException as error:
            # A user's own code may raise SystemExit: the driver goes on for the others.
            job.state, job.detail = ("absent", "stopped") if job.stopping.is_set() else ("failed", told(error))
            if job.state == "failed":
                job.hopeless = hopeless(error)
                job.trace = "".join(traceback.format_exception(error))[-TRACE:]
            print(f"rosace: job {job.name} {job.state}: {job.detail}", file=sys.__stdout__, flush=True)
