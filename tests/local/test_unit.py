"""Which processes belong to one that was started, and what they take together."""

from __future__ import annotations

import subprocess
import sys
import time

from rosace.local.unit import census, resident

HELD = 48 << 20

BACK_END = f"held = bytearray(b'x') * {HELD}; print('held', flush=True); import time; time.sleep(60)"
LEADER = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {BACK_END!r}], start_new_session=True).wait()
"""


def test_a_back_end_with_a_session_of_its_own_belongs_to_its_server() -> None:
    leader = subprocess.Popen([sys.executable, "-c", LEADER], start_new_session=True, stdout=subprocess.PIPE, text=True)
    assert leader.stdout is not None
    family = {leader.pid}
    try:
        assert leader.stdout.readline() == "held\n"
        seen = census()
        family = seen.family(leader.pid)
        assert len(family) == 2
        assert seen.groups[leader.pid] == [leader.pid]
        alone, together = resident([leader.pid]), resident(family)
        assert HELD < together - alone < HELD + (64 << 20)
    finally:
        for pid in sorted(family, reverse=True):
            subprocess.run(["kill", "-KILL", str(pid)], check=False)
        leader.wait(10)
    deadline = time.monotonic() + 10
    while (left := resident(family)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == 0
