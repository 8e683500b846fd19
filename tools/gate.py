"""The gate that a change has to pass: stages in order of cost, those of one core side by side; the first red ends it.

Comes in: the name of a set of stages, then options for pytest. Goes out: each tool's own output, the times, and an
exit code. Run it with the environment's Python (`make test`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Stage:
    """One tool with its arguments. `again` is what a person types to see it alone; not `needed`, it may fail."""

    name: str
    argv: tuple[str, ...]
    again: str
    needed: bool = True


Wave = tuple[Stage, ...]
"""Stages that run side by side, the longest last: it talks at once, the others when it has ended."""

STYLE = Stage("style", ("ruff", "check", "."), ".venv/bin/ruff check --fix .")
FORMAT = Stage("format", ("ruff", "format", "--check", "."), ".venv/bin/ruff format .")
TYPES = Stage("types", ("basedpyright", "--pythonpath", sys.executable), ".venv/bin/basedpyright")
IMPORTS = Stage("imports", ("lint-imports", "--no-cache"), ".venv/bin/lint-imports --no-cache")
# Made beforehand: compiling an API server takes both cores for minutes, and tests on engines have deadlines. Without Go
# there are none, and the tests that want them say so.
TOOLS = Stage(
    "tools for tests of clusters", ("python", "tools/clustertools"), ".venv/bin/python tools/clustertools", needed=False
)
FAST = Stage("fast tests", ("pytest", "-m", "not live and not slow"), "make fast")
SLOW = Stage("slow tests", ("pytest", "-m", "slow and not live"), "make slow")
LIVE = Stage("live tests", ("pytest", "-m", "live"), "make live")

BEGUN = "ROSACE_GATE_BEGUN"
"""When the gate began, on the clock that counts from the machine's own start: the tests that build the most ask it."""

CLUSTERS = ("tests/cluster", "tests/deliver")
"""Their tests take one core, and no port of those from which platforms choose theirs."""


def split(stage: Stage) -> Wave:
    """The tests of `stage` in two parts that may run side by side: those of clusters, and all others."""
    of_clusters = Stage(
        f"{stage.name} of clusters", (*stage.argv, *CLUSTERS), f"{stage.again} ARGS='{' '.join(CLUSTERS)}'"
    )
    return of_clusters, Stage(
        f"other {stage.name}", (*stage.argv, *(f"--ignore={one}" for one in CLUSTERS)), stage.again
    )


SETS: dict[str, tuple[Wave, ...]] = {
    "lint": ((STYLE, FORMAT), (IMPORTS, TYPES)),
    "fast": ((FAST,),),
    "slow": ((SLOW,),),
    "live": ((LIVE,),),
    "test": ((STYLE, FORMAT), (IMPORTS, TYPES, FAST), (TOOLS,), split(SLOW), split(LIVE)),
}


def main(name: str, options: list[str]) -> int:
    """Runs the stages of the set `name`; `options` go to pytest. Returns an exit code."""
    begun = time.monotonic()
    os.environ.setdefault(BEGUN, str(begun))
    times: list[str] = []
    waves = SETS[name]
    for number, wave in enumerate(waves, 1):
        names = " and ".join(stage.name for stage in wave)
        say(f"== {number}/{len(waves)} {names} ({time.monotonic() - begun:.0f} s so far)")
        started = time.monotonic()
        red = run(wave, options)
        seconds = time.monotonic() - started
        if red:
            alone = ", ".join(stage.again for stage in red)
            say(f"== RED: {' and '.join(stage.name for stage in red)} failed after {seconds:.0f} s; alone: {alone}")
            return 1
        times.append(f"{names} {seconds:.0f} s")
    # In CI the last lines are pytest's own: they are what its readers look for.
    if not os.environ.get("CI"):
        say(f"== GREEN in {time.monotonic() - begun:.0f} s: {', '.join(times)}")
    return 0


def run(wave: Wave, options: list[str]) -> list[Stage]:
    """Those that failed. The output of the last goes straight through, that of another at once when it has ended."""
    with ThreadPoolExecutor() as pool:
        aside = [(stage, pool.submit(told_at_its_end, stage, options)) for stage in wave[:-1]]
        codes = [(wave[-1], execute(wave[-1], options).returncode), *((stage, one.result()) for stage, one in aside)]
    return [stage for stage, code in codes if code and stage.needed]


def told_at_its_end(stage: Stage, options: list[str]) -> int:
    done = execute(stage, options, subprocess.PIPE)
    say(f"\n-- {stage.name}\n{done.stdout.decode(errors='replace').rstrip()}")
    return done.returncode


def execute(stage: Stage, options: list[str], output: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """One stage from its beginning to its end; None: its output goes straight through."""
    tool, *arguments = stage.argv
    extra = options if tool == "pytest" else []
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("PYTHONPATH", None)
    argv = [str(BIN / tool), *arguments, *extra]
    return subprocess.run(
        argv, cwd=ROOT, env=environment, check=False, stdout=output, stderr=output and subprocess.STDOUT
    )


def say(text: str) -> None:
    """Talks to the person, at once and in order with the tools' own output."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
