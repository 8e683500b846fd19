"""A copy of the house with one folder more, and its real command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOY = Path(__file__).parent.parent / "toy" / "room"


@dataclass
class House:
    """A platform folder and the `rosace` of a copied tree, with state and cache of its own."""

    folder: Path
    source: Path
    state: Path

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.source),
            "ROSACE_STATE": str(self.state),
            "ROSACE_CACHE": str(self.state.parent / "cache"),
            "NO_COLOR": "1",
        }

    def run(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "rosace.cli", *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert code is None or done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("status", "--output", "json", code=None).stdout)

    def wait(self, what: str, test: Callable[[dict[str, Any]], bool], seconds: float = 20.0) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = self.status()
            if status.get("running") and test(status):
                return status
            time.sleep(0.2)
        raise AssertionError(f"not reached in {seconds} s: {what}: {json.dumps(status, indent=1)}")

    def write(self, text: str) -> None:
        (self.folder / "platform.yaml").write_text(text, encoding="utf-8")
