"""Kafka's rights in Strimzi's words.

Source of the operations: kafka.apache.org/41/security/authorization-and-acls, "Operations and resources on protocols".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rosace.engines.kafka.values import Acl, Kind

STATE = ["Read", "Write", "Create", "Describe", "DescribeConfigs"]
"""What Kafka Connect does with the topics that it keeps for itself."""


def acl(kind: Kind, name: str, pattern: Literal["literal", "prefix"], operations: list[str]) -> Acl:
    """A right on what is called so, or on all whose names begin so."""
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": operations}


def reading(topics: Iterable[str]) -> list[Acl]:
    """To read topics, each by its name."""
    return [acl("topic", name, "literal", ["Read", "Describe", "DescribeConfigs"]) for name in topics]


def transacting(topics: Iterable[str], client: str) -> list[Acl]:
    """To write topics in transactions whose names begin with the client's, and to look for those that it left open:
    `DescribeProducers` is a reader's right."""
    looking = [acl("topic", name, "literal", ["Read", "Write", "Describe", "DescribeConfigs"]) for name in topics]
    return [*looking, acl("transactionalId", client, "prefix", ["Write", "Describe"])] if looking else []


def writing(topics: Iterable[str]) -> list[Acl]:
    """To write topics, each by its name."""
    return [acl("topic", name, "literal", ["Write", "Describe", "DescribeConfigs"]) for name in topics]
