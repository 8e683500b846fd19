"""How far a check is, on a terminal: one line that appears after a second, and is gone at the end."""

from __future__ import annotations

import sys
import time

QUIET, PAUSE = 1.0, 0.1
"""Seconds that may pass in silence, and between two states of the line."""


class Reading:
    """Shows on stderr how many texts are read; nothing where it is no terminal, since a line cannot be taken back."""

    def __init__(self) -> None:
        self._next = time.monotonic() + QUIET
        self._shown = False
        self._terminal = sys.stderr.isatty()

    def hear(self, done: int, whole: int) -> None:
        """Takes how many are read, of how many."""
        if self._terminal and time.monotonic() >= self._next:
            self._next = time.monotonic() + PAUSE
            self._shown = True
            print(
                f"\r\x1b[Kchecking: {done:,} of {whole:,} jobs, queries and oracles",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
