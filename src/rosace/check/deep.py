"""Room for what descends into itself.

Comes in: nothing. Goes out: a context in which Python takes more calls inside each other. Must not: be used by two
threads at once.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

_CALLS = 6_000
"""Enough for SQL of 100 levels, some 25 calls each in sqlglot 30.30 (measured). From Python 3.11 on, calls of Python by
Python are not kept on the machine's stack."""


@contextmanager
def deep() -> Generator[None]:
    """Lets Python descend further than it does by itself."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
