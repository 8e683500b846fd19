"""What one `rosace check` takes, measured in a process of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from command_line import SOURCE

MEMORY = 512
"""MiB of resident memory that `check` may take at its peak."""

SECONDS = 2.0
"""CPU seconds within which a check is meant to answer on an idle machine; what took less is asked nothing more."""

PEERS = 14.0
"""Times the CPU of `PEER`, taken beside it, that a check may take.

An idle machine tokenizes `PEER` in 0.28 CPU seconds, so that these are twice what is meant: a guard against work that
grows with the square of a text, which took ten times as much. A machine that does other work meanwhile is slower at
both.
"""


@dataclass
class Told:
    """How a check ended, and what it took."""

    code: int
    text: str
    seconds: float
    memory: float


MEASURED = """
import resource, sys
from subprocess import DEVNULL, PIPE, STDOUT, run
done = run(sys.argv[1:], stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, timeout=120)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.stdout.flush()
sys.stdout.buffer.write(done.stdout)
"""
"""A process of its own runs the check, so that the peak is the check's and not that of an earlier child."""


PEER = """
import io, tokenize
text = "def f(a, b):\\n    return {a: [b, 1.5, 'x'], 'y': (a + b) * 2}\\n" * 2500
assert sum(len(token.string) for token in tokenize.generate_tokens(io.StringIO(text).readline))
"""
"""Plain Python, as the check is for the most part: its own tokenizer over 150 KB."""


def peer() -> float:
    """CPU seconds that `PEER` takes on this machine, now."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", PEER], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(folder: Path, *more: str, peers: float = PEERS, **env: str) -> Told:
    """Runs the check; fails where it ends as a defect, says too much, or takes more memory or CPU than `peers`."""
    told = once(folder, *more, **env)
    if told.seconds > SECONDS:
        beside = peer()
        if told.seconds > peers * beside:  # a neighbour that came meanwhile slows one of the two: both are asked again
            told = once(folder, *more, **env)
            beside = max(beside, peer())
        assert told.seconds < peers * beside, f"{told.seconds:.2f} CPU seconds, {told.seconds / beside:.1f} peers"
    return told


def once(folder: Path, *more: str, **env: str) -> Told:
    """Runs the check once; fails where it ends as a defect, says too much or takes more memory."""
    command = [sys.executable, "-m", "rosace.cli", "check", str(folder), *more]
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", **env},
        capture_output=True,
        check=False,
        timeout=150,
    )
    head, _, text = told.stdout.decode("utf-8", "replace").partition("\n")
    code, spent, memory = head.split()
    found = Told(int(code), text, float(spent), float(memory))
    assert "Traceback" not in text and "defect of Rosace" not in text, text[-2000:]
    assert len(text) < 20_000, "a message quotes what nobody can read"
    assert found.memory < MEMORY, f"{found.memory:.0f} MiB at the peak"
    return found
