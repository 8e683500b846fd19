"""What belongs to the platform as a whole and to no engine: one module each, found by its `CONCERN`.

A concern decides (`values`) and lays out (`objects`), like the cluster side of a room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rosace.deliver.estate import Estate
from rosace.engines.manifest import Obj


class Concern(Protocol):
    """A section of a chart. `values` has `enabled: False` where a cluster has nothing of it; `shape` is its type."""

    @property
    def name(self) -> str: ...
    @property
    def chart(self) -> str: ...
    @property
    def shape(self) -> type: ...
    def values(self, estate: Estate, cluster: str) -> Mapping[str, Any]: ...
    def objects(self, frame: Mapping[str, Any], section: Mapping[str, Any]) -> list[Obj]: ...


def _concerns() -> tuple[Concern, ...]:
    from rosace.deliver.concerns import access, backups, entrances, namespaces, network, secrets, watching

    governed = (namespaces.CONCERN, network.CONCERN, secrets.CONCERN, access.CONCERN, entrances.CONCERN)
    return (*governed, watching.CONCERN, backups.CONCERN)


CONCERNS: tuple[Concern, ...] = _concerns()
