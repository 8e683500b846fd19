"""A transactional producer that stores its own progress in its transactions.

Comes in: records and the progress that they bring about. Goes out: one committed transaction, or `MustAbort`, after
which `abort` says what is really stored. Outlasts restarts of the brokers: what can be tried again is, until it
succeeds or the process is told to stop.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from rosace.engines.kafka.senders import group_of, transactional_id
from rosace.engines.kafka.watch import Watch

TRANSACTION_TIMEOUT_MS = 60_000
"""How long a transaction that a killed process left open may hold back readers, if nobody takes over its id."""

STEP = 1.0
"""Seconds that one blocking call may take, so that a signal is seen soon."""

GRACE = 8.0
"""Seconds after a signal in which an open transaction is still brought to its end."""

PAUSE = 0.1
"""Seconds between two attempts."""

_WARN_EVERY = 5.0


class Stopped(Exception):
    """The process was told to stop."""


class FatalError(Exception):
    """The producer is of no more use, as when another process has taken over its id."""


class MustAbort(Exception):
    """The transaction cannot be committed; abort it and send its records again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`sent` of `total` records of the source with the fingerprint `mark` are in the topic."""

    sent: int
    total: int
    mark: str


@dataclass(frozen=True, slots=True)
class Login:
    """Who a client is to brokers that ask: SCRAM-SHA-512 over TLS. `password` and `ca` are files."""

    user: str
    password: str
    ca: str

    def settings(self) -> dict[str, str]:
        """In librdkafka's words; raises OSError where a file cannot be read."""
        return {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": self.user,
            "sasl.password": Path(self.password).read_text("utf-8"),
            "ssl.ca.location": self.ca,
        }


