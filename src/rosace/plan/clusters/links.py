"""Who talks to whom on clusters: every offer that meets a need, and what pods need besides. All else is denied.

Comes in: `Estate`: what each room says of its pods. Goes out: `Link`s, from which policies and entrances are made.
Must not: know an engine (`Workload` in contract/workload.py says what rooms may say, and what it means).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, assert_never

from rosace.contract.engine import Engine
from rosace.contract.workload import (
    SCRAPED,
    AsksApiServer,
    AsksNodes,
    Needs,
    NeedsOf,
    NeedsOfAll,
    Outside,
    Scrapes,
    Served,
    Use,
    Within,
    Workload,
    named,
)
from rosace.model.capabilities import Capability, Metrics
from rosace.model.cluster_words import Cluster
from rosace.plan.clusters.endpoints import Entry, entries
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import Resident, residents

Kind = Literal["need", "within", "metrics", "api-server", "internet", "webhook", "dns", "entrance", "nodes"]
"""What a link is for. All but `need` and `within` belong to running on Kubernetes, not to the platform's flows."""

API_PORTS = (443, 6443)
"""Of the service `kubernetes`, and of the server behind it: some networks look at one, some at the other."""

NODE_PORTS = (*API_PORTS, 10250)
"""On nodes: the API server (some clouds serve it at 443), and the kubelet at its default port."""

PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
"""Addresses that are not the Internet (RFC 1918, RFC 6598, RFC 3927)."""


class Pods(NamedTuple):
    """Pods of one kind as an end of a link. Like links named tuples, which are made and found in a third of the time
    that a frozen dataclass takes: a thousand jobs have twenty thousand links."""

    cluster: str
    namespace: str
    name: str
    labels: tuple[tuple[str, str], ...]
    engine: str = ""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class Addresses(NamedTuple):
    """A range of addresses as an end of a link."""

    name: str
    cidr: str
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


End = Pods | Addresses


class Link(NamedTuple):
    """`source` may open connections to `ports` of `target`; nobody else may.

    `entry` are the ports of the entrance that `source` dials where `target` is on another cluster. `what` names
    what `target` serves, `why` a sentence for people.
    """

    source: End
    target: End
    ports: tuple[int, ...]
    kind: Kind
    what: str
    why: str
    protocol: Literal["TCP", "UDP"] = "TCP"
    entry: tuple[int, ...] = ()
    capability: type[Capability] | None = None
    """What `target` serves, where that is for whoever needs it."""

    @property
    def across(self) -> bool:
        """True where it leaves its cluster for another one of the platform."""
        return (
            isinstance(self.source, Pods)
            and isinstance(self.target, Pods)
            and (self.source.cluster != self.target.cluster)
        )


@dataclass(frozen=True, slots=True)
class Dangling:
    """Something that a workload uses and nobody serves."""

    workload: str
    use: Use


@dataclass(frozen=True)
class Network:
    """All links of a platform, and what was asked for in vain."""

    links: tuple[Link, ...]
    dangling: tuple[Dangling, ...]


@lru_cache(maxsize=16)
def network(estate: Estate) -> Network:
    """Looks up all that every workload uses. The same link is there once; the order is stable."""
    everyone = {cluster: residents(estate, cluster) for cluster in estate.clusters}
    resolver = _Resolver(estate, everyone, entries(estate))
    found: dict[Link, None] = {}
    dangling: list[Dangling] = []
    for cluster, here in everyone.items():
        for one in here:
            for use in one.workload.uses:
                answered = False
                for link in resolver.uses(one, use):
                    found[link] = None
                    answered = True
                if not answered:
                    dangling.append(Dangling(f"{one.workload.namespace}/{one.workload.name}", use))
            found.update(dict.fromkeys(resolver.always(cluster, one)))
    found.update(dict.fromkeys(_balancers(estate, list(found))))
    ordered = sorted(found, key=lambda link: (_order(link.source), _order(link.target), link.ports, link.protocol))
    return Network(tuple(ordered), tuple(dangling))


def _balancers(estate: Estate, links: list[Link]) -> Iterator[Link]:
    """A load balancer that hands connections to pods itself asks them from its own address whether they are well."""
    for link in links:
        if link.across and isinstance(link.target, Pods) and (cidr := estate.clusters[link.target.cluster].entrances):
            balancers = Addresses("the load balancers", cidr)
            yield Link(balancers, link.target, link.ports, "entrance", link.what, "look whether it is well")


def _order(end: End) -> tuple[str, ...]:
    return (end.cluster, end.namespace, end.name) if isinstance(end, Pods) else ("~", end.name, end.cidr)


def pods(one: Resident) -> Pods:
    """A workload as an end of a link."""
    workload = one.workload
    labels = tuple(sorted(workload.labels.items()))
    return Pods(one.cluster, workload.namespace, workload.name, labels, one.part.engine.name)


NODE_ADDRESSES = tuple(cidr for cidr in PRIVATE if cidr != "169.254.0.0/16")
"""Where nodes may be: nobody says it more exactly. Without the addresses that clouds give secrets away from."""

