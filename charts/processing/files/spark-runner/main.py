# Derived from src/rosace/engines/spark/runner/main.py by tools/charts.py: edit that, then run it.
"""From the start of the driver to its end: the session, the control, the watch over the JVM.

Comes in: a JSON file with `host`, `port`, `token` (a path) and `scratch`. The process ends with its JVM.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import threading
from pathlib import Path

from .control import Control
from .jobs import Jobs
from .said import listen


def main(config: Path) -> None:
    """Opens the session, serves until the JVM goes."""
    told = json.loads(config.read_text(encoding="utf-8"))
    threading.Thread(target=_end_with_jvm, name="jvm-watch", daemon=True).start()
    _sweep(Path(told["scratch"]))
    listen()
    jobs = Jobs()
    control = Control((told["host"], told["port"]), Path(told["token"]).read_text(encoding="utf-8").strip(), jobs)
    threading.Thread(target=control.serve_forever, name="control", daemon=True).start()

    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

    session = SparkSession.builder.getOrCreate()
    jobs.open(session)
    print("rosace: session up", flush=True)
    threading.Event().wait()


def _end_with_jvm() -> None:
    """The JVM holds the other end of standard input: its end means that there is nobody left to work for."""
    with contextlib.suppress(OSError):
        while sys.stdin.buffer.read(4096):
            pass
    os._exit(1)


def _sweep(scratch: Path) -> None:
    """Removes what drivers that were killed left behind: shuffle blocks and unpacked native libraries."""
    try:
        began = Path(f"/proc/{os.getppid()}").stat().st_mtime
    except OSError:
        return
    for entry in scratch.iterdir():
        with contextlib.suppress(OSError):
            if entry.name.startswith("load-") or entry.name == "pycache" or entry.stat().st_mtime >= began - 1:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
