"""Supervision with real processes: what dies is healed, what changes is restarted, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from leftovers import keepers, marked
from toy_house import House

from rosace.local.home import Home
from rosace.local.unit import born

pytestmark = pytest.mark.slow


def pid(status: dict[str, Any], name: str) -> int:
    return int(status["processes"][name]["pid"])


def ready(status: dict[str, Any]) -> bool:
    return all(item["state"] == "ready" for item in status["processes"].values())


def test_an_engine_is_one_folder_and_lives_a_whole_life(house: House) -> None:
    up = house.run("up")
    assert "everything is ready" in up.stderr
    status = house.status()
    assert ready(status)
    page = urllib.request.urlopen(status["processes"]["toy"]["interface"], timeout=5).read()
    assert page == b"hello\n"
    again = house.run("up")
    assert "nothing to change" in again.stderr
    assert pid(house.status(), "toy") == pid(status, "toy")
    own = json.loads(next(house.state.glob("*/supervisor.pid")).read_text())
    house.run("down")
    assert not marked(house.state)
    assert not [name for name in ("pid", "guardian") if born(own[name])]
    assert house.run("status", code=1).stderr.startswith("not running")
    house.run("up")
    house.run("down", "--erase", "--yes")
    assert not list(house.state.iterdir())
    assert not marked(house.state)


def test_a_changed_field_restarts_only_what_it_touches(house: House) -> None:
    house.run("up")
    before = house.status()
    house.write("platform: toy\nengines:\n  toy: {greeting: good morning}\n")
    plan = house.run("plan", "--output", "json", code=1).stdout
    assert '"process/toy"' in plan
    assert "conf/index.html" in plan
    assert "toy-follower" not in plan
    house.run("up")
    after = house.status()
    assert pid(after, "toy") != pid(before, "toy")
    assert pid(after, "toy-follower") == pid(before, "toy-follower")
    assert urllib.request.urlopen(after["processes"]["toy"]["interface"], timeout=5).read() == b"good morning\n"


def test_what_is_killed_comes_back(house: House) -> None:
    house.run("up")
    before = house.status()
    os.kill(pid(before, "toy"), signal.SIGKILL)
    after = house.wait("toy restarted", lambda s: ready(s) and pid(s, "toy") != pid(before, "toy"))
    assert after["processes"]["toy"]["restarts"] == 1
    assert pid(after, "toy-follower") == pid(before, "toy-follower")


def test_the_supervisor_comes_back_and_takes_over_without_a_restart(house: House) -> None:
    house.run("up")
    before = house.status()
    os.kill(int(before["supervisor"]["pid"]), signal.SIGKILL)
    after = house.wait("a new supervisor", lambda s: ready(s) and s["supervisor"]["pid"] != before["supervisor"]["pid"])
    assert pid(after, "toy") == pid(before, "toy")
    os.kill(pid(after, "toy"), signal.SIGKILL)
    house.wait("healed by the new one", lambda s: ready(s) and pid(s, "toy") != pid(before, "toy"))


def test_the_guardian_comes_back_too(house: House) -> None:
    house.run("up")
    home = next(path for path in house.state.iterdir() if path.is_dir())
    first = json.loads((home / "supervisor.pid").read_text())
    os.kill(first["guardian"], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while json.loads((home / "supervisor.pid").read_text())["guardian"] == first["guardian"]:
        assert time.monotonic() < deadline, "no new guardian"
        time.sleep(0.1)
    os.kill(first["pid"], signal.SIGKILL)
    house.wait("the new guardian brought the supervisor back", lambda s: s["supervisor"]["pid"] != first["pid"])


def test_down_works_when_supervisor_and_guardian_are_both_killed(house: House) -> None:
    house.run("up")
    home = next(path for path in house.state.iterdir() if path.is_dir())
    both = json.loads((home / "supervisor.pid").read_text())
    os.kill(both["guardian"], signal.SIGKILL)
    os.kill(both["pid"], signal.SIGKILL)
    assert marked(house.state)
    house.run("down", "--erase", "--yes")
    assert not marked(house.state)


def test_down_works_when_the_socket_is_gone(house: House) -> None:
    """As after a tidy-up of temporary folders, or for root who ends what a user started."""
    house.run("up")
    own = json.loads(next(house.state.glob("*/supervisor.pid")).read_text())
    Home(next(house.state.glob("*/supervisor.pid")).parent).socket.unlink()
    house.run("down", "--erase", "--yes")
    assert not marked(house.state)
    assert not [name for name in ("pid", "guardian") if born(own[name])]


def test_its_own_folder_alone_holds_the_control_socket_and_nobody_else_may_enter(house: House) -> None:
    house.run("up")
    home = next(path for path in house.state.iterdir() if path.is_dir())
    assert (home / "control.sock").is_socket()
    assert home.stat().st_mode & 0o777 == 0o700
    listening = [line for line in Path("/proc/net/unix").read_text().splitlines() if "control.sock" in line]
    assert not [line for line in listening if line.split()[-1].startswith("/tmp/rosace-")]
    opened = {path: path.stat().st_mode & 0o777 for path in home.rglob("*") if not path.is_symlink()}
    assert not {path: oct(mode) for path, mode in opened.items() if mode & 0o077}


def test_a_folder_that_another_account_made_beforehand_is_refused(house: House) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make what another account made")
    place = Home.of("toy", house.folder / "platform.yaml").path
    place = house.state / place.name
    place.mkdir(parents=True)
    os.chown(place, 65534, 65534)
    assert "no folder of yours" in house.run("up", code=2).stderr
    assert not list(place.iterdir())
    os.chown(place, 0, 0)


def test_a_supervisor_whose_folder_is_removed_ends_with_all_it_runs(house: House) -> None:
    import shutil

    house.run("up")
    home = next(path for path in house.state.iterdir() if path.is_dir())
    shutil.rmtree(home)
    deadline = time.monotonic() + 20
    while marked(house.state) or any(keepers(house.state).values()):
        assert time.monotonic() < deadline, (marked(house.state), keepers(house.state))
        time.sleep(0.1)


def test_two_ups_at_once_are_told_apart(house: House) -> None:
    command = [sys.executable, "-m", "rosace.cli", "up"]
    both = [
        subprocess.Popen(command, cwd=house.folder, env=house.environment(), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    texts = [process.communicate(timeout=60)[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 2]), texts
    if 2 in codes:
        assert any("another `rosace up`" in text for text in texts)
    assert len([p for p in marked(house.state) if b"http.server" in Path(f"/proc/{p}/cmdline").read_bytes()]) == 1


def test_a_stolen_port_is_told_and_replaced(house: House) -> None:
    import socket

    house.run("up")
    port = house.status()["processes"]["toy"]["ports"]["http"]
    house.run("down")
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", port))
        thief.listen()
        up = house.run("up")
    assert "taken by another program" in up.stderr
    assert house.status()["processes"]["toy"]["ports"]["http"] != port


def test_too_little_memory_is_refused_before_anything_starts(house: House) -> None:
    done = house.run("up", "--set", "memory=100Mi", code=2)
    assert "memory-too-small" in done.stderr
    assert "at least" in done.stderr
    assert not marked(house.state)


def test_secrets_are_private_and_never_printed(house: House) -> None:
    house.run("up")
    home = next(path for path in house.state.iterdir() if path.is_dir())
    secret = json.loads((home / "secrets.json").read_text())["toy.password"]
    assert len(secret) == 32
    for path in (home / "secrets.json", home / "deployment.json", home / "engines/toy/conf/secret"):
        assert path.stat().st_mode & 0o777 == 0o600
    verbs = (("plan", "--output", "json"), ("status", "--output", "json"), ("get", "engines"), ("logs",))
    shown = "".join(done.stdout + done.stderr for done in (house.run(*verb, code=None) for verb in verbs))
    assert secret not in shown
    assert secret not in (home / "events.jsonl").read_text()
    for process in marked(house.state):
        assert secret.encode() not in Path(f"/proc/{process}/cmdline").read_bytes()
