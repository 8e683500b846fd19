"""Which generation of each topic lies on the brokers: Kafka keeps no word of ours with a topic.

Comes in: the file that says so, and topics as they are to be. Goes out: those that are to be made again. A topic is
noted only once it is there: after a crash in between it is made once more, which is empty still, since who writes it
waits for the action to be done.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from rosace.kit import whole


def old(kept: str, topics: Sequence[Mapping[str, Any]]) -> list[str]:
    """The topics of another generation than is wanted."""
    noted = _read(kept)
    return [one["name"] for one in topics if noted.get(one["name"], 0) != one.get("generation", 0)]


def note(kept: str, topics: Sequence[Mapping[str, Any]]) -> None:
    """All of `topics` are there now, in the generation that is wanted."""
    noted = _read(kept)
    wanted = noted | {one["name"]: one.get("generation", 0) for one in topics}
    told = {name: number for name, number in wanted.items() if number}
    if kept and told != noted:
        whole.write(Path(kept), json.dumps(told, indent=1).encode())


def delete(admin: AdminClient, names: Sequence[str], timeout: float) -> list[str]:
    """Deletes topics and waits until the brokers know them no more. Raises KafkaException."""
    if not names:
        return []
    for future in admin.delete_topics(list(names), operation_timeout=timeout, request_timeout=timeout).values():
        try:
            future.result(timeout)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise
    deadline = time.monotonic() + timeout
    while set(names) & set(admin.list_topics(timeout=timeout).topics) and time.monotonic() < deadline:
        time.sleep(0.1)
    return [f"topic {name} deleted" for name in names]


def _read(kept: str) -> dict[str, int]:
    try:
        value = json.loads(Path(kept).read_text("utf-8")) if kept else {}
    except FileNotFoundError:
        return {}
    return {str(name): int(number) for name, number in value.items()}
