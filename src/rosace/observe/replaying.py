"""Records that were set aside, put back into their topic: mended ones from a file, or all that fit by now.

Comes in: what was deployed, lines of a file. Goes out: one transaction, in which the records are sent and what was set
aside of them is seen to; or nothing at all, where one does not fit. Must not: send without having judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from rosace.model.platform import UNFIT
from rosace.observe.aside import MENDED, Kept, Spot, kept, key_of, value_of
from rosace.observe.shapes import ProducedRow
from rosace.observe.topics import Broker, away, refuse_unknown, sent
from rosace.observe.verify import fits
from rosace.source.diagnostic import Diagnostic, Refused, refuse

if TYPE_CHECKING:
    from rosace.observe.deployed import Deployed


@dataclass(frozen=True, slots=True)
class Replay:
    """What is to be sent: for each place the record in its stead. `left` are set aside and stay so."""

    topic: str
    records: Mapping[Spot, bytes]
    left: int


def set_aside(known: Deployed, topic: str) -> Kept:
    """What is set aside of a topic; nothing where its word is another. Raises Refused where nobody answers."""
    spec = known.checked.topics.get(topic)
    if spec is None or spec.on_bad_record != "topic":
        return Kept()
    broker = Broker.of(known)
    try:
        return kept(broker.records.read_all(broker.servers, topic + UNFIT))
    except (ConnectionError, LookupError, ValueError) as error:
        raise away(error) from error


def planned(known: Deployed, topic: str, lines: Iterable[str] | None) -> Replay:
    """What `lines` mend, or without any what fits by now. Raises Refused for the first line that does not fit."""
    spec = known.checked.topics.get(topic)
    if spec is None or spec.on_bad_record != "topic":
        hints = ("`on-bad-record: topic` in its section sets unfit records aside",)
        raise refuse("nothing-aside", f"nothing is set aside of `{topic}`", hints=hints)
    waiting, judge = set_aside(known, topic).places, fits.judge(spec.columns)
    if lines is None:
        values = {spot: value_of(told) for spot, told in waiting.items()}
        records = {spot: value for spot, value in sorted(values.items()) if not judge(value)}
    else:
        records = _mended(lines, sorted(waiting), list(spec.columns))
        for number, value in enumerate(records.values(), 1):
            if why := judge(value):
                raise Refused(Diagnostic("record-unfit", f"record {number} of the file: {why}", hints=(NOTHING,)))
    return Replay(topic, records, len(waiting) - len(records))


NOTHING = "nothing was sent"


def _mended(lines: Iterable[str], waiting: list[Spot], columns: list[str]) -> dict[Spot, bytes]:
    """Records by the place that each line names; where none names any, by their order."""
    read = [(number, _object(line, number)) for number, line in enumerate(lines, 1) if line.strip()]
    named = [one for _, one in read if {"partition", "offset", "value"} <= one.keys()]
    if not named and len(read) != len(waiting):
        message = f"{len(read):,} lines that name no place, but {len(waiting):,} records are set aside"
        hints = ("write the lines as `rosace topic unfit NAME -o jsonl` does, with `value` mended", NOTHING)
        raise refuse("replay-unmatched", message, hints=hints)
    found, aside = dict[Spot, bytes](), set(waiting)
    for place, (number, one) in enumerate(read):
        spot, value = _placed(one, number) if named else (waiting[place], orjson.dumps(one))
        if spot not in aside or spot in found:
            why = "is there twice" if spot in found else "is not set aside"
            message = f"line {number}: partition {spot[0]}, offset {spot[1]} {why}"
            raise refuse("replay-unmatched", message, hints=("`rosace topic unfit NAME` lists what is", NOTHING))
        refuse_unknown(value.decode("utf-8", "replace"), number, columns)
        found[spot] = value
    return found


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        held = orjson.loads(line)
    except ValueError:
        held = None
    if not isinstance(held, dict):
        raise Refused(Diagnostic("record-unfit", f"line {number}: no JSON object", hints=(NOTHING,)))
    return held  # pyright: ignore[reportUnknownVariableType]


def _placed(one: dict[str, Any], number: int) -> tuple[Spot, bytes]:
    partition, offset, value = one.get("partition"), one.get("offset"), one.get("value")
    if not isinstance(partition, int) or not isinstance(offset, int):
        message = f"line {number}: it names no place, and others do"
        raise refuse("replay-unmatched", message, hints=("say `partition`, `offset` and `value` in each", NOTHING))
    return (partition, offset), value.encode() if isinstance(value, str) else orjson.dumps(value)


def replayed(known: Deployed, replay: Replay) -> ProducedRow:
    """Sends the records, and takes what was set aside of them away, all in one transaction."""
    topic = replay.topic
    beside = [
        (topic + UNFIT, key_of(topic, spot) + end, value if end else None)
        for spot, value in replay.records.items()
        for end, value in (("", value), (MENDED, value))
    ]
    lines = (value.decode() + "\n" for value in _one_line(replay.records.values()))
    return sent(known, topic, known.checked.topics[topic], lines, beside)


def _one_line(values: Iterable[bytes]) -> Iterable[bytes]:
    """JSON may have line ends between its members; within texts they are written otherwise."""
    return (value.replace(b"\n", b" ").replace(b"\r", b" ") for value in values)
