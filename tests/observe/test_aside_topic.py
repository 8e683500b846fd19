"""What the topic beside another says: places that wait, places that were seen to, whatever order readers wrote in."""

from __future__ import annotations

import json

import pytest

from rosace.observe.aside import kept, key_of, spot_of, value_of


def told(value: str) -> bytes:
    return json.dumps({"value": value, "reason": "no"}).encode()


def test_a_place_that_two_readers_set_aside_waits_once() -> None:
    found = kept([(0, 0, b"orders/1/7", told("a")), (0, 1, b"orders/1/7", told("a")), (0, 2, b"orders/0/7", told("b"))])
    assert {spot: value_of(one) for spot, one in found.places.items()} == {(1, 7): b"a", (0, 7): b"b"}


def test_what_was_sent_again_does_not_wait_though_a_late_reader_sets_it_aside() -> None:
    sent = [(0, 1, b"orders/1/7", None), (0, 2, b"orders/1/7/mended", b'{"id": 1}')]
    found = kept([(0, 0, b"orders/1/7", told("a")), *sent, (0, 3, b"orders/1/7", told("a"))])
    assert (found.places, found.mended) == ({}, {(1, 7): b'{"id": 1}'})


@pytest.mark.parametrize("key", [b"orders", b"orders/1", b"orders/x/1", b"/1/2", b"\xff", b"orders/1/2/3"])
def test_a_key_that_is_no_place_is_left_alone(key: bytes) -> None:
    assert not kept([(0, 0, key, told("a"))]).places


def test_a_value_that_is_no_text_is_what_it_was() -> None:
    assert value_of({"value_base64": "/w=="}) == b"\xff"


def test_a_place_and_its_key_mean_each_other() -> None:
    assert spot_of(key_of("orders", (3, 12))) == (3, 12)
