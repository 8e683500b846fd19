"""Talks to the running toy."""

from __future__ import annotations

from pathlib import Path


def mark(path: str) -> None:
    """Leaves a mark, each time it is asked to."""
    with Path(path).open("a", encoding="utf-8") as out:
        out.write("marked\n")
