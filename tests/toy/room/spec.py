"""The words of the toy."""

from __future__ import annotations

from rosace.model.platform import Words
from rosace.model.quantity import Size


class ToySpec(Words):
    """Settings of the toy engine."""

    greeting: str = "hello"
    """What it says."""
    memory: Size = Size(32 * 2**20)
    """Its heap, were it to have one."""
