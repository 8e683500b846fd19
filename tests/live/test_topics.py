"""`rosace topic` on a real broker: who reads, how far, what stands where, and records that people send."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from os import environ

import pytest
from live_platform import Live, teardown
from printed import validate
from small_platform import ROWS, small

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    tmp = tmp_path_factory.mktemp("topics")
    found = small(tmp / "petit été", tmp / "state")
    try:
        found.up_verified()
        yield found
    finally:
        teardown(found)


def lines(live: Live, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in live.run("topic", *arguments, "-o", "jsonl").stdout.splitlines()]


def sent(live: Live, text: str, code: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rosace.cli", "topic", "produce", "events", "-o", "json"],
        cwd=live.folder,
        env={**environ, "ROSACE_STATE": str(live.state), "NO_COLOR": "1"},
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_topic_with_its_readers(live: Live) -> None:
    rows = json.loads(live.run("topic", "-o", "json").stdout)
    validate("topic-list", rows)
    (row,) = rows
    assert (row["topic"], row["partitions"], row["reader"]) == ("events", 2, "land")
    assert row["offsets"] > ROWS, "records, and the marks of their transactions"
    assert live.run("topic", "list", "-o", "json").stdout == live.run("topic", "-o", "json").stdout
    shown = live.run("topic").stdout
    assert "events" in shown and "land" in shown


def test_records_from_an_offset_on(live: Live) -> None:
    everything = lines(live, "peek", "events", "-n", "1000")
    validate("topic-peek", everything)
    assert sorted(row["value"]["number"] for row in everything) == list(range(ROWS))  # type: ignore[index]
    assert [(row["partition"], row["offset"]) for row in everything] == sorted(
        (row["partition"], row["offset"]) for row in everything
    )
    two = lines(live, "peek", "events", "--partition", "1", "--offset", "7", "-n", "2")
    of_one = [row for row in everything if row["partition"] == 1]
    assert two == [row for row in of_one if row["offset"] >= 7][:2]  # type: ignore[operator]
    assert json.loads(live.run("topic", "peek", "events", "-n", "3", "-o", "json").stdout) == everything[:3]
    shown = live.run("topic", "peek", "events", "-n", "1").stdout
    assert "l'été «" in shown and shown.startswith("partition 0, offset 0")


def test_what_is_not_there_is_said(live: Live) -> None:
    assert "did you mean `events`?" in live.run("topic", "peek", "event", code=2).stderr
    assert "ends before offset 9,999" in live.run("topic", "peek", "events", "--offset", "9999", code=2).stderr
    assert "no partition 5" in live.run("topic", "peek", "events", "--partition", "5", code=2).stderr


def test_a_line_that_does_not_fit_sends_nothing(live: Live) -> None:
    before = lines(live, "tail", "events", "-n", "1")
    good = '{"side": "x", "number": 1, "text": "fine"}\n'
    for wrong, said in (
        ('{"side": "x", "number": "many", "text": "a"}', "row 2, column `number`"),
        ('{"side": "x", "numbr": 1}', "did you mean `number`?"),
        ('{"number": 3, "text": "a"}', "row 2, column `side`"),
        ("[1]", "row 2: no JSON object"),
    ):
        done = sent(live, good + wrong + "\n", 2)
        assert done.returncode == 2, done.stdout
        assert said in done.stderr, done.stderr
        assert "nothing was sent" in done.stderr
    assert lines(live, "tail", "events", "-n", "1") == before


def test_what_is_sent_is_there_and_follows(live: Live) -> None:
    """`tail -f` shows a record that comes; the key's partition is that of the replay; the reader's lag becomes 0."""
    follower = subprocess.Popen(
        [sys.executable, "-m", "rosace.cli", "topic", "tail", "events", "-f", "-n", "1", "-o", "jsonl"],
        cwd=live.folder,
        env={**environ, "ROSACE_STATE": str(live.state)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert follower.stdout
    try:
        json.loads(follower.stdout.readline())
        done = sent(live, '{"side": "日", "number": 77, "text": null}\n', 0)
        assert json.loads(done.stdout) == [{"topic": "events", "records": 1}], done.stderr
        validate("topic-produce", json.loads(done.stdout))
        came = json.loads(follower.stdout.readline())
    finally:
        follower.kill()
        follower.wait()
    assert came["value"] == {"side": "日", "number": 77, "text": None}
    same = [row for row in lines(live, "peek", "events", "-n", "1000") if row["key"] == came["key"]]
    assert {row["partition"] for row in same} == {came["partition"]}
    assert lines(live, "tail", "events", "-n", "1") == [came]
    report = live.verify(code=1)
    (flow,) = (flow for flow in report["flows"] if flow["target"] == "events")
    assert flow["unexpected"] == 1, "verify knows of no file that explains it"
