"""The topics of what runs: how far they reach, who reads them and how far behind, their records, and new ones.

Comes in: what was deployed. Goes out: rows of `shapes`. Must not: know which engine keeps topics.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

from rosace.contract.parts import Place, Records, Topics
from rosace.contract.registry import engines
from rosace.local import secrets
from rosace.model.capabilities import KafkaBootstrap
from rosace.model.checked import Ref
from rosace.model.platform import Topic
from rosace.observe.shapes import ProducedRow, RecordRow, TopicNowRow
from rosace.source.diagnostic import Diagnostic, Refused, refuse
from rosace.source.suggest import closest

if TYPE_CHECKING:
    from rosace.contract.jobs import JobDriver, JobOrder
    from rosace.observe.deployed import Deployed
    from rosace.observe.status import Observed

OURS = "rosace."
"""Consumer groups of this name keep the progress of sources; they read nothing."""

Extent = Mapping[str, tuple[int, int]]
"""Partition (as text) -> its first offset and the next one."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where topics are, and who shows them."""

    servers: str
    topics: Topics
    records: Records

    @classmethod
    def of(cls, known: Deployed) -> Broker:
        """Raises Refused where the platform has none."""
        offer = known.deployment.offered(KafkaBootstrap)
        if offer is None:
            raise refuse("no-topics", "this platform has no topics", hints=("declare some under `topics:`",))
        room = engines()[offer[0]]
        return cls(offer[1].servers, room.topics, room.records)

    def extent(self, topic: str) -> Extent:
        """How far one topic reaches. Raises Refused, with the nearest name, where there is none."""
        found = self._asked(lambda: self.topics.extents(self.servers, [topic]))
        if topic in found:
            return found[topic]
        near = closest(topic, self._asked(lambda: self.topics.names(self.servers)))
        hint = f"did you mean `{near}`?" if near else "`rosace topic list` shows those that there are"
        raise refuse("unknown-topic", f"no topic is named `{topic}`", hints=(hint,))

    def _asked(self, call: Any) -> Any:
        try:
            return call()
        except ConnectionError as error:
            raise away(error) from error


def away(error: Exception) -> Refused:
    """Nobody answers."""
    return refuse("engine-unreachable", str(error), hints=("`rosace status` shows what is wrong with it",))


def listed(known: Deployed, seen: Observed) -> list[TopicNowRow]:
    """All topics, each once for every reader. Raises Refused where nobody answers."""
    broker = Broker.of(known)
    try:
        names = broker.topics.names(broker.servers)
        extents = broker.topics.extents(broker.servers, names)
        groups = broker.topics.groups(broker.servers)
        jobs = _jobs(known, seen)
        return [row for name in names for row in _rows(known, broker, name, extents[name], groups, jobs, seen)]
    except (ConnectionError, LookupError) as error:
        raise away(error) from error


def lags(known: Deployed, seen: Observed, topic: str) -> list[TopicNowRow]:
    """The same of one topic."""
    broker = Broker.of(known)
    extent = broker.extent(topic)
    try:
        groups = broker.topics.groups(broker.servers)
        return list(_rows(known, broker, topic, extent, groups, _jobs(known, seen), seen))
    except (ConnectionError, LookupError) as error:
        raise away(error) from error


Positions = Mapping[str, Mapping[str, int]]


def _jobs(known: Deployed, seen: Observed) -> dict[str, Positions]:
    """What jobs that run have read, as their engines say it; a job whose engine says nothing is left out."""
    kept = secrets.read(known.home.secrets)
    found: dict[str, Positions] = {}
    for order in known.deployment.jobs:
        now = seen.jobs.get(order.name)
        if order.batch or now is None or now.state not in ("running", "draining"):
            continue
        if (positions := _positions(order, kept)) is not None:
            found[order.name] = positions
    return found


def _positions(order: JobOrder, kept: Mapping[str, str]) -> Positions | None:
    driver = cast("JobDriver", import_module(order.module))
    told = {name: kept[name] for name in order.secrets if name in kept}
    try:
        return driver.observe({**order.order, "run": ""}, told).positions
    except Exception:
        # A driver may raise anything: its engine is starting, or gone. Nobody knows then.
        return None


