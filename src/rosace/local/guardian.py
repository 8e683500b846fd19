"""The guardian: a process so small that it has no reason to die, whose one task is to bring the supervisor back.

Run as `python -m rosace.local.guardian HOME`. It ends at once where another guardian lives, waits where a supervisor
does already, and ends when the platform is not wanted any more. Imports almost nothing: its memory is the
interpreter's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

from rosace.kit.backoff import Backoff
from rosace.local.standing import GUARDIAN, OTHER, SUPERVISOR, Lock, holder, take, wanted

_BACKOFF = Backoff((0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0))
_FAST = 10.0
"""Seconds: a supervisor that lived longer than this is started again at once."""
_PATIENCE = 2.0
"""Seconds to wait for the lock of a guardian that is just ending."""


class Guardian:
    """One loop: a supervisor, or a pause before the next."""

    def __init__(self, home: str, lock: Lock) -> None:
        self.home = home
        self.lock = lock
        self.supervisor = 0
        self.over = False

    def end(self, *_: object) -> None:
        """Ends the supervisor, with all that it runs, and thereby this process."""
        self.over = True
        if self.supervisor:
            with contextlib.suppress(OSError):
                os.kill(self.supervisor, signal.SIGTERM)

    def watch(self) -> None:
        """Starts the supervisor, and again whenever it dies, after a pause; returns when it ended by itself or is not
        wanted.
        """
        failures = 0
        while self._on():
            begun = time.monotonic()
            if self._one() == 0:
                return
            failures = 1 if time.monotonic() - begun > _FAST else failures + 1
            self._rest(_BACKOFF.pause(failures))

    def _on(self) -> bool:
        return wanted(self.home) and self.lock.lasts() and not self.over

    def _one(self) -> int | None:
        """Lives through one supervisor; its exit code where that can be known."""
        if found := holder(f"{self.home}/{SUPERVISOR}"):
            self.supervisor = found
            while holder(f"{self.home}/{SUPERVISOR}") == found:
                time.sleep(0.5)
            self.supervisor = 0
            return None
        try:
            argv = [sys.executable, "-P", "-m", "rosace.local.supervisor", self.home]
            child = subprocess.Popen(argv, start_new_session=True)
        except OSError as error:
            print(f"cannot start the supervisor: {error}", file=sys.stderr, flush=True)
            return None
        self.supervisor = child.pid
        if self.over:
            child.terminate()
        code = child.wait()
        self.supervisor = 0
        return None if code == OTHER else code

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._on():
            time.sleep(0.1)


def main() -> None:
    """The guardian of the platform whose folder is `argv[1]`; returns at once where one is alive."""
    home = sys.argv[1]
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        lock = take(f"{home}/{GUARDIAN}", _PATIENCE)
    except FileNotFoundError:
        return
    if lock is None:
        return
    guardian = Guardian(home, lock)
    signal.signal(signal.SIGTERM, guardian.end)
    guardian.watch()


if __name__ == "__main__":
    main()
