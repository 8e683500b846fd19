"""Pods as peers on the network: what they serve, whom they call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

API_SERVER = "api-server"
"""The name that stands for the cluster's own API server in `Workload.uses`."""


INTERNET = "internet"
"""The name that stands for addresses outside, in `Workload.uses`: Git, image and chart registries, alert receivers.
By HTTPS, or at another port where one follows: `internet:587`."""


NODES = "nodes"
"""The name that stands for the nodes' own addresses, in `Workload.uses`: kubelets, and what listens there at a
port that follows: `nodes:9100`."""


ON_ALL = "@all"
"""After a capability's name in `Workload.uses`: whoever serves it on every cluster, not only on this one. With a
cluster's name instead (`KafkaBootstrap@storage`): whoever serves it there."""


Level = Literal["restricted", "baseline", "privileged"]
"""Pod Security's levels, the strictest first (kubernetes.io, Pod Security Standards)."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Pods that are one peer on the network.

    `labels` select them. `serves` maps what they offer to ports: the name of a capability's class (`KafkaBootstrap`),
    or a word of the engine's own (`metrics`, `controller`). `uses` names what they connect to: a capability's class
    (served by whichever engine; the one on its own cluster where there is one, with `ON_ALL` those of every cluster),
    `<workload>/<word>` within the same engine, `metrics` (all that anybody serves under this word), `API_SERVER`,
    `NODES` (and a port there as `nodes:9100`), `INTERNET` (by HTTPS; another port as `internet:587`).
    `webhook` are ports that the API server calls. Served under `NODES` is what nodes call, and
    pods that have no addresses but theirs.
    """

    name: str
    engine: str
    namespace: str
    labels: Mapping[str, str]
    serves: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    uses: tuple[str, ...] = ()
    webhook: tuple[int, ...] = ()
    entrance: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels besides `labels` of those pods that take calls from other clusters: the primary of a database."""
    doors: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """Capabilities for which its engine makes entrances for other clusters itself, with the ports behind them."""
    clients: tuple[str, ...] | None = None
    """The namespaces whose pods may use the capabilities it serves; those of everybody who asks where None."""
    security: Level = "restricted"
    """The strictest level of Pod Security that these pods keep to; their namespace enforces no more."""