def _rows(
    known: Deployed,
    broker: Broker,
    topic: str,
    extent: Extent,
    groups: Mapping[str, Positions],
    jobs: Mapping[str, Positions],
    seen: Observed,
) -> Iterator[TopicNowRow]:
    bare = TopicNowRow(
        topic=topic,
        declared=topic in known.checked.topics,
        partitions=len(extent),
        offsets=sum(end - first for first, end in extent.values()),
        reader="",
        state="",
        lag=None,
    )
    rows: list[TopicNowRow] = []
    own: set[str] = set()
    for order in known.deployment.jobs:
        own.add(str(order.order.get("group", "")))
        if Ref("topic", topic) in order.reads:
            now = seen.jobs.get(order.name)
            at = jobs.get(order.name, {}).get(topic) if order.name in jobs else None
            lag = None if at is None else _lag(broker, topic, extent, at)
            rows.append({**bare, "reader": order.name, "state": now.state if now else "unknown", "lag": lag})
    for group, positions in groups.items():
        if topic in positions and not group.startswith(OURS) and group not in own:
            lag = _lag(broker, topic, extent, positions[topic])
            rows.append({**bare, "reader": group, "state": "consumer group", "lag": lag})
    yield from rows or [bare]


def _lag(broker: Broker, topic: str, extent: Extent, at: Mapping[str, int]) -> int:
    """Offsets before a reader; none where all of them are marks of transactions and no records."""
    lag = sum(max(0, end - max(first, at.get(number, 0))) for number, (first, end) in extent.items())
    return 0 if lag and broker.records.caught_up(broker.servers, {topic: dict(at)}) else lag


def peeked(known: Deployed, topic: str, partition: int | None, offset: int | None) -> Iterator[Shown]:
    """Records from `offset` on, or from the first there is; of one partition or of all, one after the other."""
    broker = Broker.of(known)
    extent = _chosen(topic, broker.extent(topic), partition)
    if offset is not None and all(offset >= end for _, end in extent.values()):
        ends = ", ".join(f"{number}: {first:,} to {end:,}" for number, (first, end) in extent.items())
        hints = (f"offsets by partition, the last one excluded: {ends}",)
        raise refuse("no-such-offset", f"`{topic}` ends before offset {offset:,}", hints=hints)
    for number, (first, _) in extent.items():
        start = {number: max(first, offset or 0)}
        yield from map(Shown.of, _read(broker, topic, start, follow=False))


def _chosen(topic: str, extent: Extent, partition: int | None) -> Extent:
    if partition is None:
        return extent
    if str(partition) not in extent:
        hints = (f"it has {len(extent)}, counted from 0",)
        raise refuse("no-such-partition", f"`{topic}` has no partition {partition}", hints=hints)
    return {str(partition): extent[str(partition)]}


def last(known: Deployed, topic: str, count: int) -> tuple[list[Shown], dict[str, int]]:
    """The last `count` records by the time of writing, and the offsets behind them, from which `followed` goes on."""
    broker = Broker.of(known)
    extent = broker.extent(topic)
    ends = {number: end for number, (_, end) in extent.items()}
    if not count:
        return [], ends
    span, found = count + SLACK, list[Place]()
    while True:
        start = {number: max(first, end - span) for number, (first, end) in extent.items()}
        found = list(_read(broker, topic, start, follow=False))
        if len(found) >= count or all(start[number] == first for number, (first, _) in extent.items()):
            break
        # What lies between are marks of transactions, or was compacted.
        span *= 8
    found.sort(key=lambda one: (one.time or 0, one.offset))
    behind = {
        number: max([end, *(one.offset + 1 for one in found if str(one.partition) == number)])
        for number, end in ends.items()
    }
    return [Shown.of(one) for one in found[-count:]], behind


SLACK = 8
"""Offsets more than records wanted that are read first: marks of transactions are offsets too."""


