"""The facts of exports, said once for who writes (Kafka Connect) and for who keeps (the store's room).

A compacted topic is kept in step: one entry for each key, the last record. Of any other topic every record is kept, by
its topic, partition and offset. Either way writing a record again changes nothing, so that what Connect delivers at
least once is there exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rosace.model.checked import Checked
from rosace.model.columns import ColumnType

SCHEMA = "serving"
"""In a relational store: the schema of what is exported."""

KEY, RECORD = "key", "record"
"""Columns of a table of records: Kafka's key and value as they are, both JSON or text."""

COORDINATES = ("topic", "partition", "offset")


@dataclass(frozen=True, slots=True)
class Exported:
    """One export. `target` is the index or the view; `columns` are the topic's."""

    name: str
    topic: str
    target: str
    store: str
    by_key: bool
    partitions: int
    columns: Mapping[str, ColumnType]

    @property
    def records(self) -> str:
        """In a relational store: the table that holds the records behind the view `target`."""
        return f"{self.target}_records"


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
