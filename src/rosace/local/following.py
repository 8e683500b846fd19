"""Following a platform until it is well, or until all of its data has flowed."""

from __future__ import annotations

import time
from collections.abc import Generator

from rosace.local.bringup import ensure, look
from rosace.local.control import NotRunning, follow
from rosace.local.home import Home
from rosace.local.told import Happened, Hopeless, Looked, Stuck
from rosace.model.events import Kind
from rosace.model.status import ProcessNow, Running, awaited, flowed, health, hopeless, troubles, unfinished
from rosace.plan.machine.deployment import Deployment

QUIET = 3.0
"""Seconds for which nothing new came of what is followed until its data has flowed: more than a look at files takes to
become a record that is read and committed, or to show that there is one."""
LOOK = 0.5
"""Seconds between looks at what runs while nothing happens."""

CALM, SHARE = 2.0, 0.1
"""A job that was just submitted and has committed nothing yet is watched for so many seconds in which all is well, or
for this share of the time since `up` handed over, if that is more. Flink and Spark say that a job runs before it has
read a record; that takes less than a second on an idle machine, and on a busy one longer, as everything does."""

BEGUN = 10.0
"""Seconds that are waited, all else being well, for sources to send their first record: before that no job can fail of
one. Their process starts in one to three seconds; one whose files are still to come may never send any."""

STILL = 300.0
"""Seconds in which no state and no count of records changed, after which data is not waited for any longer: a window of
an hour that waits for its next event would never end."""

_AT_WORK = frozenset({"submitting", "absent", "starting", "running"})
"""States of a job that may still come to something."""

Heard = Happened | Looked | Hopeless | Stuck


class Following:
    """The events of one platform, each once. `since` is the number of the last one that was seen."""

    def __init__(self, home: Home, deployment: Deployment, since: int) -> None:
        self.home, self.since = home, since
        self._wanted, self._finite = deployment.fingerprints(), deployment.finite()
        self._endless, self._follows = deployment.endless(), deployment.follows()
        self._quiet = 0.0
        self._since, self._good = time.monotonic(), 0.0
        self._submitted: set[str] = set()
        self._calm: dict[str, float] = {}
        """Since when each of these has been at work without failing, while there was something to read."""

    def well(self, timeout: float) -> Generator[Heard, None, bool]:
        """Until all is well, and what was submitted meanwhile has shown that it works, or a while has passed in which
        it did not fail. Returns False when `timeout` seconds passed, or when it is hopeless."""
        return (yield from self._until(timeout, to_the_end=False))

    def flowed(self, timeout: float) -> Generator[Heard, None, bool]:
        """Until all sources have been replayed and every job that has an end has ended; returns as `well` does, and
        also when nothing has moved for `STILL` seconds. What was waited for then is told."""
        return (yield from self._until(timeout, to_the_end=True))

    def _there(self, now: Running, *, to_the_end: bool) -> bool:
        if not to_the_end:
            return self._well(now)
        if not flowed(now, self._wanted, self._finite, self._endless):
            self._quiet = 0.0
            return False
        self._quiet = self._quiet or time.monotonic()
        return not self._follows or time.monotonic() - self._quiet >= QUIET

    def _well(self, now: Running) -> bool:
        moment = time.monotonic()
        if good := health(now, self._wanted) == "well":
            self._good = self._good or moment
        else:
            self._good = 0.0
        sent = all(map(_sends, now.processes.values())) or (good and moment - self._good >= BEGUN)
        unproven = self._unproven(now)
        # Engines that no job needs may be ready last: a job that has worked meanwhile is not watched once more.
        at_work = [name for name in unproven if now.jobs[name].batch or now.jobs[name].state == "running"]
        self._calm = {name: self._calm.get(name, moment) for name in at_work} if sent else {}
        long = max(CALM, SHARE * (self._good - self._since))
        return good and all(moment - self._calm.get(name, moment) >= long for name in unproven)

    def _unproven(self, now: Running) -> list[str]:
        """Jobs that were just submitted, are at work, and have not shown yet that they can do it."""
        known = ((name, now.jobs[name]) for name in self._submitted if name in now.jobs)
        return [name for name, job in known if not job.committed and job.state in _AT_WORK]

    def _waiting(self, now: Running, *, to_the_end: bool) -> tuple[str, ...]:
        missing = (*troubles(now), *awaited(now, self._wanted))
        if not missing and not to_the_end:
            return tuple(f"{name} (has committed nothing yet)" for name in self._unproven(now))
        if missing:
            named = [(subject.name, state, detail) for subject, state, detail in missing]
            return tuple(f"{name} ({state}{': ' + detail if detail else ''})" for name, state, detail in named)
        return unfinished(now, self._finite)

    def _until(self, timeout: float, *, to_the_end: bool) -> Generator[Heard, None, bool]:
        deadline = time.monotonic() + timeout
        next_look, moved, last = 0.0, time.monotonic(), None
        while time.monotonic() < deadline:
            try:
                for item in follow(self.home, self.since):
                    if item is not None:
                        self.since = item[0]
                        if (event := item[1]).kind is Kind.SUBMITTED:
                            self._submitted.add(event.subject.name)
                        yield Happened(*item)
                    if item is None and time.monotonic() < next_look:
                        continue
                    now = look(self.home)
                    next_look = time.monotonic() + LOOK
                    yield Looked(now)
                    if self._there(now, to_the_end=to_the_end):
                        return True
                    if failed := hopeless(now):
                        yield Hopeless(*failed)
                        return False
                    if (seen := _moving(now)) != last:
                        moved, last = time.monotonic(), seen
                    still = time.monotonic() - moved
                    if over := time.monotonic() > deadline:
                        yield Stuck("the time is over", timeout, self._waiting(now, to_the_end=to_the_end))
                    elif to_the_end and still > STILL:
                        over = True
                        yield Stuck("nothing moved", still, self._waiting(now, to_the_end=True))
                    if over:
                        return False
            except NotRunning:
                time.sleep(LOOK)
                # Where its guardian was killed with it, nobody else brings it back.
                ensure(self.home)
        return False


def _sends(process: ProcessNow) -> bool:
    """Whether a process has begun to send what it sends once; true of all others."""
    early = process.state in ("waiting", "setup", "starting") or (process.state == "running" and process.sent is None)
    return not (process.once and early)


def _moving(now: Running) -> object:
    """What changes while data flows."""
    return (
        [(name, item.state, item.pid) for name, item in now.processes.items()],
        [(name, item.state, item.records_in, item.records_out, item.detail) for name, item in now.jobs.items()],
    )
