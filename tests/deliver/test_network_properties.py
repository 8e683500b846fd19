"""Whatever rooms say of their pods: policies open what that means, and nothing else."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from deliver_rooms import Houses, Room
from hypothesis import given, settings
from hypothesis import strategies as st
from openings import meant, opened

from rosace.contract.cluster import ClusterSite
from rosace.contract.workload import (
    API_SERVER,
    INTERNET,
    SCRAPED,
    AsksNodes,
    Needs,
    NeedsOfAll,
    Own,
    Scrapes,
    Served,
    Use,
    Within,
    Workload,
)
from rosace.model.capabilities import (
    Capability,
    KafkaBootstrap,
    Metrics,
    MetricStores,
    PostgresDatabase,
    S3Endpoint,
    SqlEndpoint,
)
from rosace.plan.clusters.links import Pods, network
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import residents

PEERS = Own("peers")
CAPABILITIES: list[type[Capability]] = [
    KafkaBootstrap,
    Metrics,
    MetricStores,
    PostgresDatabase,
    S3Endpoint,
    SqlEndpoint,
]
SERVED: list[Served] = [*CAPABILITIES, SCRAPED, PEERS]
PORTS = [53, 80, 443, 5432, 6443, 9090, 9100]
CLUSTERS: dict[str, Any] = {
    "a": {"runs": ["one", "two"], "pods": "10.42.0.0/16", "entrances": "10.41.0.0/24"},
    "b": {"runs": ["three"], "pods": "10.52.0.0/16"},
}

ports = st.lists(st.sampled_from(PORTS), min_size=1, max_size=3, unique=True).map(tuple)
OTHERS: list[Use] = [Scrapes(), API_SERVER, INTERNET, AsksNodes(), Within("pods-0", PEERS), Within("pods-1", PEERS)]
words = st.one_of(
    st.sampled_from(OTHERS),
    st.sampled_from(CAPABILITIES).map(Needs),
    st.sampled_from(CAPABILITIES).map(NeedsOfAll),
)
said = st.tuples(
    st.dictionaries(st.sampled_from(SERVED), ports, max_size=3),
    st.lists(words, max_size=4, unique=True).map(tuple),
    st.one_of(st.just(()), ports),
    st.booleans(),
    st.one_of(st.none(), st.lists(st.sampled_from(["one", "two", "shared"]), max_size=2).map(tuple)),
)
"""What a workload serves, what it uses, its webhooks, whether it lives in the namespace that engines share, and whose
pods it serves."""


def room(name: str, all_said: list[Any]) -> Room:
    """A room with one kind of pods for each of what was said."""

    def pods(site: ClusterSite) -> tuple[Workload, ...]:
        return tuple(
            Workload(
                f"pods-{number}" if not shared else f"{name}-{number}",
                name,
                "shared" if shared else site.namespace,
                {"app": f"{name}-{number}"},
                serves,
                uses,
                webhook,
                clients=clients,
            )
            for number, (serves, uses, webhook, shared, clients) in enumerate(all_said)
        )

    return Room(pods=pods)


answers = st.fixed_dictionaries({name: st.lists(said, max_size=3) for name in ("one", "two", "three", "four")})


def placed(patch: pytest.MonkeyPatch, everything: dict[str, list[Any]], clusters: dict[str, Any]) -> Estate:
    """Rooms that give these answers; the last one lives on every cluster."""
    houses = Houses(patch)
    for name, all_said in everything.items():
        houses.add(name, room(name, all_said), everywhere=name == "four")
    return houses.estate({"clusters": clusters})


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(answers)
def test_policies_open_the_links(everything: dict[str, list[Any]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        whole = placed(patch, everything, CLUSTERS)
        for cluster in whole.clusters:
            assert opened(whole, cluster) == meant(whole, cluster)


@settings(max_examples=80, deadline=None)
@given(answers)
def test_links_between_pods_are_what_words_mean(everything: dict[str, list[Any]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        whole = placed(patch, everything, {"main": {}})
        got = {
            (str(link.source), str(link.target), port)
            for link in network(whole).links
            for port in link.ports
            if isinstance(link.source, Pods) and isinstance(link.target, Pods) and link.kind != "dns"
        }
        assert got == by_words([one.workload for one in residents(whole, "main")])


def by_words(everyone: list[Workload]) -> set[tuple[str, str, int]]:
    """The meaning of words once more, as the contract of rooms tells it, for a single cluster."""
    found: set[tuple[str, str, int]] = set()
    scraping = any(Scrapes() in one.uses for one in everyone)
    for a, b in product(everyone, everyone):
        heard: set[Served] = {use.capability for use in a.uses if isinstance(use, Needs | NeedsOfAll)}
        if Scrapes() in a.uses or (Metrics in a.serves and not scraping):
            heard.add(SCRAPED)
        for served, numbers in b.serves.items():
            welcome = b.clients is None or a.namespace in b.clients or isinstance(served, Own)
            if (served in heard and welcome) or (a.engine == b.engine and Within(b.name, served) in a.uses):
                found |= {(f"{a.namespace}/{a.name}", f"{b.namespace}/{b.name}", number) for number in numbers}
    return found
