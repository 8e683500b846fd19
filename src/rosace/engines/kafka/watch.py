"""What must work while the main thread is inside the client library: a signal, and a way out when it never returns.

librdkafka 2.16 can hang in `send_offsets_to_transaction`, whatever its timeout, after the broker that coordinates the
group was away (its issues 5456 and 5511). A transaction that hangs is worth nothing, and what is committed is stored:
the process replaces itself by a fresh one, under the same process id, which takes over where it was.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

SIGNALS = (signal.SIGTERM, signal.SIGINT)
TERMINATED = 128 + signal.SIGTERM

OVERDUE = 6.0
"""Seconds after which a call has hung that was given one second."""


class Watch:
    """Watches over the main thread from threads of its own; make it before anything else starts threads.

    `stop` is set by the first signal that asks the process to end.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._since = float("inf")
        # Blocked in every thread, so that signals wait until one thread takes them.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        threading.Thread(target=self._take_signals, name="signals", daemon=True).start()
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    @contextmanager
    def call(self) -> Generator[None]:
        """Around each call that is to return within a second."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = float("inf")

    def _take_signals(self) -> None:
        while True:
            signal.sigwait(SIGNALS)
            self.stop.set()

    def _look(self) -> None:
        while True:
            time.sleep(0.5)
            if time.monotonic() - self._since > OVERDUE:
                self._leave()

    def _leave(self) -> None:
        if self.stop.is_set():
            os._exit(TERMINATED)
        print("the client library hangs; starting again from what is committed", file=sys.stderr, flush=True)
        sys.stdout.flush()
        os.execv(sys.executable, sys.orig_argv)
