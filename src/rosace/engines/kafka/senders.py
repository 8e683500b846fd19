"""What the sender of a source is called by the broker. Pure: who gives it rights needs no client of Kafka."""

from __future__ import annotations


def group_of(source: str) -> str:
    """The consumer group whose offset is a source's progress."""
    return f"rosace.source.{source}"


def transactional_id(platform: str, source: str) -> str:
    """Who writes a source's records: a second one of the same name ends the first."""
    return f"rosace.{platform}.source.{source}"
