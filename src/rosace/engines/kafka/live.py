"""Talks to a running Kafka: topics are made to be as declared, and records counted, read and compared.

Comes in: bootstrap servers and plain JSON. Goes out: plain values. Every call opens its own client and closes it: the
supervisor calls these for hours. Readers see only what transactions committed (`read_committed`). Raises TopicError
for what a person must decide, and `confluent_kafka.KafkaException` where the brokers cannot answer.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,  # pyright: ignore[reportPrivateImportUsage]
    ConfigEntry,  # pyright: ignore[reportPrivateImportUsage]
    ConfigResource,  # pyright: ignore[reportPrivateImportUsage]
    NewPartitions,  # pyright: ignore[reportPrivateImportUsage]
    NewTopic,  # pyright: ignore[reportPrivateImportUsage]
    OffsetSpec,  # pyright: ignore[reportPrivateImportUsage]
)

from rosace.engines.kafka import generations

TIMEOUT = 15.0
"""Seconds that any one request may take."""

BATCH = 2_000
"""Messages taken from the client at a time: enough that the call costs nothing, few enough to stay small."""

QUIET_LOGS: dict[str, Any] = {"log_level": 0}
"""librdkafka writes each lost connection to stderr; callers report what matters from the errors they get."""

Positions = Mapping[str, Mapping[str, int]]
"""Topic -> partition (as text) -> next offset to read."""


class TopicError(ValueError):
    """A topic cannot become what is declared; the text says why and what to do."""


def admin(servers: str) -> AdminClient:
    """Who asks and changes the brokers; close it."""
    return AdminClient({"bootstrap.servers": servers, **QUIET_LOGS})


def reader(servers: str, **settings: Any) -> Consumer:
    """A reader of committed records that belongs to no group that lasts and commits nothing."""
    return Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": f"rosace.read.{uuid.uuid4()}",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 100,
            # How long a reader pauses when its queue is full; the default of a second is for slow readers.
            "fetch.queue.backoff.ms": 20,
            **QUIET_LOGS,
            **settings,
        }
    )


def apply_topics(
    servers: str, topics: Sequence[Mapping[str, Any]], kept: str = "", pruned: Sequence[str] = ()
) -> list[str]:
    """Makes topics as `settings.topic_order` tells: creates, adds partitions, alters settings. Idempotent.

    A topic whose `generation` is not the one in the file `kept` is deleted first and made again, empty. Those `pruned`
    are deleted. Returns what was changed, in words. Raises TopicError, before anything is changed, where a topic has
    more partitions than declared. Other topics that nobody declares are left alone: they may be another's.
    """
    with admin(servers) as asked:
        anew = generations.old(kept, topics)
        held = _held(asked)
        for topic in topics:
            _refuse_fewer(topic, 0 if topic["name"] in anew else held.get(topic["name"], 0))
        told = generations.delete(asked, [name for name in (*anew, *pruned) if name in held], TIMEOUT)
        held = _held(asked)
        absent = [topic for topic in topics if topic["name"] not in held]
        present = [topic for topic in topics if topic["name"] in held]
        growing = [topic for topic in present if held[topic["name"]] < topic["partitions"]]
        told += [*_create(asked, absent), *_grow(asked, growing), *_alter(asked, present)]
        generations.note(kept, topics)
        return told


def _held(asked: AdminClient) -> dict[str, int]:
    found = asked.list_topics(timeout=TIMEOUT).topics
    return {name: len(topic.partitions) for name, topic in found.items() if topic.error is None}


def _refuse_fewer(topic: Mapping[str, Any], held: int) -> None:
    name, wanted = topic["name"], topic["partitions"]
    if held > wanted:
        raise TopicError(
            f"topic `{name}` has {held} partitions and {wanted} are declared: Kafka cannot take partitions away. "
            f"Declare `partitions: {held}`, or declare a topic with another name and move to it"
        )


def _create(admin: AdminClient, topics: Sequence[Mapping[str, Any]]) -> list[str]:
    if not topics:
        return []
    orders = [
        NewTopic(one["name"], one["partitions"], one["replication"], config=dict(one["config"])) for one in topics
    ]
    for future in admin.create_topics(orders, operation_timeout=TIMEOUT, request_timeout=TIMEOUT).values():
        try:
            future.result(TIMEOUT)
        except KafkaException as error:
            # Another call of this kind was quicker; the next run compares what it made.
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return [f"topic {one['name']} created with {one['partitions']} partitions" for one in topics]


def _grow(admin: AdminClient, topics: Sequence[Mapping[str, Any]]) -> list[str]:
    if not topics:
        return []
    orders = [NewPartitions(one["name"], one["partitions"]) for one in topics]
    for future in admin.create_partitions(orders, operation_timeout=TIMEOUT, request_timeout=TIMEOUT).values():
        future.result(TIMEOUT)
    return [f"topic {one['name']} now has {one['partitions']} partitions" for one in topics]


def _alter(admin: AdminClient, topics: Sequence[Mapping[str, Any]]) -> list[str]:
    if not topics:
        return []
    wanted = {one["name"]: one["config"] for one in topics}
    asked = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in wanted]
    changes: list[ConfigResource] = []
    told: list[str] = []
    for resource, future in admin.describe_configs(asked, request_timeout=TIMEOUT).items():
        now = future.result(TIMEOUT)
        differing = {
            key: value for key, value in wanted[resource.name].items() if key not in now or now[key].value != value
        }
        if differing:
            entries = [
                ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in differing.items()
            ]
            changes.append(ConfigResource(ConfigResource.Type.TOPIC, resource.name, incremental_configs=entries))
            told += [f"topic {resource.name}: {key} is now {value}" for key, value in differing.items()]
    if changes:
        for future in admin.incremental_alter_configs(changes, request_timeout=TIMEOUT).values():
            future.result(TIMEOUT)
    return told


def ends(servers: str, topics: Iterable[str]) -> dict[str, dict[str, int]]:
    """Where committed records end now: topic -> partition (as text) -> last stable offset.

    Raises TopicError where a topic does not exist.
    """
    with admin(servers) as asked:
        return _ends(asked, topics)


def _ends(admin: AdminClient, topics: Iterable[str]) -> dict[str, dict[str, int]]:
    wanted = list(topics)
    known = admin.list_topics(timeout=TIMEOUT).topics
    missing = [name for name in wanted if name not in known or known[name].error is not None]
    if missing:
        raise TopicError(f"topic `{missing[0]}` does not exist on the brokers")
    asked: dict[TopicPartition, Any] = {
        TopicPartition(name, partition): OffsetSpec.latest() for name in wanted for partition in known[name].partitions
    }
    found: dict[str, dict[str, int]] = {name: {} for name in wanted}
    if asked:
        answers = admin.list_offsets(asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=TIMEOUT)
        for partition, future in answers.items():
            found[partition.topic][str(partition.partition)] = future.result(TIMEOUT).offset
    return found


def caught_up(servers: str, positions: Positions) -> bool:
    """True when no committed record lies at or after `positions` in any partition of their topics.

    A partition that is not named counts from its beginning. Offsets alone do not tell: behind the last record lie
    markers of transactions and gaps of compaction, so what remains is read. Records of a transaction that is still
    open do not count. Raises TopicError where a topic does not exist.
    """
    remaining = [
        TopicPartition(topic, int(partition), positions[topic].get(partition, 0))
        for topic, partitions in ends(servers, positions).items()
        for partition, end in partitions.items()
        if positions[topic].get(partition, 0) < end
    ]
    if not remaining:
        return True
    # One record is enough for an answer: a larger fetch would be thrown away.
    consumer = reader(servers, **{"fetch.message.max.bytes": 65_536, "queued.min.messages": 1})
    try:
        consumer.assign(remaining)
        awaited = {(one.topic, one.partition) for one in remaining}
        while awaited:
            message = consumer.poll(TIMEOUT)
            if message is None:
                raise _silence()
            error = message.error()
            if error is None:
                return False
            if error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            awaited.discard((message.topic(), message.partition()))
        return True
    finally:
        consumer.close()


def read_all(servers: str, topic: str) -> Iterator[tuple[int, int, bytes | None, bytes | None]]:
    """Every committed record as (partition, offset, key, value), to where the topic ends at the time of the call.

    Order holds within a partition. A value is None where a record marks its key as deleted. Raises TopicError
    where the topic does not exist.
    """
    last = {int(partition): end for partition, end in ends(servers, [topic])[topic].items() if end > 0}
    consumer = reader(servers, **{"queued.max.messages.kbytes": 32_768, "check.crcs": True})
    try:
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in last])
        heard = time.monotonic()
        while last:
            # A batch is handed over when it is full or this time has passed: at the end it never fills.
            messages = consumer.consume(BATCH, timeout=0.1)
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > TIMEOUT:
                raise _silence()
            for message in messages:
                partition, offset, error = message.partition(), message.offset(), message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(error)
                if partition is None or offset is None or partition not in last:
                    continue
                if error is None and offset < last[partition]:
                    yield partition, offset, _bytes(message.key()), _bytes(message.value())
                if error is not None or offset >= last[partition] - 1:
                    del last[partition]
    finally:
        consumer.close()


def lags(servers: str, group: str) -> dict[str, dict[str, int]]:
    """How many offsets a consumer group is behind: topic -> partition (as text) -> lag; empty for an unknown group.

    Markers of transactions are offsets too, so a group that has read everything may show a lag of a few.
    """
    asked = [ConsumerGroupTopicPartitions(group)]
    with admin(servers) as client:
        answer = client.list_consumer_group_offsets(asked, require_stable=True, request_timeout=TIMEOUT)
        committed = [one for one in answer[group].result(TIMEOUT).topic_partitions or [] if one.offset >= 0]
        known = client.list_topics(timeout=TIMEOUT).topics
        end = _ends(client, {one.topic for one in committed if one.topic in known})
    found: dict[str, dict[str, int]] = {}
    for one in committed:
        if (last := end.get(one.topic, {}).get(str(one.partition))) is not None:
            found.setdefault(one.topic, {})[str(one.partition)] = max(0, last - one.offset)
    return found


def _silence() -> KafkaException:
    return KafkaException(KafkaError(KafkaError._TIMED_OUT, f"the brokers sent nothing for {TIMEOUT:g} s"))


def _bytes(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
