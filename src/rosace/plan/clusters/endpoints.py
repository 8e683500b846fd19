"""Under which name and port other clusters reach what an engine offers.

Comes in: `Estate`. Goes out: `Entry`s, read from the addresses that rooms offer to the outside: whatever a client was
told, an entrance answers to. Must not: invent a name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from rosace.model.capabilities import Address, Capability
from rosace.plan.clusters.topology import Estate, Part


@dataclass(frozen=True, slots=True)
class Entry:
    """`service` of `namespace` is known outside as `host`, and called at `port`, for a capability of an engine."""

    cluster: str
    engine: str
    capability: type[Capability]
    namespace: str
    service: str
    host: str
    port: int


@lru_cache(maxsize=16)
def entries(estate: Estate) -> tuple[Entry, ...]:
    """All names that capabilities carry for other clusters, in a stable order."""
    return tuple(sorted({entry for part in estate.parts for entry in _of(part)}, key=_order))


def _order(entry: Entry) -> tuple[str | int, ...]:
    place = (entry.cluster, entry.engine, entry.capability.__name__, entry.namespace, entry.service)
    return (*place, entry.host, entry.port)


def _of(part: Part) -> Iterator[Entry]:
    site = dataclasses.replace(part.site, outside=True)
    for offer in part.outside:
        for address in _addresses(offer):
            # What lies on another cluster is entered there.
            if (known := address.service) and address.host == site.service(known.name, known.namespace):
                names = (site.cluster_name, part.engine.name, type(offer), known.namespace, known.name)
                yield Entry(*names, address.host, address.port)


def _addresses(offer: Capability) -> Iterator[Address]:
    """All that a capability says of its own; what it was offered itself belongs to who offers that."""
    for one in dataclasses.fields(offer):
        match getattr(offer, one.name):
            case Address() as address:
                yield address
            case tuple() as several:
                yield from (each for each in cast("tuple[object, ...]", several) if isinstance(each, Address))
            case Mapping() as named:
                yield from (each for each in cast("Mapping[str, object]", named).values() if isinstance(each, Address))
            case _:
                pass