class Sender:
    """Sends one source's records to one topic.

    `tick` is called about once a second while something is awaited.
    """

    def __init__(
        self,
        servers: str,
        topic: str,
        platform: str,
        source: str,
        watch: Watch,
        tick: Callable[[], None],
        login: Login | None = None,
    ) -> None:
        self._topic, self._watch, self._tick = topic, watch, tick
        self._warned_at = float("-inf")
        self._deadline = float("inf")
        self._common: dict[str, Any] = {
            "bootstrap.servers": servers,
            "log_level": 0,
            "error_cb": self._warn,
            "reconnect.backoff.max.ms": 1_000,
            **(login.settings() if login else {}),
        }
        self._group = group_of(source)
        self._producer = Producer(
            {
                **self._common,
                "transactional.id": transactional_id(platform, source),
                "transaction.timeout.ms": TRANSACTION_TIMEOUT_MS,
                "enable.idempotence": True,
                "acks": "all",
                # As Java's producer: the records of a key are in the same partition whoever writes them.
                "partitioner": "murmur2_random",
                "compression.type": "lz4",
                "linger.ms": 20,
                # Only refusals are reported: a call for each record would double the CPU time of a replay.
                "delivery.report.only.error": True,
                "on_delivery": self._note_refusal,
                "queue.buffering.max.kbytes": 32_768,
            }
        )
        self._open = False
        self._refusal: KafkaError | None = None
        consumer = self._group_reader()
        self._group_metadata = consumer.consumer_group_metadata()
        consumer.close()

    def take_over(self) -> Progress | None:
        """Ends what a predecessor left open, fences it, and returns what is stored (None: nothing was sent yet)."""
        self._persist(self._producer.init_transactions)
        return self._stored()

    def send(self, records: Sequence[tuple[str | None, str]], after: Progress) -> None:
        """Commits records and the progress `after` together. Raises MustAbort, FatalError or Stopped."""
        self._persist(lambda _: self._producer.begin_transaction())
        self._open, self._refusal = True, None
        for key, value in records:
            self._produce(key, value)
        offset = TopicPartition(self._topic, 0, after.sent, json.dumps(asdict(after)))
        self._persist(
            lambda seconds: self._producer.send_offsets_to_transaction([offset], self._group_metadata, seconds)
        )
        self._persist(self._producer.commit_transaction)
        self._open = False

    def abort(self) -> Progress | None:
        """Aborts the open transaction and returns what is stored now."""
        self._persist(self._producer.abort_transaction)
        self._open = False
        return self._stored()

    def close(self) -> None:
        """Ends all connections; nothing is open any more."""
        self._producer.close()

    def _produce(self, key: str | None, value: str) -> None:
        while True:
            try:
                return self._producer.produce(self._topic, value, key)
            except BufferError:
                self._producer.poll(0.1)
                self._check_stop()
            except KafkaException as error:
                raise _gravity(error) or MustAbort(str(error)) from None

    def _stored(self) -> Progress | None:
        found: list[Progress | None] = []
        self._persist(lambda seconds: found.append(self._ask_stored(seconds)))
        return found[0]

    def _ask_stored(self, seconds: float) -> Progress | None:
        consumer = self._group_reader()
        try:
            (stored,) = consumer.committed([TopicPartition(self._topic, 0)], timeout=seconds)
        finally:
            consumer.close()
        if stored.error is not None:
            raise KafkaException(stored.error)
        if stored.offset < 0:
            return None
        if not stored.metadata:
            raise FatalError(f"consumer group {self._group} was changed by somebody else: its offset has no progress")
        return Progress(**json.loads(stored.metadata))

    def _group_reader(self) -> Consumer:
        """A consumer that joins nothing, and sees only offsets that no transaction can take back any more."""
        settings = {"group.id": self._group, "enable.auto.commit": False, "isolation.level": "read_committed"}
        return Consumer({**self._common, **settings})

    def _persist(self, call: Callable[[float], object]) -> None:
        """Calls until it succeeds. A call that took too long goes on where it was when it is made again."""
        while True:
            try:
                with self._watch.call():
                    call(STEP)
                return
            except KafkaException as error:
                if grave := _gravity(error):
                    raise self._explained(grave) from None
            self._tick()
            self._check_stop()
            time.sleep(PAUSE)

    def _check_stop(self) -> None:
        if not self._watch.stop.is_set():
            return
        # The transaction at hand is brought to its end if the brokers answer in time; else the next start aborts it.
        self._deadline = min(self._deadline, time.monotonic() + GRACE)
        if not self._open or time.monotonic() >= self._deadline:
            raise Stopped

    def _explained(self, grave: FatalError | MustAbort) -> FatalError | MustAbort:
        """The error with what the brokers said of the first refused record; fatal where they would say it again."""
        # Reports of refused records wait to be handed over; a producer past saving raises instead.
        with contextlib.suppress(KafkaException):
            self._producer.poll(0)
        if self._refusal is None:
            return grave
        kind = FatalError if self._refusal.code() in _LASTING else type(grave)
        return kind(f"{grave}; the first refused record: {self._refusal}")

    def _note_refusal(self, error: KafkaError | None, message: object) -> None:
        self._refusal = self._refusal or error

    def _warn(self, error: KafkaError) -> None:
        now = time.monotonic()
        if now - self._warned_at >= _WARN_EVERY:
            self._warned_at = now
            print(f"waiting for the brokers: {error}", file=sys.stderr, flush=True)


def _gravity(error: KafkaException) -> FatalError | MustAbort | None:
    """What an error asks for; None: try again."""
    cause = error.args[0]
    if cause.fatal():
        return FatalError(str(cause))
    if cause.txn_requires_abort():
        return MustAbort(str(cause))
    passing = cause.retriable() or cause.code() in _PASSING
    return None if passing else FatalError(str(cause))


_PASSING = frozenset(
    {
        KafkaError._TIMED_OUT,
        KafkaError._TRANSPORT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._WAIT_COORD,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.NOT_COORDINATOR,
        KafkaError.UNSTABLE_OFFSET_COMMIT,
    }
)
"""Errors of a consumer's requests that end by themselves; a consumer does not mark them as retriable."""

_LASTING = frozenset(
    {
        KafkaError.INVALID_RECORD,
        KafkaError.INVALID_MSG,
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.RECORD_LIST_TOO_LARGE,
        KafkaError.POLICY_VIOLATION,
    }
)
"""What brokers say of a record that they will never take, such as one without key for a compacted topic."""
