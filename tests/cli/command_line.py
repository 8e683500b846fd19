"""The command line as a person or a script meets it: a process, with state and cache of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rosace

SOURCE = Path(rosace.__file__).parents[1]
EXAMPLES = SOURCE.parent / "examples"


@dataclass
class Done:
    """How a command ended. `text` is both streams, for what may be said on either."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class CommandLine:
    """Runs `rosace` in `folder`; nothing it writes is outside of `place`."""

    place: Path
    folder: Path

    def run(self, *arguments: str, code: int | None = 0, env: dict[str, str] | None = None) -> Done:
        """Runs one command; its exit code must be `code`, and whatever happens it shows no traceback."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "rosace.cli", *arguments],
            cwd=self.folder,
            env={
                **kept,
                "PYTHONPATH": str(SOURCE),
                "PYTHONUTF8": "1",
                "ROSACE_STATE": str(self.place / "state"),
                "ROSACE_CACHE": str(self.place / "cache"),
                **(env or {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=120,
        )
        found = Done(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
        told = f"rosace {' '.join(arguments)}: exit {found.code}\n{found.out[-3000:]}\n{found.err[-3000:]}"
        assert "Traceback" not in found.text, told
        assert "defect of Rosace" not in found.text, told
        assert code is None or found.code == code, told
        return found

    def edit(self, old: str, new: str, file: str = "platform.yaml") -> None:
        """Breaks one thing of the platform in `folder`."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def example(place: Path, name: str = "flights") -> CommandLine:
    """A command line in a copy of an example, in a folder whose name holds a space and an accent."""
    folder = place / "données de vol"
    shutil.copytree(EXAMPLES / name, folder)
    return CommandLine(place, folder)
