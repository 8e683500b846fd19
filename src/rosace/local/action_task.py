"""The life of one action: done once its processes are ready, tried again until it succeeds or is given up."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

from rosace.contract.machine import Action
from rosace.kit.backoff import Backoff
from rosace.kit.unanswered import why
from rosace.local.entry import call
from rosace.local.supervision import Context
from rosace.model.events import Kind, Subject
from rosace.model.status import ActionState

BACKOFF = Backoff((0.2, 0.5, 1.0, 2.0, 5.0), most=60)
"""Its processes are ready whenever it is tried, so that what fails sixty times in a row, over four minutes at least,
fails for ever. `up` tries it again."""
PATIENCE = 60.0
"""Seconds that one try may take."""


@dataclass
class ActionTask:
    """Runs one `Action`; its gate opens when it succeeded."""

    action: Action
    fingerprint: str
    context: Context
    state: ActionState = "waiting"
    detail: str = ""
    attempts: int = 0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def subject(self) -> Subject:
        """Its name in events and states."""
        return Subject("action", self.action.name)

    def begin(self) -> None:
        """Starts the task, which waits at its gates."""
        self._task = asyncio.create_task(self._run(), name=self.subject)

    async def _run(self) -> None:
        while True:
            await self.context.gates.wait(self.action.after)
            self.state = "applying"
            try:
                secrets = {name: self.context.secrets[name] for name in self.action.secrets}
                extra = {"secrets": secrets} if secrets else {}
                await call(self.action.entry, PATIENCE, **self.action.args, **extra)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.detail = why(error)[:300]
                self.attempts += 1
                if BACKOFF.over(self.attempts):
                    self._give_up()
                    return
                if self.attempts in (5, 50):
                    self.context.bus.tell(Kind.FAILED, self.subject, self.detail, attempts=self.attempts)
                self.context.touch()
                await asyncio.sleep(BACKOFF.pause(self.attempts))
                continue
            self.state, self.detail = "done", ""
            self.context.gates.open(self.action.name)
            self.context.bus.tell(Kind.APPLIED, self.subject)
            self.context.touch()
            return

    def _give_up(self) -> None:
        self.state = "failed"
        self.detail = f"given up after {self.attempts} failures in a row: {self.detail}"
        self.context.bus.tell(Kind.FAILED, self.subject, self.detail, attempts=self.attempts)
        self.context.touch()

    async def stop(self) -> None:
        """Cancels it and closes its gate; nothing that was applied is taken back."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.context.gates.close(self.action.name)
