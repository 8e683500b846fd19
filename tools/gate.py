"""The gate that a change has to pass: stages in order of cost, the first red one ends it.

Comes in: the name of a set of stages, then options for pytest. Goes out: each tool's own output, the time of each
stage, and an exit code. Run it with the environment's Python (`make test`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Stage:
    """One tool with its arguments. `again` is what a person types to see it alone."""

    name: str
    argv: tuple[str, ...]
    again: str


LINT = (
    Stage("style", ("ruff", "check", "."), ".venv/bin/ruff check --fix ."),
    Stage("format", ("ruff", "format", "--check", "."), ".venv/bin/ruff format ."),
    Stage("types", ("basedpyright", "--pythonpath", sys.executable), ".venv/bin/basedpyright"),
    Stage("imports", ("lint-imports", "--no-cache"), ".venv/bin/lint-imports --no-cache"),
)
FAST = (Stage("fast tests", ("pytest", "-m", "not live and not slow"), "make fast"),)
SLOW = (Stage("slow tests", ("pytest", "-m", "slow and not live"), "make slow"),)
LIVE = (Stage("live tests", ("pytest", "-m", "live"), "make live"),)
SETS = {"lint": LINT, "fast": FAST, "slow": SLOW, "live": LIVE, "test": (*LINT, *FAST, *SLOW, *LIVE)}


def main(name: str, options: list[str]) -> int:
    """Runs the stages of the set `name`; `options` go to pytest. Returns an exit code."""
    begun = time.monotonic()
    times: list[str] = []
    stages = SETS[name]
    for number, stage in enumerate(stages, 1):
        say(f"== {number}/{len(stages)} {stage.name} ({time.monotonic() - begun:.0f} s so far)")
        started = time.monotonic()
        code = run(stage, options)
        seconds = time.monotonic() - started
        if code:
            say(f"== RED: {stage.name} failed after {seconds:.0f} s (exit code {code}); alone: {stage.again}")
            return 1
        times.append(f"{stage.name} {seconds:.0f} s")
    # In CI the last lines are pytest's own: they are what its readers look for.
    if not os.environ.get("CI"):
        say(f"== GREEN in {time.monotonic() - begun:.0f} s: {', '.join(times)}")
    return 0


def run(stage: Stage, options: list[str]) -> int:
    """One stage with its output going straight through; its exit code."""
    tool, *arguments = stage.argv
    extra = options if tool == "pytest" else []
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run([str(BIN / tool), *arguments, *extra], cwd=ROOT, env=environment, check=False).returncode


def say(text: str) -> None:
    """Talks to the person, at once and in order with the tools' own output."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
