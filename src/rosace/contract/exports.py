"""A store that topics can be exported to: what its folder says of itself to Kafka Connect.

An engine with `Engine.exports` has `exports.py` with `STORE`, its `ExportStore`. Who runs Connect loops over them and
knows none. Must not: know an engine, or run anything.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rosace.contract.cluster import OfferedSite
from rosace.model.capabilities import Capability
from rosace.model.columns import ColumnType


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


class ExportStore(ABC):
    """What Kafka Connect has to be told to write into a store. All functions are pure."""

    endpoint: ClassVar[type[Capability]]
    """The capability that says where it is."""

    place: ClassVar[str]
    """The folder of Connect's pods in which its secret lies; no two stores have the same."""

    connector: ClassVar[str]
    """The Java class of the sink, which the platform's image of Connect holds."""

    @abstractmethod
    def secret(self, site: OfferedSite) -> str:
        """The name of the secret with its credentials, in the namespace of Connect's pods."""

    @abstractmethod
    def config(self, site: OfferedSite, export: Exported, secret: Callable[[str], str]) -> Mapping[str, str]:
        """The sink's settings for one export, its topic left out. `secret(key)` is the reference that Connect resolves
        to the value of that key, so that no value stands in a resource."""