SERVICE = "10.43.0.1/32"
"""The service `kubernetes` where nobody says more: the first address of K3s' and RKE2's services (docs.k3s.io,
"Networking", `--service-cidr`)."""


def _server(cidr: str) -> Addresses:
    return Addresses("the API server", cidr)


def asked_at(cluster: Cluster) -> Iterator[tuple[Addresses, tuple[int, ...]]]:
    """Where pods find the API server, and its ports. Unsaid, the servers are on nodes, behind the usual service."""
    if cluster.api:
        yield from ((_server(cidr), API_PORTS) for cidr in cluster.api)
        return
    yield _server(SERVICE), API_PORTS
    if cluster.cni != "cilium":
        yield from ((_server(cidr), API_PORTS[1:]) for cidr in NODE_ADDRESSES)


def calling_from(cluster: Cluster) -> Iterator[Addresses]:
    """From where the API server calls webhooks: never from the address of its service, which stands for it to Cilium,
    who knows it otherwise."""
    somewhere = (SERVICE,) if cluster.cni == "cilium" else NODE_ADDRESSES
    yield from map(_server, cluster.webhooks or cluster.api or somewhere)


INTERNET_ADDRESSES = Addresses("the Internet", "0.0.0.0/0", PRIVATE)


@dataclass(frozen=True)
class _Resolver:
    """Who is meant, given everybody who is there."""

    estate: Estate
    everyone: dict[str, tuple[Resident, ...]]
    entries: tuple[Entry, ...]
    _known: dict[tuple[str, str, type[Capability]], tuple[tuple[object, ...], ...]] = field(
        default_factory=dict[tuple[str, str, type[Capability]], tuple[tuple[object, ...], ...]], init=False
    )

    @cached_property
    def _ends(self) -> Mapping[int, Pods]:
        return {id(one): pods(one) for here in self.everyone.values() for one in here}

    def _end(self, one: Resident) -> Pods:
        """A workload as an end of a link; made once, each has hundreds."""
        return self._ends[id(one)]

    def uses(self, one: Resident, use: Use) -> Iterator[Link]:
        """The links of one thing that a workload uses."""
        me = self._end(one)
        match use:
            case Needs(capability):
                for tail in self._met(one, capability):
                    yield tuple.__new__(Link, (me, *tail))
            case NeedsOfAll(capability):
                yield from self._on(one, capability, self.everyone, "on every cluster")
            case NeedsOf(capability, cluster):
                yield from self._on(one, capability, (cluster,), f"on {cluster}")
            case Within(name, what):
                yield from self._within(one, name, what)
            case Scrapes():
                yield from self._scrapes(one)
            case AsksApiServer():
                for server, ports in asked_at(self.estate.clusters[one.cluster]):
                    yield Link(me, server, ports, "api-server", "api-server", "asks the API server")
            case AsksNodes(more):
                ports = tuple(sorted({*NODE_PORTS, *more}))
                for cidr in NODE_ADDRESSES:
                    yield Link(me, Addresses("the nodes", cidr), ports, "nodes", "nodes", "measures the nodes")
            case Outside(port, host):
                for end in _outside(self.estate, host):
                    yield Link(me, end, (port,), "internet", "internet", f"reaches {host or 'services outside'}")
            case _:
                assert_never(use)

    @cached_property
    def _serving(self) -> Mapping[Served, list[Resident]]:
        """What is served to everybody who serves it, on any cluster."""
        found: dict[Served, list[Resident]] = {}
        for one in (one for here in self.everyone.values() for one in here):
            for served in one.workload.serves:
                found.setdefault(served, []).append(one)
        return found

    @cached_property
    def _named(self) -> Mapping[tuple[str, str, str], list[Resident]]:
        """Cluster, engine and name of a workload to its pods."""
        found: dict[tuple[str, str, str], list[Resident]] = {}
        for one in (one for here in self.everyone.values() for one in here):
            found.setdefault((one.cluster, one.part.engine.name, one.workload.name), []).append(one)
        return found

    def always(self, cluster: str, one: Resident) -> Iterator[Link]:
        """What a workload has without asking: names are looked up, webhooks called, metrics scraped."""
        me = self._end(one)
        names = Pods(cluster, "kube-system", "dns", (("k8s-app", "kube-dns"),))
        yield Link(me, names, (53,), "dns", "dns", "looks up names", "UDP")
        yield Link(me, names, (53,), "dns", "dns", "looks up names", "TCP")
        for server in calling_from(self.estate.clusters[cluster]) if one.workload.webhook else ():
            yield Link(server, me, one.workload.webhook, "webhook", "webhook", "the API server asks its webhook")
        for cidr in NODE_ADDRESSES if one.workload.by_nodes else ():
            nodes = Addresses("the nodes", cidr)
            yield Link(nodes, me, one.workload.by_nodes, "nodes", "nodes", "is called by nodes")
        for cidr, ports in one.workload.visitors.items():
            yield Link(Addresses("programs outside", cidr), me, ports, "entrance", "entrance", "is called from outside")
        if Metrics in one.workload.serves and not self._scrapers(cluster):
            yield from self._scrapes(one)

    def _scrapers(self, cluster: str) -> list[Resident]:
        """Those that say themselves that they scrape; where nobody does, whoever serves metrics to others does."""
        return [one for one in self.everyone[cluster] if Scrapes() in one.workload.uses]

    def _scrapes(self, one: Resident) -> Iterator[Link]:
        for other in self.everyone[one.cluster]:
            if ports := other.workload.serves.get(SCRAPED):
                why = f"collects the metrics of {other.workload.name}"
                yield Link(self._end(one), self._end(other), ports, "metrics", SCRAPED.name, why)

    def _within(self, one: Resident, name: str, what: Served) -> Iterator[Link]:
        for other in self._named.get((one.cluster, one.part.engine.name, name), ()):
            workload = other.workload
            if what in workload.serves:
                why = f"reaches {named(what)} of {name}"
                ports = workload.serves[what]
                yield Link(self._end(one), self._end(other), ports, "within", named(what), why)
                if both := tuple(port for port in ports if port in workload.datagrams):
                    yield Link(self._end(one), self._end(other), both, "within", named(what), why, "UDP")

    def _met(self, one: Resident, asked: type[Capability]) -> tuple[tuple[object, ...], ...]:
        """All of its links but where they begin; for all pods of a namespace they are the same."""
        place = (one.cluster, one.workload.namespace, asked)
        found = self._known.get(place)
        if found is None:
            found = tuple(link[1:] for link in self._need(one, asked, asked, seen=frozenset()))
            self._known[place] = found
        return found

    def _need(
        self, one: Resident, asked: type[Capability], kind: type[Capability], *, seen: frozenset[type[Capability]]
    ) -> Iterator[Link]:
        """Whoever serves a capability: on this cluster, else the nearest. One without pods stands for what it needs."""
        serving = [other for other in self._serving.get(kind, ()) if _open_to(one, other)]
        near = [other for other in serving if other.cluster == one.cluster]
        for other in near or serving:
            if other.cluster == self.estate.reached(other.part.engine.name, one.cluster):
                yield self._link(one, other, kind, f"uses {named(asked)} of {other.part.engine.title}")
        if not serving:
            behind = {need for engine in self._offering(kind) for need in engine.needs} - seen - {kind}
            for need in sorted(behind, key=named):
                yield from self._need(one, asked, need, seen=seen | {kind})

    def _on(self, one: Resident, kind: type[Capability], clusters: Container[str], where: str) -> Iterator[Link]:
        """Whoever serves a capability on these clusters."""
        for other in self._serving.get(kind, ()):
            if other.cluster in clusters and _open_to(one, other):
                yield self._link(one, other, kind, f"uses {named(kind)} of {other.part.engine.title} {where}")

    def _link(self, one: Resident, other: Resident, kind: type[Capability], why: str) -> Link:
        me, them, what = self._end(one), self._end(other), named(kind)
        if other.cluster == one.cluster:
            return Link(me, them, other.workload.serves[kind], "need", what, why, capability=kind)
        ports = other.workload.doors.get(kind) or other.workload.serves[kind]
        entry = self._entry(other, kind) or ports
        return Link(me, them, ports, "need", what, why, entry=entry, capability=kind)

    def _offering(self, kind: type[Capability]) -> list[Engine]:
        rooms = {part.engine.name: part.engine for part in self.estate.parts}
        return [engine for engine in rooms.values() if kind in engine.offers]

    def _entry(self, other: Resident, kind: type[Capability]) -> tuple[int, ...]:
        mine = (one for one in self.entries if one.cluster == other.cluster and one.engine == other.part.engine.name)
        return tuple(sorted({entry.port for entry in mine if entry.capability is kind}))


def _outside(estate: Estate, host: str) -> Iterator[Addresses]:
    """Where a host outside is: at the addresses that somebody said, at its own, else anywhere on the Internet."""
    said = estate.checked.platform.delivery.destinations.get(host, ())
    if re.fullmatch(r"[0-9]+(\.[0-9]+){3}", host) and not said:
        said = (f"{host}/32",)
    yield from (Addresses(host, cidr) for cidr in said)
    if not said:
        yield INTERNET_ADDRESSES


def _open_to(one: Resident, other: Resident) -> bool:
    """Whether `other` serves whoever `one` is: a tenant's store serves nobody but its clients."""
    clients = other.workload.clients
    return clients is None or one.workload.namespace in clients


def served(workload: Workload) -> tuple[int, ...]:
    """All ports of a workload that anybody may be let in to."""
    visited = {port for ports in workload.visitors.values() for port in ports}
    open_to_some = {port for ports in workload.serves.values() for port in ports}
    return tuple(sorted({*open_to_some, *workload.webhook, *workload.by_nodes, *visited}))
