"""The life of one action: done once its processes are ready, tried again until it succeeds."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

from rosace.contract.machine import Action
from rosace.kit.unanswered import why
from rosace.local.entry import call
from rosace.local.supervision import Context
from rosace.model.events import Kind, Subject
from rosace.model.status import ActionState

BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0)
PATIENCE = 60.0


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
                if self.attempts in (5, 50):
                    self.context.bus.tell(Kind.FAILED, self.subject, self.detail, attempts=self.attempts)
                self.context.touch()
                await asyncio.sleep(BACKOFF[min(self.attempts - 1, len(BACKOFF) - 1)])
                continue
            self.state, self.detail = "done", ""
            self.context.gates.open(self.action.name)
            self.context.bus.tell(Kind.APPLIED, self.subject)
            self.context.touch()
            return

    async def stop(self) -> None:
        """Cancels it and closes its gate; nothing that was applied is taken back."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.context.gates.close(self.action.name)
