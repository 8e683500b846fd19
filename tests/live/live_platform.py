"""A real platform in a folder of its own: real engines, real data, the real command line."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leftovers import marked

from rosace.local.control import NotRunning, ask
from rosace.local.home import Home

EXAMPLE = Path(__file__).parents[2] / "examples" / "flights"


@dataclass
class Live:
    """A platform's folder, run by `rosace` with a state folder of its own and the user's cache.

    `env` is added to the environment, and `before` to the front of each command. `proof` is the report of the last
    start that was verified.
    """

    folder: Path
    state: Path
    env: dict[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    proof: dict[str, Any] = field(default_factory=dict[str, Any])

    def run(self, *arguments: str, code: int | None = 0, timeout: float = 900) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*self.before, sys.executable, "-m", "rosace.cli", *arguments],
            cwd=self.folder,
            env={**os.environ, "ROSACE_STATE": str(self.state), "NO_COLOR": "1", **self.env},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(
                f"rosace {arguments}: exit {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-6000:]}"
            )
        return done

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("status", "--output", "json", code=None).stdout)

    def verify(self, *, code: int = 0) -> dict[str, Any]:
        return json.loads(self.run("verify", "--output", "json", code=code, timeout=1500).stdout)

    def up_verified(self, *arguments: str) -> None:
        """Starts it and proves it; keeps the report."""
        said = self.run("up", "--verify", "--output", "jsonl", *arguments, timeout=1500).stdout
        (self.proof,) = (value["verify"] for line in said.splitlines() if "verify" in (value := json.loads(line)))

    def sql(self, text: str) -> list[dict[str, Any]]:
        return json.loads(self.run("query", "--sql", text, "--output", "json").stdout)

    def wait(self, what: str, test: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The first status that `test` takes.

        It is asked of the supervisor as `rosace status` does it, without a process for each look: those would take a
        fifth of a core from the engines that are waited for.
        """
        home = Home(Path(self.status()["home"]))
        deadline = time.monotonic() + seconds
        status: dict[str, Any] = {}
        while time.monotonic() < deadline:
            with contextlib.suppress(NotRunning):
                status = ask(home, {"do": "status"})
                if test(status):
                    return status
            time.sleep(0.2)
        short = {k: {n: (i["state"], i["detail"]) for n, i in status.get(k, {}).items()} for k in ("processes", "jobs")}
        raise AssertionError(f"not reached in {seconds:g} s: {what}\n{json.dumps(short, indent=1)}")

    def marked(self) -> list[int]:
        """Live processes that belong to any platform of this state folder."""
        return marked(self.state)


def make(tmp: Path) -> Live:
    """A copy of the example under a path with a space and an accent."""
    folder = tmp / "vols de l'été"
    shutil.copytree(EXAMPLE, folder)
    return Live(folder, tmp / "state")


def written(folder: Path, texts: Mapping[str, str]) -> Live:
    """A platform of these files, by their names, with a state of its own beside it."""
    live = Live(folder / "platform", folder / "state")
    live.folder.mkdir()
    for name, text in texts.items():
        (live.folder / name).write_text(text, encoding="utf-8")
    return live


def teardown(live: Live) -> None:
    """Erases the platform; what its engines said is kept on the screen when a test failed."""
    live.run("down", "--erase", "--yes", code=None, timeout=200)
