"""Kafka's own configuration, from what was checked. Pure, and shared by every target.

Comes in: the room's words, topics, and where the broker lives. Goes out: settings as mappings, and the text of a
properties file. Names and meanings of all settings: kafka.apache.org/41/configuration.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rosace.engines.kafka.spec import KafkaSpec
from rosace.model.platform import Topic

CLIENTS, REPLICATION, CONTROL, METRICS = 9093, 9091, 9090, 9404
AGENT, OUTSIDE, CONNECT, CRUISE_CONTROL, PRODUCERS = 8443, 9094, 8083, 9090, 9095
OPERATOR_METRICS, ENTITY_HEALTH = 8080, (8080, 8081)
"""Ports on clusters. Strimzi gives all but those of listeners (cluster-operator, `KafkaCluster`, `KafkaAgent`,
`KafkaConnectCluster`, `CruiseControl`, `EntityTopicOperator` and `EntityUserOperator` at 1.0.1)."""

TRANSACTION_MAX_TIMEOUT_MS = 900_000
"""The longest transaction a producer may ask for (Kafka's default, written down because sinks rely on it). On clusters
it follows from `backups.rto`."""

OFFSETS_RETENTION_MINUTES = 10 * 365 * 24 * 60
"""Ten years. A source's progress is a consumer offset: were it to expire, the source would be replayed twice."""


@dataclass(frozen=True, slots=True)
class Replication:
    """How many brokers hold each record, and how many must before a write counts."""

    factor: int
    min_in_sync: int

    @classmethod
    def over(cls, brokers: int) -> Replication:
        """Three copies, two of which must be written, where there are brokers for it: one may be lost without harm."""
        factor = min(3, brokers)
        return cls(factor, max(1, factor - 1))


def broker_settings(
    spec: KafkaSpec, brokers: int, transaction_max_timeout_ms: int = TRANSACTION_MAX_TIMEOUT_MS
) -> dict[str, str]:
    """What every broker of a cluster of `brokers` is told, whoever runs it; the user's own settings come last."""
    copies = Replication.over(brokers)
    factor, in_sync = str(copies.factor), str(copies.min_in_sync)
    internal_partitions = "8" if brokers == 1 else "50"
    return {
        "auto.create.topics.enable": "false",
        "transaction.max.timeout.ms": str(transaction_max_timeout_ms),
        "offsets.retention.minutes": str(OFFSETS_RETENTION_MINUTES),
        "default.replication.factor": factor,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": factor,
        "offsets.topic.num.partitions": internal_partitions,
        "transaction.state.log.replication.factor": factor,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": internal_partitions,
        "share.coordinator.state.topic.replication.factor": factor,
        "share.coordinator.state.topic.min.isr": in_sync,
        **(_one_machine() if brokers == 1 else {}),
        **spec.settings,
    }


def _one_machine() -> dict[str, str]:
    """Smaller pools for one broker beside other engines on one machine."""
    return {
        "num.network.threads": "2",
        "num.io.threads": "4",
        "background.threads": "4",
        # The default of 128 MiB is taken at start and would not leave room in a small heap.
        "log.cleaner.dedupe.buffer.size": str(16 << 20),
        # Nobody else's consumers can be on their way to join a group.
        "group.initial.rebalance.delay.ms": "0",
        # A broker that was killed is let in again when its old session has expired (9 s by default). The controller
        # is in the same process: no network lies between them that could be slow.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
    }


def node_settings(host: str, port: int, controller_port: int, data: str) -> dict[str, str]:
    """A node that is broker and only controller at once, for plain connections from this machine.

    The controller is named by a static list: its port may then change from one start to the next, which the
    dynamic quorum would have recorded in its log. Raises ValueError where `data` holds a comma: `log.dirs` is a list.
    """
    if "," in data:
        raise ValueError(f"Kafka cannot keep data in {data}: a comma separates folders in its setting `log.dirs`")
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{host}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{host}:{port}",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
    }


def topic_order(name: str, topic: Topic, brokers: int) -> dict[str, Any]:
    """A topic as `live.apply_topics` takes it: plain JSON.

    Every setting that a declaration may change is written each time, so that taking a word back takes effect.
    Records are stamped when they arrive: `retention` counts from there, and a replayed record of 2013 is not old.
    """
    return {
        "name": name,
        "partitions": topic.partitions,
        "replication": Replication.over(brokers).factor,
        "config": {
            "cleanup.policy": "compact" if topic.compact else "delete",
            "retention.ms": str(topic.retention.ms),
            "message.timestamp.type": "LogAppendTime",
            "min.insync.replicas": str(Replication.over(brokers).min_in_sync),
        },
    }


def cluster_id(platform: str) -> str:
    """Kafka's 22 characters for a cluster, always the same for a platform, never starting with a dash."""
    for attempt in range(1000):
        digest = uuid.uuid5(uuid.NAMESPACE_URL, f"rosace:kafka:{platform}:{attempt}")
        text = base64.urlsafe_b64encode(digest.bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
    raise AssertionError("a thousand digests in a row start with a dash")


def properties(settings: Mapping[str, str]) -> str:
    """The text of a Java properties file (java.util.Properties, read as ISO 8859-1), sorted by name."""
    return "".join(f"{_escaped(key, key=True)}={_escaped(settings[key])}\n" for key in sorted(settings))


def _escaped(text: str, *, key: bool = False) -> str:
    out: list[str] = []
    for place, character in enumerate(text):
        if character == "\\" or (key and character in "=: #!") or (character == " " and place == 0):
            out.append("\\" + character)
        elif character in _CONTROL:
            out.append(_CONTROL[character])
        elif " " <= character <= "~":
            out.append(character)
        else:
            units = character.encode("utf-16-be")
            out.extend(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    return "".join(out)


_CONTROL = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}
