"""Topics as a person looks at them: how far they reach, who has read how far, their records, and one more.

Comes in: bootstrap servers, and for what is sent a file of JSON lines. Goes out: plain values, records one by one.
Readers see only what transactions committed; what is sent is committed whole or not at all. Must not: keep a group, or
send what does not fit the declared columns.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import OffsetSpec  # pyright: ignore[reportPrivateImportUsage]

from rosace.contract.parts import Place
from rosace.engines.kafka import live
from rosace.engines.kafka.staging import fingerprint, stage
from rosace.kit.files import SourceFileError, said
from rosace.model.columns import ColumnType

PATIENCE = 5.0
"""Seconds after which brokers count as out of reach: a person waits."""

Positions = dict[str, dict[str, int]]


def names(servers: str) -> list[str]:
    """All topics but those that Kafka keeps for itself."""
    with _asked(servers), live.admin(servers) as admin:
        return sorted(name for name in admin.list_topics(timeout=PATIENCE).topics if not name.startswith("__"))


def extents(servers: str, topics: Iterable[str]) -> dict[str, dict[str, tuple[int, int]]]:
    """Topic -> partition (as text) -> its first offset and the next one. Topics that are not there are left out."""
    with _asked(servers), live.admin(servers) as admin:
        known = admin.list_topics(timeout=PATIENCE).topics
        here = [name for name in topics if name in known and known[name].error is None]
        parts = [TopicPartition(name, number) for name in here for number in known[name].partitions]
        if not parts:
            return {name: {} for name in here}
        asked: dict[TopicPartition, Any] = {one: OffsetSpec.earliest() for one in parts}
        first = {
            (one.topic, one.partition): future.result(PATIENCE).offset
            for one, future in admin.list_offsets(asked, request_timeout=PATIENCE).items()
        }
    found: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in here}
    for name, ends in live.ends(servers, here).items():
        for number, end in sorted(ends.items(), key=lambda item: int(item[0])):
            found[name][number] = (first[(name, int(number))], end)
    return found


def groups(servers: str) -> dict[str, Positions]:
    """Consumer group -> topic -> partition (as text) -> next offset to read, of all groups that committed any."""
    with _asked(servers), live.admin(servers) as admin:
        names = [one.group_id for one in admin.list_consumer_groups(request_timeout=PATIENCE).result(PATIENCE).valid]
        found: dict[str, Positions] = {}
        for name in names:
            # One group a request is what the broker's protocol has in librdkafka 2.
            answer = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(name)], request_timeout=PATIENCE)
            for one in answer[name].result(PATIENCE).topic_partitions or []:
                if one.offset >= 0:
                    found.setdefault(name, {}).setdefault(one.topic, {})[str(one.partition)] = one.offset
    return found


def read(servers: str, topic: str, start: Mapping[str, int], *, follow: bool) -> Iterator[Place]:
    """The committed records from `start` (partition as text -> offset) on; other partitions are left alone.

    To where the topic ends when it is called, or for ever. Order holds within a partition.
    """
    with _asked(servers):
        ends = live.ends(servers, [topic])[topic]
    last = {int(number): ends[number] for number in start if number in ends}
    awaited = {number for number, end in last.items() if start[str(number)] < end}
    if not awaited and not follow:
        return
    parts = [TopicPartition(topic, number, start[str(number)]) for number in (last if follow else awaited)]
    with _asked(servers), closing(live.reader(servers, **{"queued.max.messages.kbytes": 8 << 10})) as consumer:
        consumer.assign(parts)
        heard = time.monotonic()
        while awaited or follow:
            messages = consumer.consume(500, timeout=0.1)
            if messages or follow:
                heard = time.monotonic()
            elif time.monotonic() - heard > PATIENCE:
                raise ConnectionError(f"the brokers at {servers} sent nothing for {PATIENCE:g} s")
            for message in messages:
                number, offset, error = message.partition(), message.offset(), message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(error)
                if number is None or offset is None:
                    continue
                if error is None and (follow or offset < last[number]):
                    yield _place(message, number, offset)
                if error is not None or offset >= last[number] - 1:
                    awaited.discard(number)


def _place(message: Any, partition: int, offset: int) -> Place:
    kind, moment = message.timestamp()
    # 0 is TIMESTAMP_NOT_AVAILABLE of librdkafka.
    return Place(partition, offset, moment / 1000 if kind else None, message.key(), message.value())


def produce(
    servers: str,
    topic: str,
    key: Sequence[str],
    columns: Mapping[str, ColumnType],
    lines: Path,
    beside: Sequence[tuple[str, str, bytes | None]] = (),
) -> int:
    """Sends the lines as the replay would: the same texts, the same keys, in the same partitions; in one transaction,
    together with what goes `beside`.

    Raises ValueError where a line does not fit, before anything is sent.
    """
    source = {
        "name": lines.name,
        "path": str(lines),
        "format": "jsonl",
        "nulls": "",
        "order": [],
        "columns": {name: str(column) for name, column in columns.items()},
    }
    with tempfile.TemporaryDirectory(prefix="rosace-") as folder:
        try:
            staged = stage(source, key, fingerprint(source, key), Path(folder))
        except (SourceFileError, duckdb.Error) as error:
            raise ValueError(said(error)) from None
        with _asked(servers):
            live.ends(servers, [topic])
            producer = Producer(
                {
                    "bootstrap.servers": servers,
                    "transactional.id": f"rosace.produce.{uuid.uuid4()}",
                    # As the replay's: the records of a key are in the same partition whoever writes them.
                    "partitioner": "murmur2_random",
                    **live.QUIET_LOGS,
                }
            )
            producer.init_transactions(PATIENCE)
            producer.begin_transaction()
            sent = 0
            while sent < staged.total:
                for record, value in (chunk := staged.read(sent)):
                    _send(producer, topic, record, value)
                sent += len(chunk)
            for other, name, content in beside:
                _send(producer, other, name, content)
            producer.commit_transaction(live.TIMEOUT)
    return sent


def _send(producer: Producer, topic: str, key: str | None, value: str | bytes | None) -> None:
    while True:
        try:
            return producer.produce(topic, value, key)
        except BufferError:
            producer.poll(0.1)


@contextmanager
def _asked(servers: str) -> Generator[None]:
    """What the client says becomes what the contract says."""
    try:
        yield
    except live.TopicError as error:
        raise LookupError(str(error)) from None
    except KafkaException as error:
        raise ConnectionError(f"the brokers at {servers} did not do it: {error.args[0].str()}") from None
