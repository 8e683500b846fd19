"""Which cluster runs which job, by where its data is; and from that, where topics live and which are copied.

Comes in: the platform, its rooms, who reads and writes what. Goes out: `Placement`. Must not: complain;
`rules/places.py` does that. A platform with errors gets some placement too.

What decides, in this order: what the user says (`cluster:`), the one cluster that runs the engine, data on the cluster
itself, data in its region, data with its provider, the fewest jobs so far, the order in which clusters are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rosace.check.flow import Flow
from rosace.contract.engine import Engine
from rosace.model.capabilities import KafkaBootstrap, S3Endpoint
from rosace.model.checked import Ref
from rosace.model.cluster_words import Cluster
from rosace.model.placement import MANAGEMENT, ONLY, Mirror, Placed, Placement, distance, nearest
from rosace.model.platform import Platform


def clusters_of(platform: Platform) -> dict[str, Cluster]:
    """The clusters that the platform names; one where it names none."""
    return dict(platform.clusters) or {ONLY: Cluster()}


def homes_of(engine: Engine, clusters: Mapping[str, Cluster]) -> tuple[str, ...]:
    """The clusters on which an engine lives."""
    if engine.management:
        return (MANAGEMENT,)
    clusters = {name: cluster for name, cluster in clusters.items() if name != MANAGEMENT or cluster.runs}
    # What has no pods is wherever it is asked for, and says addresses as they are seen from there.
    if len(clusters) == 1 or engine.everywhere or not engine.kubernetes.chart:
        return tuple(clusters)
    said = tuple(name for name, cluster in clusters.items() if engine.name in cluster.runs)
    return said if engine.several else said[:1]


def placement_of(
    platform: Platform, rooms: Mapping[str, Engine], flow: Flow, queries: Iterable[tuple[Ref, ...]]
) -> Placement:
    """Where everything is. `queries` are the topics and tables that each query reads."""
    clusters = clusters_of(platform)
    return _Placer(platform, rooms, flow, clusters).placement(
        sorted({ref for refs in queries for ref in refs}, key=str)
    )


def in_order(flow: Flow) -> Iterator[str]:
    """Jobs after those that write what they read; in a circle, which is refused elsewhere, in any order."""
    order = {name: at for at, name in enumerate(flow.writes)}
    reads = {name: set(flow.reads[name]) for name in order}
    writers = Counter(ref for name in order for ref in set(flow.writes[name]))
    awaited = {name: sum(ref in writers for ref in reads[name]) for name in order}
    waiting, free = order.copy(), [name for name, count in awaited.items() if not count]
    while waiting:
        free = free or [next(iter(waiting))]
        for name in free:
            del waiting[name]
            yield name
        written = [ref for name in free for ref in set(flow.writes[name])]
        writers.subtract(written)
        freed: list[str] = []
        for reader in (name for ref in set(written) if not writers[ref] for name in flow.read_by(ref)):
            awaited[reader] -= 1
            if not awaited[reader] and reader in waiting:
                freed.append(reader)
        free = sorted(freed, key=order.__getitem__)


@dataclass
class _Placer:
    platform: Platform
    rooms: Mapping[str, Engine]
    flow: Flow
    clusters: Mapping[str, Cluster]
    jobs: dict[str, Placed] = field(default_factory=dict[str, Placed])
    load: Counter[str] = field(default_factory=Counter[str])
    topics: dict[str, str] = field(default_factory=dict[str, str])

    def placement(self, asked: list[Ref]) -> Placement:
        for name in in_order(self.flow):
            self.jobs[name] = self._place(name)
            self.load[self.jobs[name].cluster] += 1
            for topic in _topics(self.flow.writes[name]):
                self.topics.setdefault(topic, self._home(topic, self.jobs[name].cluster))
        for topic in self.platform.topics:
            self.topics.setdefault(topic, self._home(topic))
        streams = {here: nearest(self._streams, self.clusters, here) for here in self.clusters} if self._streams else {}
        users = dict.fromkeys(self._users(asked))
        mirrors = {
            Mirror(topic, self.topics[topic], streams[here])
            for here, topic in users
            if here in streams and streams[here] != self.topics[topic]
        }
        comes = {(streams[here], here) for here, _ in users if here in streams and streams[here] != here}
        comes |= {(mirror.source, mirror.target) for mirror in mirrors}
        visits = {home: tuple(sorted(here for there, here in comes if there == home)) for home, _ in sorted(comes)}
        return Placement(self.jobs, self.topics, tuple(sorted(mirrors)), streams, visits)

    @cached_property
    def _streams(self) -> tuple[str, ...]:
        return self._offering(KafkaBootstrap)

    @cached_property
    def _stores(self) -> tuple[str, ...]:
        return self._offering(S3Endpoint)

    def _offering(self, capability: type) -> tuple[str, ...]:
        for room in self.rooms.values():
            if capability in room.offers:
                return homes_of(room, self.clusters)
        return ()

    def _home(self, topic: str, writer: str = "") -> str:
        """Where a topic is written: where it is said to be, beside its writer, else on the first that has a Kafka."""
        if (said := self.platform.topics[topic].cluster) in self.clusters:
            return str(said)
        streams = self._streams or tuple(self.clusters)
        return nearest(streams, self.clusters, writer) if writer else streams[0]

    def _place(self, name: str) -> Placed:
        spec = self.platform.jobs[name]
        if spec.cluster in self.clusters:
            return Placed(str(spec.cluster), f"`cluster: {spec.cluster}` says so")
        room = self.rooms.get(spec.engine)
        able = homes_of(room, self.clusters) if room else ()
        if len(able) < 2:
            title = room.title if room else spec.engine
            return Placed(next(iter(able or self.clusters)), f"the only cluster that runs {title}")
        data = dict(self._data(name))
        ranked = sorted(able, key=lambda here: (*self._far(data, here), self.load[here]))
        best = ranked[0]
        refused = {here: self._compared(data, here, best) for here in ranked[1:]}
        return Placed(best, self._told(data, best) or "nothing that it reads is nearer to another", refused)

    def _data(self, name: str) -> Iterator[tuple[Ref, str]]:
        """Where what a job reads lies; where it reads nothing, what it writes."""
        for ref in self.flow.reads[name] or self.flow.writes[name]:
            if ref.kind == "topic":
                self.topics.setdefault(ref.name, self._home(ref.name))
                yield ref, self.topics[ref.name]
            elif self._stores:
                yield ref, self._stores[0]

    def _far(self, data: Mapping[Ref, str], here: str) -> tuple[int, int, int]:
        """How little of the data is on a cluster, in its region, with its provider: the smaller the better."""
        away = [distance(self.clusters, here, there) for there in data.values()]
        return sum(d > 0 for d in away), sum(d > 1 for d in away), sum(d > 2 for d in away)

    def _told(self, data: Mapping[Ref, str], here: str) -> str:
        words = ("is there", "is in its region", "is with its provider")
        for far, word in enumerate(words):
            near = [str(ref) for ref, there in data.items() if distance(self.clusters, here, there) <= far]
            if near:
                return f"{', '.join(f'`{ref}`' for ref in sorted(near))} {word}"
        return ""

    def _compared(self, data: Mapping[Ref, str], here: str, best: str) -> str:
        if self._far(data, here) != self._far(data, best):
            return f"farther from its data: {self._told(data, here) or 'nothing that it reads is near'}"
        mine, its = self.load[here], self.load[best]
        return f"as near, but runs {mine - its} more already" if mine != its else "as near, but written later"

    def _users(self, asked: list[Ref]) -> Iterator[tuple[str, str]]:
        """Cluster and topic, for every topic that somebody on a cluster reads or writes."""
        for name, placed in self.jobs.items():
            for topic in _topics((*self.flow.reads[name], *self.flow.writes[name])):
                yield placed.cluster, topic
        for room in self.rooms.values():
            if KafkaBootstrap in room.optional and not room.runs:
                for here in homes_of(room, self.clusters):
                    yield from ((here, topic) for topic in _topics(asked))


def _topics(refs: Iterable[Ref]) -> list[str]:
    return sorted({ref.name for ref in refs if ref.kind == "topic"})
