"""Work that calls back, as a stream: done in a thread of its own, what it tells is handed on as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def streamed(work: Callable[[Callable[[T], None]], R], cancel: Callable[[], None]) -> Generator[T, None, R]:
    """Yields what `work` tells through the function that it is given; returns or raises what it does.

    Whoever stops listening, by Ctrl-C say, makes `cancel` be called; the thread then ends by itself, or with Rosace.
    """
    heard: queue.SimpleQueue[T | None] = queue.SimpleQueue()
    came: list[R] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            came.append(work(heard.put))
        except BaseException as error:
            failed.append(error)
        finally:
            heard.put(None)

    thread = threading.Thread(target=run, daemon=True, name="aside")
    thread.start()
    try:
        while (item := heard.get()) is not None:
            yield item
    except BaseException:
        cancel()
        thread.join(GRACE)
        raise
    thread.join()
    if failed:
        raise failed[0]
    return came[0]


GRACE = 10.0
"""Seconds that cancelled work may take to put down what it holds."""
