"""Records of a topic that do not fit its declared columns, each with its place and why: what ends a job that reads it.

Comes in: records as `topics` reads them. Goes out: rows of `shapes`. Must not: ask the engines, which stop at the first
and seldom say where it is: the proof's own reader judges, as it does in `verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from rosace.model.columns import ColumnType
from rosace.observe.aside import value_of
from rosace.observe.replaying import set_aside
from rosace.observe.shapes import UnfitRow
from rosace.observe.topics import peeked, text
from rosace.observe.verify import fits
from rosace.observe.verify.files import object_of
from rosace.observe.verify.values import Unfit, meaning
from rosace.source.diagnostic import refuse

if TYPE_CHECKING:
    from rosace.observe.deployed import Deployed

Judge = Callable[[bytes], str]
"""Why a record's value does not fit; empty where it does."""


def unfit(
    known: Deployed, topic: str, partition: int | None, offset: int | None, looked: Callable[[int], None]
) -> Iterator[UnfitRow]:
    """The records that do not fit, partition by partition. `looked` hears how many were looked at, now and then.

    A record without a value, which deletes its key, is none of them. Raises Refused where the topic is not declared.
    """
    spec = known.checked.topics.get(topic)
    if spec is None:
        hints = ("`rosace topic list` says which are declared: only those have columns",)
        raise refuse("unknown-topic", f"`{topic}` is not declared, so that any record fits", hints=hints)
    # What all engines read alike is what may stay in where the others are left out.
    judge, count = judged(spec.columns) if spec.on_bad_record == "stop" else fits.judge(spec.columns), 0
    beside = set_aside(known, topic)
    for count, record in enumerate(peeked(known, topic, partition, offset), 1):
        place, value = record.place, record.place.value
        spot = place.partition, place.offset
        if value is not None and spot not in beside.mended and (why := judge(value)):
            yield UnfitRow(
                partition=place.partition,
                offset=place.offset,
                time=record.time,
                reason=why,
                value=text(value),
                aside=beside.places.pop(spot, None) is not None,
            )
        if not count % OFTEN:
            looked(count)
    looked(count)
    for spot, told in sorted(beside.places.items()):
        # What the topic does not hold any more, or what fits since its columns are others.
        if partition in (None, spot[0]) and spot[1] >= (offset or 0):
            value, why = value_of(told), str(told["reason"])
            now = why if judge(value) else f"fits by now; {why}"
            yield UnfitRow(
                partition=spot[0], offset=spot[1], time=told["time"], reason=now, value=text(value), aside=True
            )


OFTEN = 10_000
"""Records between two words on how many were looked at."""


def judged(columns: Mapping[str, ColumnType]) -> Judge:
    """Whether values fit, as JSON objects of these columns."""
    meanings = {name: meaning(column) for name, column in columns.items()}

    def judge(value: bytes) -> str:
        try:
            found = object_of(value)
        except ValueError as error:
            return f"not JSON: {error}"
        for name, means in meanings.items():
            try:
                means(found.get(name))
            except Unfit as error:
                return f"column `{name}`: {error}"
        return ""

    return judge
