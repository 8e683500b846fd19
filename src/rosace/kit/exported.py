"""The facts of exports, said once for who writes (Kafka Connect) and for who keeps (the store's folder).

A compacted topic is kept in step: one entry for each key, the last record. Of any other topic every record is kept, by
its topic, partition and offset. Either way writing a record again changes nothing, so that what Connect delivers at
least once is there exactly once.
"""

from __future__ import annotations

from rosace.contract.exports import Exported
from rosace.model.checked import Checked

SCHEMA = "serving"
"""In a relational store: the schema of what is exported."""

KEY, RECORD = "key", "record"
"""Columns of a table of records: Kafka's key and value as they are, both JSON or text."""

COORDINATES = ("topic", "partition", "offset")

TEXT = "org.apache.kafka.connect.storage.StringConverter"
"""Kafka Connect's converter of what stays as it is (kafka.apache.org/41)."""


def exported(checked: Checked, stores: tuple[str, ...]) -> list[Exported]:
    """What goes to a store that answers to these words, by the export's name."""
    return [
        Exported(
            name=name,
            topic=export.from_,
            target=export.name or export.from_,
            store=export.to,
            by_key=checked.topics[export.from_].compact,
            partitions=checked.topics[export.from_].partitions,
            columns=checked.topics[export.from_].columns,
        )
        for name, export in sorted(checked.platform.exports.items())
        if export.to in stores
    ]
