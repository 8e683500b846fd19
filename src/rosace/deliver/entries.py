"""Under which name and port other clusters reach what an engine offers.

Comes in: `Estate`. Goes out: `Entry`s, read from the addresses that rooms offer to the outside: whatever a client was
told, an entrance answers to. Must not: invent a name.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def entries(estate: Estate) -> tuple[Entry, ...]:
    """All names that capabilities carry for other clusters, in a stable order."""
    return tuple(sorted({entry for part in estate.parts for entry in _of(part)}))


def _of(part: Part) -> Iterator[Entry]:
    site = dataclasses.replace(part.site, outside=True)
    zone = re.escape(site.service("x").removeprefix("x."))
    name = re.compile(
        rf"(?:(?P<scheme>[a-z][a-z0-9+]*)://)?(?P<service>[a-z0-9-]+)\.{zone}(?::(?P<port>\d+))?(?![\w.-])"
    )
    for offer in part.engine.kubernetes.offers(site):
        for text in _texts(offer):
            for match in name.finditer(text):
                port = int(match["port"] or getattr(offer, "port", 0) or _USUAL.get(match["scheme"] or "", 0))
                if port:
                    host = site.service(match["service"])
                    yield Entry(
                        site.cluster_name,
                        part.engine.name,
                        type(offer).__name__,
                        site.namespace,
                        match["service"],
                        host,
                        port,
                    )


def _texts(offer: Capability) -> Iterator[str]:
    for one in dataclasses.fields(offer):
        if isinstance(value := getattr(offer, one.name), str):
            yield value
