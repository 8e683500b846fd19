"""A subject is a text to whoever prints it, and knows its parts for whoever decides by them."""

from __future__ import annotations

import copy
import json

from pydantic import TypeAdapter

from rosace.model.events import Event, Kind, Subject

MIRROR = Subject("action", "kafka:topics/eu")


def test_it_is_the_text_that_is_printed() -> None:
    assert MIRROR == "action/kafka:topics/eu"
    assert json.dumps({MIRROR: MIRROR}) == '{"action/kafka:topics/eu": "action/kafka:topics/eu"}'
    assert {"action/kafka:topics/eu": 1}[MIRROR] == 1


def test_its_parts_come_through_other_processes() -> None:
    event = Event(1.0, Kind.APPLIED, MIRROR)
    for back in (
        copy.deepcopy(MIRROR),
        Event.from_json(json.loads(json.dumps(event.to_json()))).subject,
        TypeAdapter(Subject).validate_json(json.dumps(MIRROR)),
    ):
        assert (back.kind, back.name, back) == ("action", "kafka:topics/eu", MIRROR)
