"""Pods as peers on the network: what they serve, whom they call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rosace.model.capabilities import Capability


@dataclass(frozen=True, slots=True)
class Own:
    """What pods serve to others of the same engine, by its engine's word for it (`replication`)."""

    name: str


Served = type[Capability] | Own
"""What pods serve: a capability to whoever needs it, or something of the engine's own."""

Serves = Mapping[Served, tuple[int, ...]]
"""What pods serve, with its ports."""

SCRAPED = Own("metrics")
"""What whoever collects metrics asks, in every engine."""


def named(served: Served) -> str:
    """What is served, as people are told of it."""
    return served.name if isinstance(served, Own) else served.__name__


@dataclass(frozen=True, slots=True)
class Needs:
    """Whoever serves a capability: on the same cluster where somebody does, else on the nearest."""

    capability: type[Capability]


@dataclass(frozen=True, slots=True)
class NeedsOfAll:
    """Whoever serves a capability, on every cluster."""

    capability: type[Capability]


@dataclass(frozen=True, slots=True)
class NeedsOf:
    """Whoever serves a capability on that one cluster."""

    capability: type[Capability]
    cluster: str


@dataclass(frozen=True, slots=True)
class Within:
    """What pods of the same engine serve, on the same cluster. `workload` is their name."""

    workload: str
    served: Served


@dataclass(frozen=True, slots=True)
class Scrapes:
    """All that anybody on the cluster serves as `SCRAPED`."""


@dataclass(frozen=True, slots=True)
class AsksApiServer:
    """The cluster's own API server."""


@dataclass(frozen=True, slots=True)
class AsksNodes:
    """The nodes' own addresses: kubelets, and what listens there at these ports."""

    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """Addresses outside: Git, image and chart registries, receivers of alerts. By HTTPS, or at another port."""

    port: int = 443
    host: str = ""
    """Who is asked there, where it is known: a name whose addresses `delivery.destinations` says, or an address."""


Use = Needs | NeedsOfAll | NeedsOf | Within | Scrapes | AsksApiServer | AsksNodes | Outside
"""What pods connect to."""

API_SERVER, INTERNET = AsksApiServer(), Outside()

Level = Literal["restricted", "baseline", "privileged"]
"""Pod Security's levels, the strictest first (kubernetes.io, Pod Security Standards)."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Pods that are one peer on the network.

    `labels` select them. `uses` is what they connect to, `webhook` are ports that the API server calls, `by_nodes`
    those that nodes call, or pods that have no addresses but a node's.
    """

    name: str
    engine: str
    namespace: str
    labels: Mapping[str, str]
    serves: Serves = field(default_factory=dict[Served, tuple[int, ...]])
    uses: tuple[Use, ...] = ()
    webhook: tuple[int, ...] = ()
    by_nodes: tuple[int, ...] = ()
    entrance: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels besides `labels` of those pods that take calls from other clusters: the primary of a database."""
    datagrams: tuple[int, ...] = ()
    """Of the ports that it serves to others of its engine those that take UDP besides TCP."""
    doors: Serves = field(default_factory=dict[Served, tuple[int, ...]])
    """Capabilities for which its engine makes entrances for other clusters itself, with the ports behind them."""
    clients: tuple[str, ...] | None = None
    """The namespaces whose pods may use the capabilities it serves; those of everybody who asks where None."""
    visitors: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """Ranges of addresses outside of the platform, and the ports at which programs there may call these pods."""
    security: Level = "restricted"
    """The strictest level of Pod Security that these pods keep to; their namespace enforces no more."""