def followed(known: Deployed, topic: str, start: Mapping[str, int]) -> Iterator[Shown]:
    """Records as they come, for ever."""
    broker = Broker.of(known)
    yield from map(Shown.of, _read(broker, topic, start, follow=True))


def _read(broker: Broker, topic: str, start: Mapping[str, int], *, follow: bool) -> Iterator[Place]:
    try:
        yield from broker.topics.read(broker.servers, topic, start, follow=follow)
    except (ConnectionError, LookupError) as error:
        raise away(error) from error


@dataclass(frozen=True, slots=True)
class Shown:
    """A record with what it holds as text: JSON with every digit as it is in the topic, or whatever else it is."""

    place: Place
    time: str | None

    @classmethod
    def of(cls, place: Place) -> Shown:
        """A record as it is told."""
        moment = None if place.time is None else datetime.fromtimestamp(place.time, UTC)
        told = None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return cls(place, told)

    @property
    def line(self) -> str:
        """A `RecordRow` as one line of JSON."""
        row = RecordRow(
            partition=self.place.partition,
            offset=self.place.offset,
            time=self.time,
            key=_json(self.place.key),
            value=_json(self.place.value),
        )
        return orjson.dumps(row).decode()


def _json(data: bytes | None) -> Any:
    if data is None:
        return None
    try:
        orjson.loads(data)
    except ValueError:
        return text(data)
    return orjson.Fragment(data)


def text(data: bytes) -> str:
    """Bytes as text; what is no UTF-8 with its numbers."""
    return data.decode("utf-8", "backslashreplace")


def produced(known: Deployed, topic: str, lines: Iterable[str]) -> ProducedRow:
    """Sends JSON lines to a declared topic, all or none. Raises Refused for the first line that does not fit."""
    spec = known.checked.topics.get(topic)
    if spec is None:
        near = closest(topic, known.checked.topics)
        hint = f"did you mean `{near}`?" if near else "declared are: " + ", ".join(known.checked.topics)
        raise refuse("unknown-topic", f"no topic named `{topic}` was deployed", hints=(hint,))
    return sent(known, topic, spec, _known(lines, list(spec.columns)))


def _known(lines: Iterable[str], columns: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            refuse_unknown(line, number, columns)
            yield line if line.endswith("\n") else line + "\n"


def sent(
    known: Deployed, topic: str, spec: Topic, lines: Iterable[str], beside: Sequence[tuple[str, str, bytes | None]] = ()
) -> ProducedRow:
    """Sends lines of JSON to a topic, all or none, and with them keys and values to others (`beside`: topic, key,
    value). Raises Refused for the first that does not fit."""
    broker = Broker.of(known)
    with tempfile.TemporaryDirectory(prefix="rosace-") as folder:
        file = Path(folder, "stdin")
        count = 0
        with file.open("w", encoding="utf-8") as out:
            for line in lines:
                out.write(line)
                count += 1
        if not count:
            return ProducedRow(topic=topic, records=0)
        try:
            done = broker.topics.produce(broker.servers, topic, spec.key, spec.columns, file, beside)
        except (ConnectionError, LookupError) as error:
            raise away(error) from error
        except ValueError as error:
            hints = (f"`rosace describe {topic}` shows its columns; nothing was sent",)
            raise refuse("record-unfit", str(error), hints=hints) from error
    return ProducedRow(topic=topic, records=done)


def refuse_unknown(line: str, number: int, columns: list[str]) -> None:
    """A member that no column has would be lost without a word."""
    try:
        held = orjson.loads(line)
    except ValueError:
        held = None
    if not isinstance(held, dict):
        raise Refused(Diagnostic("record-unfit", f"stdin, row {number}: no JSON object", hints=(LINES,)))
    for name in held:
        if name not in columns:
            near = closest(name, columns)
            hint = f"did you mean `{near}`?" if near else "declared are: " + ", ".join(columns)
            message = f"stdin, row {number}: `{name}` is no column"
            raise Refused(Diagnostic("record-unfit", message, hints=(hint, "nothing was sent")))


LINES = "one JSON object a line, with the columns as members; nothing was sent"
