"""What runs and what waits for what, resolved across engines."""

from __future__ import annotations

from graphlib import CycleError

import pytest
from plan_rooms import Catalog, House, Room, Store, Stream

from rosace.model.capabilities import Address, KafkaBootstrap
from rosace.model.quantity import Size
from rosace.plan.machine.deployment import Deployment, Streams
from rosace.plan.machine.steps import ordered


def after(deployment: Deployment, name: str) -> set[str]:
    items = (*deployment.processes, *deployment.actions)
    return set(next(item.after for item in items if item.name == name))


def needs(deployment: Deployment, job: str) -> set[str]:
    return set(next(item.needs for item in deployment.jobs if item.name == job))


def test_a_process_waits_for_all_that_offers_its_needs(house: House) -> None:
    """For processes and actions of the engines that offer, whatever the alphabet says; not for one-shot processes."""
    house.add(Room("reader", {"reader": (), "reader-part": ("reader",)}, {"reader:go": ("reader",)}), needs=(Store,))
    house.add(
        Room(
            "store", {"store": (), "store-load": ()}, {"store:buckets": ("store",)}, ("store-load",), (Store("store"),)
        )
    )
    plan = house.deploy()
    assert after(plan, "reader") == {"store", "store:buckets"}
    assert after(plan, "reader-part") == {"reader", "store", "store:buckets"}
    assert after(plan, "reader:go") == {"reader", "store", "store:buckets"}
    assert after(plan, "store") == set()
    assert after(plan, "store:buckets") == {"store"}


def test_needs_reach_through_an_engine_without_processes(house: House) -> None:
    house.add(Room("asker", {"asker": ()}), needs=(Catalog,))
    house.add(Room("catalog", offered=(Catalog("?"),)), needs=(Store,))
    house.add(Room("store", {"store": ()}, {"store:database": ("store",)}, offered=(Store("store"),)))
    plan = house.deploy()
    assert after(plan, "asker") == {"store", "store:database"}


def test_what_is_optional_delays_no_process_but_the_jobs(house: House) -> None:
    """A cluster starts beside what only its jobs read; the jobs wait for everything."""
    house.add(Room("cluster", {"cluster": ()}), needs=(Store,), optional=(Stream, Catalog), runs=True)
    house.add(Room("catalog", {}, {"catalog:make": ()}, offered=(Catalog("?"),)), needs=(Stream,))
    house.add(Room("store", {"store": ()}, offered=(Store("store"),)))
    house.add(Room("stream", {"stream": ()}, {"stream:topics": ("stream",)}, offered=(Stream("stream"),)))
    house.jobs["count"] = "cluster"
    plan = house.deploy()
    assert after(plan, "cluster") == {"store"}
    assert needs(plan, "count") == {"cluster", "store", "catalog:make", "stream", "stream:topics"}


def test_an_optional_offer_is_seen_by_those_who_may_use_it(house: House) -> None:
    """Also where the alphabet puts the one who uses it first."""
    user, store = Room("a-user", {"a-user": ()}), Room("z-store", {"z-store": ()}, offered=(Store("z-store"),))
    house.add(user, optional=(Store,))
    house.add(store)
    house.deploy()
    assert user.seen[-1].need(Store) == Store("z-store")
    assert not store.seen[-1].has(Stream)


def test_every_engine_has_its_own_home_ports_and_heap(house: House) -> None:
    one, two = Room("one", {"one": (), "one-b": ()}), Room("two", {"two": ()})
    house.add(one)
    house.add(two)
    plan = house.deploy()
    assert {site.home.name for room in (one, two) for site in room.seen} == {"one", "two"}
    assert one.seen[-1].ports == {"http": 20_000}
    assert two.seen[-1].ports == {"http": 20_001}
    assert set(one.seen[-1].heap) == {"one", "one-b"}
    assert {spec.name: spec.memory for spec in plan.processes}["two"] == Size.mebibytes(72)
    assert plan.interfaces == {"one": "http://one/", "two": "http://two/"}


def test_the_order_of_start_respects_every_wait(house: House) -> None:
    house.add(Room("asker", {"asker": ("asker-first",), "asker-first": ()}, {"asker:do": ("asker",)}), needs=(Catalog,))
    house.add(Room("catalog", offered=(Catalog("?"),)), needs=(Store, Stream))
    house.add(Room("store", {"store": ()}, {"store:database": ("store",)}, offered=(Store("store"),)))
    house.add(Room("stream", {"stream": ()}, offered=(Stream("stream"),)), needs=(Store,))
    plan = house.deploy()
    order = [item.name for item in ordered(plan)]
    assert sorted(order) == sorted(item.name for item in (*plan.processes, *plan.actions))
    for item in (*plan.processes, *plan.actions):
        assert all(order.index(name) < order.index(item.name) for name in item.after), item.name


def test_a_room_that_waits_for_itself_is_told(house: House) -> None:
    house.add(Room("knot", {"knot": ("knot-b",), "knot-b": ("knot",)}))
    with pytest.raises(CycleError):
        ordered(house.deploy())


def test_streams_are_known_by_the_engine_that_offers_them(house: House) -> None:
    house.add(Room("log", {"log": ()}, offered=(KafkaBootstrap((Address("127.0.0.1", 20000),)),)))
    house.add(Room("other", {"other": ()}))
    assert house.deploy().streams == Streams("small_rooms.log.live", "127.0.0.1:20000")


def test_no_streams_without_one(house: House) -> None:
    house.add(Room("other", {"other": ()}))
    assert house.deploy().streams is None


def test_the_same_ground_gives_the_same_deployment(house: House) -> None:
    house.add(Room("reader", {"reader": ()}, {"reader:go": ("reader",)}), needs=(Store,))
    house.add(Room("store", {"store": ()}, offered=(Store("store"),)))
    assert house.deploy() == house.deploy()
