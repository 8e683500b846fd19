"""What was deployed answers while `platform.yaml` is being edited; what nobody watches is unknown."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live
from printed import validate

pytestmark = pytest.mark.live

BROKEN = {
    "syntax": "platform: flights\ntopics: {departures: [\n",
    "unknown key": "platform: flights\ntopcs: {}\n",
    "a cluster's word": "clusters: {main: {runs: [kafka]}}\n",
    "too little memory": "memory: 300Mi\n",
    "renamed": "platform: departures\n",
}
"""The first two stand for the whole file, the others are added to it, or take the place of its first line."""


@pytest.fixture
def edited(flights: Live) -> Iterator[Live]:
    """The running example, whose files are given back as they were."""
    file = flights.folder / "platform.yaml"
    before = {path: path.read_bytes() for path in (file, *(flights.folder / "queries").glob("*.sql"))}
    yield flights
    for path, text in before.items():
        path.write_bytes(text)
    (flights.folder / "queries" / "new.sql").unlink(missing_ok=True)


def break_it(live: Live, what: str) -> None:
    file = live.folder / "platform.yaml"
    text = BROKEN[what]
    if what in ("syntax", "unknown key"):
        file.write_text(text, encoding="utf-8")
    elif what == "renamed":
        file.write_text(file.read_text(encoding="utf-8").replace("platform: flights\n", text, 1), encoding="utf-8")
    else:
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("what", BROKEN)
def test_verbs_answer_while_the_file_is_broken(edited: Live, what: str) -> None:
    said = json.loads(edited.run("query", "late-carriers", "-o", "json").stdout)
    counted = edited.sql("SELECT count(*) AS n FROM lake.departures")
    break_it(edited, what)
    assert json.loads(edited.run("query", "late-carriers", "-o", "json").stdout) == said
    assert edited.sql("SELECT count(*) AS n FROM lake.departures") == counted
    status = json.loads(edited.run("status", "-o", "json").stdout)
    assert (status["platform"], status["health"]) == ("flights", "well")
    assert edited.run("logs", "kafka", "-n", "1").stdout
    pages = json.loads(edited.run("open", "-o", "json").stdout)
    assert {page["state"] for page in pages} == {"ready"}


def test_a_proof_needs_no_file_that_checks(edited: Live) -> None:
    break_it(edited, "syntax")
    report = edited.verify()
    assert report["exact"]
    validate("verify", report)


def test_a_query_is_asked_as_its_file_says_now(edited: Live) -> None:
    path = edited.folder / "queries" / "late-carriers.sql"
    path.write_text("SELECT 7 AS seven\n", encoding="utf-8")
    done = edited.run("query", "late-carriers", "-o", "json")
    assert json.loads(done.stdout) == [{"seven": 7}]
    assert "has changed since the last `rosace up`" in done.stderr


def test_a_query_that_only_the_file_has(edited: Live) -> None:
    (edited.folder / "queries" / "new.sql").write_text("SELECT count(*) AS n FROM lake.departures\n", encoding="utf-8")
    file = edited.folder / "platform.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\nqueries:\n", "\nqueries:\n  new: {sql: queries/new.sql}\n", 1), encoding="utf-8")
    done = edited.run("query", "new", "-o", "json")
    assert json.loads(done.stdout) == edited.sql("SELECT count(*) AS n FROM lake.departures")
    assert "`new` was not deployed: taken from" in done.stderr


def test_what_is_printed_of_a_running_platform(flights: Live) -> None:
    for verb, *more in (("status",), ("status", "--all"), ("open",), ("query", "late-carriers"), ("up",)):
        printed = json.loads(flights.run(verb, *more, "--output", "json").stdout)
        validate("status-all" if more == ["--all"] else verb, printed)
        assert printed


def test_a_supervisor_that_is_dead_makes_all_unknown_and_queries_still_answer(flights: Live) -> None:
    before = flights.status()
    home = Path(before["home"])
    said = flights.run("query", "late-carriers", "-o", "json").stdout
    both = json.loads((home / "supervisor.pid").read_text())
    os.kill(both["guardian"], signal.SIGKILL)
    os.kill(both["pid"], signal.SIGKILL)
    killed = time.time()
    told = flights.run("status", code=2)
    assert "unknown since 2" in told.stderr
    status = json.loads(flights.run("status", "-o", "json", code=2).stdout)
    validate("status", status)
    assert (status["state"], status["health"]) == ("unknown", "unknown")
    assert {item["state"] for item in (*status["processes"].values(), *status["jobs"].values())} == {"unknown"}
    assert killed - 60 < status["seen"]["time"] <= killed
    engines = [name for name, item in before["processes"].items() if not item["once"]]
    assert {name: status["processes"][name]["pid"] for name in engines} == {
        name: before["processes"][name]["pid"] for name in engines
    }
    done = flights.run("query", "late-carriers", "-o", "json")
    assert done.stdout == said
    assert "its supervisor and its guardian are gone" in done.stderr
    assert {page["state"] for page in json.loads(flights.run("open", "-o", "json").stdout)} == {"unknown"}
    flights.run("verify", code=2)
    flights.run("up")
    after = flights.status()
    assert after["health"] == "well"
    assert {n: after["processes"][n]["pid"] for n in engines} == {n: before["processes"][n]["pid"] for n in engines}
