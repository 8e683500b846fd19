"""What a supervisor knows at one moment, typed: the one thing that its readers are given."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from rosace.local import unit
from rosace.local.build import build
from rosace.model.status import ActionNow, JobNow, ProcessNow, Running, SupervisorNow

if TYPE_CHECKING:
    from rosace.local.job_task import JobTask
    from rosace.local.process_task import ProcessTask
    from rosace.local.supervisor import Supervisor


BUILD = build()
"""What this supervisor was started from; a newer Rosace replaces it."""


def snapshot(supervisor: Supervisor) -> Running:
    """Processes, actions and jobs with their states, memory in bytes, times in seconds since the epoch."""
    deployment = supervisor.deployment
    seen = unit.census()
    return Running(
        time=time.time(),
        platform=deployment.platform if deployment else "",
        root=deployment.root if deployment else "",
        inputs=deployment.inputs if deployment else "",
        supervisor=SupervisorNow(
            pid=os.getpid(),
            memory=unit.resident(seen.groups.get(os.getpid(), [os.getpid()])),
            build=BUILD,
            stopping=supervisor.over.is_set(),
        ),
        processes={name: _process(task, seen) for name, task in list(supervisor.processes.items())},
        actions={
            name: ActionNow(state=task.state, detail=task.detail, fingerprint=task.fingerprint)
            for name, task in list(supervisor.actions.items())
        },
        jobs={name: _job(task) for name, task in list(supervisor.jobs.items())},
    )


def _process(task: ProcessTask, seen: unit.Census) -> ProcessNow:
    sent, total = task.progress()
    pid = task.who.pid if task.who is not None and unit.alive(task.who) else None
    return ProcessNow(
        engine=task.spec.engine,
        state=task.state,
        detail=task.detail,
        pid=pid,
        since=task.started or None,
        ready_seconds=round(task.ready_after, 2) or None,
        ready_cpu_seconds=round(task.ready_cpu, 2) or None,
        restarts=task.restarts,
        exit_code=task.exit_code,
        heap=int(task.spec.heap),
        expected=int(task.spec.memory),
        memory=unit.resident(seen.family(pid)) if pid is not None else 0,
        ports=dict(task.spec.ports),
        interface=task.spec.interface,
        once=task.spec.once,
        fingerprint=task.fingerprint,
        sent=sent,
        total=total,
    )


def _job(task: JobTask) -> JobNow:
    return JobNow(
        engine=task.order.engine,
        state=task.state,
        detail=task.detail,
        batch=task.order.batch,
        schedule=task.order.schedule,
        restarts=task.restarts,
        error=task.failures.error,
        failing_since=task.failures.since or None,
        failures=task.failures.attempts,
        next_try=task.failures.next_try or None,
        current=task.current if task.order.endless_inputs else None,
        committed=task.commits.lately,
        late=task.late,
        records_in=task.counts[0],
        records_out=task.counts[1],
        reads=tuple(map(str, task.order.reads)),
        writes=tuple(map(str, task.order.writes)),
        fingerprint=task.fingerprint,
    )
