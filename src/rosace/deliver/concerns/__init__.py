"""What belongs to the platform as a whole and to no engine: one module each, found by its `CONCERN`.

A concern decides (`values`), like the cluster side of a room; the chart's templates lay it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rosace.plan.clusters.topology import Estate


class Concern(Protocol):
    """A section of a chart. `values` has `enabled: False` where a cluster has nothing of it; `shape` is its type."""

    @property
    def name(self) -> str: ...
    @property
    def chart(self) -> str: ...
    @property
    def shape(self) -> type: ...
    def values(self, estate: Estate, cluster: str) -> Mapping[str, Any]: ...


def _concerns() -> tuple[Concern, ...]:
    from rosace.deliver.concerns import access, backups, entrances, namespaces, network, secrets, sources, watching

    governed = (namespaces.CONCERN, network.CONCERN, secrets.CONCERN, access.CONCERN, entrances.CONCERN)
    return (*governed, watching.CONCERN, backups.CONCERN, sources.CONCERN)


CONCERNS: tuple[Concern, ...] = _concerns()
