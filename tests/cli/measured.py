"""What one `rosace check` takes, measured in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from command_line import SOURCE

MEMORY = 512
"""MiB of resident memory that `check` may take at its peak."""


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


def measured(folder: Path, *more: str, seconds: float, **env: str) -> Told:
    """Runs the check; fails where it ends as a defect, says too much, or takes more memory or CPU `seconds`."""
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
    assert found.seconds < seconds, f"{found.seconds:.2f} CPU seconds of {seconds:.2f}"
    return found
