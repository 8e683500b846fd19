"""One guardian, one supervisor, whatever is killed when; and `down` is the end of all of them."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from leftovers import keepers, marked
from toy_house import House

pytestmark = pytest.mark.slow

ROUNDS, MOMENTS = 8, 6


def begin(house: House, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rosace.cli", *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=house.folder, env=house.environment(), stdout=quiet, stderr=quiet)


def kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def servers(house: House) -> list[int]:
    """The toy's own processes: the first has to be there once."""
    return [pid for pid in marked(house.state) if b"http.server" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def await_one_of_each(house: House, seconds: float = 15.0) -> dict[str, list[int]]:
    deadline = time.monotonic() + seconds
    while [*map(len, (found := keepers(house.state)).values())] != [1, 1]:
        assert time.monotonic() < deadline, f"{found} after {seconds} s"
        time.sleep(0.05)
    return found


def nothing_left(house: House) -> None:
    assert not marked(house.state)
    assert not any(keepers(house.state).values())
    assert not list(house.state.iterdir())


def test_an_up_right_after_the_supervisors_death_starts_no_second_one(house: House) -> None:
    for _ in range(3):
        running = begin(house, "up")
        deadline = time.monotonic() + 30
        while not (found := keepers(house.state)["supervisor"]):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        kill(running.pid, *found)
        running.wait()
        house.run("up")
        await_one_of_each(house)
        assert len(servers(house)) == 1
        house.run("down", "--erase", "--yes")
        nothing_left(house)


def test_a_second_guardian_and_a_second_supervisor_end_at_once(house: House) -> None:
    house.run("up")
    first = await_one_of_each(house)
    home = next(path for path in house.state.iterdir() if path.is_dir())
    for kind, code in (("guardian", 0), ("supervisor", 8)):
        command = [sys.executable, "-P", "-m", f"rosace.local.{kind}", str(home)]
        assert subprocess.run(command, env=house.environment(), timeout=20, check=False).returncode == code
    assert keepers(house.state) == first
    house.run("down", "--erase", "--yes")
    nothing_left(house)


def test_whatever_is_killed_when_the_next_up_converges_and_down_is_the_end(house: House) -> None:
    """Kills at random moments of `up` and `down`: the command, guardians and supervisors, alone and together."""
    chance = random.Random(9)
    for _ in range(ROUNDS):
        commands = [disturbed(house, chance) for _ in range(MOMENTS)]
        for command in commands:
            command.wait(60)
        house.run("up")
        found = await_one_of_each(house)
        assert len(servers(house)) == 1
        assert house.status()["supervisor"]["pid"] == found["supervisor"][0]
        house.run("down", "--erase", "--yes")
        nothing_left(house)
    time.sleep(3.0)
    nothing_left(house)


def disturbed(house: House, chance: random.Random) -> subprocess.Popen[bytes]:
    before = keepers(house.state)["supervisor"]
    command = begin(house, *chance.choice((("up",), ("up", "--detach"), ("up",), ("down",))))
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0.2, 2.0))
    else:
        deadline = time.monotonic() + 3.0
        while keepers(house.state)["supervisor"] == before and command.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(chance.choice((0.0, 0.05, 0.2, 0.5)))
    victims = chance.sample(("command", "guardian", "supervisor"), chance.randint(1, 3))
    for victim in victims:
        kill(*([command.pid] if victim == "command" else keepers(house.state)[victim]))
        time.sleep(chance.choice((0.0, 0.0, 0.05, 0.4)))
    return command


def test_an_up_that_waits_brings_back_what_was_killed_together(house: House) -> None:
    running = begin(house, "up")
    deadline = time.monotonic() + 30
    while not servers(house):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    found = keepers(house.state)
    kill(*found["guardian"], *found["supervisor"])
    assert running.wait(60) == 0
    await_one_of_each(house)
    assert len(servers(house)) == 1


def test_a_platform_marked_as_halted_is_not_brought_back(house: House) -> None:
    """As left by a `down` that was itself killed: guardians end, the next `up` starts afresh."""
    house.run("up")
    found = await_one_of_each(house)
    home = next(path for path in house.state.iterdir() if path.is_dir())
    (home / "halted").touch()
    kill(*found["supervisor"])
    deadline = time.monotonic() + 10
    while any(keepers(house.state).values()):
        assert time.monotonic() < deadline, "somebody brings it back"
        time.sleep(0.05)
    assert servers(house)
    house.run("up")
    assert len(servers(house)) == 1
    await_one_of_each(house)
