"""What is not known is not taken for well, and a file that is being edited keeps nobody from looking."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from leftovers import marked
from toy_house import House

pytestmark = pytest.mark.slow

BROKEN = {
    "syntax": "platform: toy\nengines: {toy: [\n",
    "unknown key": "platform: toy\nengines:\n  toy: {greting: hello}\n",
    "renamed": "platform: other\nengines:\n  toy: {greeting: hello}\n",
    "no name": "engines:\n  toy: {greeting: hello}\n",
    "empty": "",
}


def home_of(house: House) -> Path:
    return next(path for path in house.state.iterdir() if path.is_dir())


def kill_both(house: House) -> float:
    """Guardian and supervisor, as a machine short of memory would; when."""
    both = json.loads((home_of(house) / "supervisor.pid").read_text())
    os.kill(both["guardian"], signal.SIGKILL)
    os.kill(both["pid"], signal.SIGKILL)
    return time.time()


def until_kept(house: House, state: str) -> None:
    """What was seen over the socket is in the file half a second later."""
    file = home_of(house) / "state.json"
    deadline = time.monotonic() + 20
    while json.loads(file.read_text())["processes"]["toy"]["state"] != state:
        assert time.monotonic() < deadline, file.read_text()
        time.sleep(0.1)


def test_a_platform_whose_supervisor_is_dead_is_unknown_since(house: House) -> None:
    house.run("up")
    before = house.status()
    assert (before["state"], before["health"], before["running"]) == ("running", "well", True)
    assert before["desired"]["fingerprints"]["process/toy"] == before["processes"]["toy"]["fingerprint"]
    until_kept(house, "ready")
    killed = kill_both(house)
    told = house.run("status", code=2)
    assert "unknown since 2" in told.stderr
    assert "its supervisor and its guardian are gone" in told.stderr
    assert "2 of 2 processes live" in told.stderr
    assert "ready" not in told.stdout.replace("last seen ready", "")
    after = json.loads(house.run("status", "-o", "json", code=2).stdout)
    assert (after["state"], after["health"], after["running"]) == ("unknown", "unknown", False)
    assert {item["state"] for item in after["processes"].values()} == {"unknown"}
    assert after["processes"]["toy"]["pid"] == before["processes"]["toy"]["pid"]
    assert after["processes"]["toy"]["detail"] == "its process lives, last seen ready"
    assert killed - 60 < after["seen"]["time"] < killed
    assert after["seen"]["by"] in ("heartbeat", "event")
    assert after["desired"] == before["desired"]
    rows = json.loads(house.run("status", "--all", "-o", "json").stdout)
    assert [(row["state"], row["health"]) for row in rows] == [("unknown", "unknown")]


def test_where_a_process_is_gone_too_it_is_said(house: House) -> None:
    house.run("up")
    before = house.status()
    kill_both(house)
    os.kill(before["processes"]["toy"]["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (after := json.loads(house.run("status", "-o", "json", code=2).stdout))["processes"]["toy"]["pid"]:
        assert time.monotonic() < deadline
    assert after["processes"]["toy"]["detail"] == "its process is gone, last seen ready"
    assert after["processes"]["toy-follower"]["pid"] == before["processes"]["toy-follower"]["pid"]


def test_unknown_without_any_state_kept(house: House) -> None:
    house.run("up")
    kill_both(house)
    (home_of(house) / "state.json").write_text("{")
    after = json.loads(house.run("status", "-o", "json", code=2).stdout)
    assert set(after["processes"]) == {"toy", "toy-follower"}
    assert after["seen"]["by"] == "event"
    (home_of(house) / "events.jsonl").unlink()
    assert json.loads(house.run("status", "-o", "json", code=2).stdout)["seen"] is None
    assert "unknown: its supervisor" in house.run("status", code=2).stderr


def test_pages_and_logs_of_an_unknown_platform(house: House) -> None:
    house.run("up")
    kill_both(house)
    (page,) = json.loads(house.run("open", "-o", "json").stdout)
    assert page["state"] == "unknown"
    assert page["page"].startswith("http://127.0.0.1:")
    house.run("logs", "toy")


def test_up_takes_over_and_down_stops_what_was_unknown(house: House) -> None:
    house.run("up")
    before = house.status()
    kill_both(house)
    house.run("up")
    after = house.status()
    assert after["health"] == "well"
    assert after["processes"]["toy"]["pid"] == before["processes"]["toy"]["pid"]
    kill_both(house)
    house.run("down")
    assert not marked(house.state)
    stopped = json.loads(house.run("status", "-o", "json", code=1).stdout)
    assert (stopped["state"], stopped["health"]) == ("stopped", "stopped")


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_verbs_that_look_answer_while_the_file_is_broken(house: House, text: str) -> None:
    house.run("up")
    house.write(text)
    assert house.run("status").returncode == 0
    status = house.status()
    assert status["health"] == "well"
    assert status["platform"] == "toy"
    (page,) = json.loads(house.run("open", "-o", "json").stdout)
    assert page["process"] == "toy"
    assert "toy-follower" in house.run("logs").stdout or house.run("logs", "toy").returncode == 0
    house.run("restart", "toy")
    house.run("down")
    assert not marked(house.state)


def test_a_broken_file_of_which_nothing_was_deployed_is_told_as_before(house: House) -> None:
    house.write(BROKEN["syntax"])
    for verb in ("status", "logs", "open", "down"):
        assert "platform.yaml:" in house.run(verb, code=2).stderr


def test_what_was_renamed_is_not_erased_by_its_new_name(house: House) -> None:
    house.run("up")
    house.write(BROKEN["renamed"])
    assert "nothing was running" in house.run("down", "--erase", "--yes").stderr
    house.write("platform: toy\nengines:\n  toy: {greeting: hello}\n")
    assert house.status()["health"] == "well"
