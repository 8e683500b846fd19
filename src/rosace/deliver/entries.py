"""Under which name and port other clusters reach what an engine offers.

Comes in: `Estate`. Goes out: `Entry`s, read from the addresses that rooms offer to the outside: whatever a client was
told, an entrance answers to. Must not: invent a name.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from rosace.deliver.estate import Estate, Part
from rosace.model.capabilities import Capability

_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """`service` of `namespace` is known outside as `host`, and called at `port`, for a capability of an engine."""

    cluster: str
    engine: str
    capability: str
    namespace: str
    service: str
    host: str
    port: int


@lru_cache(maxsize=16)
def entries(estate: Estate) -> tuple[Entry, ...]:
    """All names that capabilities carry for other clusters, in a stable order."""
    return tuple(sorted({entry for part in estate.parts for entry in _of(part)}))


def _of(part: Part) -> Iterator[Entry]:
    site = dataclasses.replace(part.site, outside=True)
    zone = site.service("x").removeprefix(f"x.{site.namespace}.")
    spaces = {site.namespace, *(workload.namespace for workload in part.engine.kubernetes.workloads(part.site))}
    name = re.compile(
        rf"(?:(?P<scheme>[a-z][a-z0-9+]*)://)?(?P<service>[a-z0-9-]+)\.(?P<space>{'|'.join(sorted(spaces))})"
        rf"\.{re.escape(zone)}(?::(?P<port>\d+))?(?![\w.-])"
    )
    for offer in part.engine.kubernetes.offers(site):
        for text in _texts(offer):
            for match in name.finditer(text):
                port = int(match["port"] or getattr(offer, "port", 0) or _USUAL.get(match["scheme"] or "", 0))
                if port:
                    service, space = match["service"], match["space"]
                    host = f"{service}.{space}.{zone}"
                    kind = type(offer).__name__
                    yield Entry(site.cluster_name, part.engine.name, kind, space, service, host, port)


def _texts(offer: Capability) -> Iterator[str]:
    for one in dataclasses.fields(offer):
        value = getattr(offer, one.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from (text for text in cast("Mapping[str, object]", value).values() if isinstance(text, str))
