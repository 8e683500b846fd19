"""What cannot be changed in a Kafka cluster once it runs (strimzi.io/docs/operators/1.0.1)."""

from __future__ import annotations

from rosace.contract.needs import Frozen

FROZEN = (
    Frozen("KafkaTopic", "spec.partitions", "Kafka adds partitions, it never takes any away", "shrinks"),
    Frozen("KafkaTopic", "spec.replicas", "copies are moved by Cruise Control, not by this field alone"),
    Frozen("KafkaNodePool", "spec.storage.volumes", "Strimzi enlarges volumes and adds some; no less", "shrinks"),
    Frozen("KafkaNodePool", "spec.roles", "nodes change their role one at a time, by a second pool"),
    Frozen("KafkaNodePool", "spec.replicas", "partitions of the brokers that go must be moved away first", "shrinks"),
)

HOLDS_DATA = frozenset({"Kafka", "KafkaNodePool", "KafkaTopic"})
