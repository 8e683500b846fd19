"""What the topic beside another holds: records that were set aside, by place, and what was sent in place of some.

Comes in: records of `<topic>.unfit`. Goes out: plain values. Its keys are `topic/partition/offset` for what was set
aside, whose value is JSON (`kit/Fit.java` writes it), and `topic/partition/offset/mended` for what took its place in
the topic, whose value is what was sent. A reader that comes by an old record again sets it aside again, under the same
key; the second kind of key says that it was seen to.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from rosace.contract.parts import Record

MENDED = "/mended"

Spot: TypeAlias = tuple[int, int]
"""Partition and offset."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`places` are those that wait, each with what is told of it; `mended` those that were sent again, with what was
    sent. No place is in both."""

    places: dict[Spot, dict[str, Any]] = field(default_factory=dict[Spot, "dict[str, Any]"])
    mended: dict[Spot, bytes] = field(default_factory=dict[Spot, bytes])


def kept(records: Iterable[Record]) -> Kept:
    """What the records say together, the last of each key."""
    last: dict[bytes, bytes | None] = {}
    for _, _, key, value in records:
        if key is not None:
            last[key] = value
    found = Kept()
    for key, value in last.items():
        name = key.decode("utf-8", "replace")
        spot = spot_of(name.removesuffix(MENDED))
        if spot is None or value is None:
            continue
        if name.endswith(MENDED):
            found.mended[spot] = value
        else:
            found.places[spot] = orjson.loads(value)
    for spot in found.mended:
        found.places.pop(spot, None)
    return found


def spot_of(text: str) -> Spot | None:
    """The place that a key names; None for what is none."""
    topic, _, rest = text.partition("/")
    partition, _, offset = rest.partition("/")
    return (int(partition), int(offset)) if topic and partition.isdecimal() and offset.isdecimal() else None


def key_of(topic: str, spot: Spot) -> str:
    """The key of a place."""
    return f"{topic}/{spot[0]}/{spot[1]}"


def value_of(told: dict[str, Any]) -> bytes:
    """The value of the record that was set aside, as it is in the topic."""
    if "value_base64" in told:
        return base64.b64decode(told["value_base64"])
    return str(told["value"]).encode()
