"""`make up` as somebody sees it who has just cloned this: no environment, an empty cache, fresh state.

Downloads everything (about 2 GB) and removes it afterwards. pip uses its own cache as it is set up.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from figure import Figure
from rig import ROOT, Unmeasured, timed
from session import Session

STAGES = {
    "first-fetch": ("fetch", "fetch and unpack"),
    "first-start": ("start", "start of all engines"),
    "first-flow": ("flow", "data flows to its end"),
    "first-verify": ("verify", "verify"),
}


def measure(session: Session) -> list[Figure]:
    """The stages of the first `make up`, and the whole."""
    place = Path(tempfile.mkdtemp(prefix="rosace-bench-"))
    checkout = place / "rosace"
    try:
        _copy(checkout)
        outside = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "VIRTUAL_ENV", "PYTHONPATH", "ROSACE_DIRECTORY")
        env = {name: value for name, value in os.environ.items() if name not in outside}
        env |= {"ROSACE_STATE": str(place / "state"), "ROSACE_CACHE": str(place / "cache"), "NO_COLOR": "1"}
        try:
            run = timed(["make", "up", "ARGS=--output json"], cwd=checkout, env=env, timeout=1800)
        finally:
            rosace = checkout / ".venv" / "bin" / "rosace"
            if rosace.exists():
                down = [str(rosace), "down", "examples/flights", "--erase", "--yes"]
                subprocess.run(down, cwd=checkout, env=env, capture_output=True, timeout=300, check=False)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    ready = re.search(r"The environment is ready after (\d+) s", run.stderr)
    if ready is None:
        raise Unmeasured(f"the environment did not say how long it took:\n{run.stderr[:2000]}")
    stages: dict[str, float] = json.loads(run.stdout.strip().splitlines()[-1])["stages"]
    figures = [Figure("first-environment", "first `make up`: Python environment", float(ready[1]), "s")]
    for name, (stage, words) in STAGES.items():
        figures.append(Figure(name, f"first `make up`: {words}", stages[stage], "s"))
    return [*figures, Figure("first-all", "first `make up`, in all", run.seconds, "s")]


def _copy(checkout: Path) -> None:
    """The files of this checkout that are or would be committed."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, checkout / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
