"""`up` as a stream of typed events: work that calls back is handed on, and every rendering takes the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest
from printed import validate
from toy_house import House

from rosace.cli.board import STAGES, Board
from rosace.cli.jsonlines import JsonLines, fetched, line
from rosace.contract.artifacts import Artifact
from rosace.local import told
from rosace.local.artifacts import events
from rosace.local.aside import streamed
from rosace.local.home import Home
from rosace.model.events import Event, Kind, Subject

JAR = Artifact("kafka-raft", "maven", "org.apache.kafka:kafka-raft:4.1.2", "kafka-raft-4.1.2.jar", "0" * 64, 10)


def drained(stream: Generator[str, None, int]) -> tuple[list[str], int]:
    heard: list[str] = []
    while True:
        try:
            heard.append(next(stream))
        except StopIteration as end:
            return heard, end.value


def test_what_work_tells_comes_in_order_and_then_what_it_returns() -> None:
    def work(tell: Callable[[str], None]) -> int:
        for word in ("one", "two", "three"):
            tell(word)
        return 3

    assert drained(streamed(work, lambda: None)) == (["one", "two", "three"], 3)


def test_what_work_raises_is_raised_after_what_it_told() -> None:
    def work(tell: Callable[[str], None]) -> int:
        tell("one")
        raise ValueError("no")

    stream = streamed(work, lambda: None)
    assert next(stream) == "one"
    with pytest.raises(ValueError, match="no"):
        next(stream)


def test_whoever_stops_listening_ends_the_work() -> None:
    over, ended = threading.Event(), threading.Event()

    def work(tell: Callable[[str], None]) -> int:
        tell("one")
        over.wait(20)
        ended.set()
        return 0

    with closing(streamed(work, over.set)) as stream:
        assert next(stream) == "one"
    assert ended.is_set()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (events.Started(JAR, 4), {"state": "started", "resumed_from": 4}),
        (events.Progress(JAR, 5, 10), {"state": "progress", "done": 5, "total": 10}),
        (events.Unpacking(JAR), {"state": "unpacking"}),
        (events.Done(JAR, 0.12345, cached=False), {"state": "done", "seconds": 0.123, "cached": False}),
        (events.Refused(JAR, ("a",)), {"state": "damaged", "paths": ["a"]}),
        (events.Failed(JAR, "gone"), {"state": "failed", "reason": "gone"}),
    ],
)
def test_every_event_of_a_fetch_joins_the_stream(event: events.FetchEvent, said: dict[str, Any]) -> None:
    assert fetched(event) == {"artifact": "kafka-raft", **said}
    assert line(told.Fetching(event)) == {"fetch": fetched(event)}


def test_no_event_of_a_fetch_was_forgotten() -> None:
    assert len(get_args(events.FetchEvent)) == 6


def test_how_far_a_download_is_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    lines = JsonLines()
    for done in range(1000):
        lines.take(told.Fetching(events.Progress(JAR, done, 1000)))
    lines.take(told.Fetching(events.Done(JAR, 1.0, cached=False)))
    said = [json.loads(one)["fetch"] for one in capsys.readouterr().out.splitlines()]
    assert 2 <= len(said) <= 20
    assert said[-1]["state"] == "done"


@pytest.mark.parametrize(("output", "code"), [("table", 0), ("json", 0), ("jsonl", 0)])
def test_all_renderings_take_the_same_stream(
    output: str, code: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    stream: list[told.Told] = [
        told.Begun("check"),
        told.Over("check", 0.5),
        told.Begun("fetch"),
        told.ToFetch((JAR,)),
        told.Fetching(events.Done(JAR, 0.1, cached=False)),
        told.Over("fetch", 0.1),
        told.NotAsked(("Trino",)),
        told.NotAnswered("Spark", "it ended"),
        told.Happened(1, Event(1.0, Kind.FAILED, Subject("process", "kafka"), "no")),
        told.Note("reading topic departures back"),
        told.Ended("ready", Home(tmp_path)),
    ]
    with Board(output, "platform.yaml") as board:
        for item in stream:
            board.take(item)
    assert board.code == code
    shown = capsys.readouterr()
    values = [json.loads(one) for one in shown.out.splitlines()]
    if output == "table":
        assert not values
    if output == "json":
        validate("up", values.pop())
        assert not values
    if output == "jsonl":
        validate("up", values[-1])
        keys = [next(iter(value)) for value in values[:-1]]
        assert keys == ["stage", "stage", "stage", "to_fetch", "fetch", "stage", "not_asked", "not_answered", "event"]
    else:
        for word in (STAGES["check"], "10 ", "1 of 1 artifacts", "failed     kafka: no", "everything is ready"):
            assert word in shown.err
    assert "not asked, since not in the cache: Trino" in shown.err


@pytest.mark.parametrize("outcome", get_args(told.Outcome))
def test_the_exit_code_is_that_of_the_outcome(outcome: told.Outcome, tmp_path: Path) -> None:
    with Board("table") as board:
        board.take(told.Ended(outcome, Home(tmp_path)))
    assert board.code == (0 if outcome in ("unchanged", "handed over", "ready", "verified") else 1)


@pytest.mark.slow
def test_the_stream_of_a_real_start(house: House) -> None:
    lines = [json.loads(one) for one in house.run("up", "-o", "jsonl").stdout.splitlines()]
    stages = [value["stage"] for value in lines if value.get("state") == "begin"]
    assert stages == ["check", "fetch", "plan", "start"]
    (planned,) = (value["planned"] for value in lines if "planned" in value)
    assert {step["subject"] for step in planned["steps"]} == {"process/toy", "process/toy-follower", "action/toy:mark"}
    ready = {value["event"]["subject"] for value in lines if value.get("event", {}).get("kind") == "ready"}
    # What became ready last may be seen before it is told.
    assert "process/toy" in ready
    validate("up", lines[-1])
    assert lines[-1]["outcome"] == "ready"
    again = json.loads(house.run("up", "-o", "json").stdout)
    validate("up", again)
    assert (again["outcome"], again["stages"]) == ("unchanged", {})


@pytest.mark.slow
def test_what_is_printed_of_a_small_platform(house: House) -> None:
    house.run("up")
    for verb, *more in (("status",), ("status", "--all"), ("open",), ("plan",)):
        validate("status-all" if more else verb, json.loads(house.run(verb, *more, "-o", "json").stdout))
    house.run("down")
    validate("status", json.loads(house.run("status", "-o", "json", code=1).stdout))
