"""Measures Rosace on this machine and says whether its limits hold.

    .venv/bin/python bench/run.py [--only NAME ...] [--output json] [--write]

Comes in: names of measurements (all but `first` when none is named). Goes out: each figure with its limit as soon as it
is known, at the end the machine and the date; exit code 1 when a limit is missed or a measurement failed. `--write`
puts the figures into the tables of both READMEs. stdout is the result, stderr is talk.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from figure import Figure
from machine import facts, line
from rig import Unmeasured
from session import Session

MEASUREMENTS = {
    "first": "`make up` of a fresh checkout with an empty cache (about 4 minutes; only when named: downloads 2 GB)",
    "start": "a warm start, against the engines alone and one after the other (about 5 minutes)",
    "memory": "resident memory of the example at its peak",
    "compile": "a platform for clusters, and what Helm adds where objects are wanted (about two minutes)",
    "judges": "the engines' own planners: CPU to a first verdict, and for each further one (about 3 minutes)",
    "noop": "`up` with nothing to do, `check`, `--help`",
    "again": "`up` after `down`",
    "disk": "download and disk",
    "pipeline": "the example's jobs against the same SQL submitted by hand (about 4 minutes)",
}
"""In the order in which they run: first what needs the machine for itself; then the example is brought up once for all
that is left, and the last one writes into it."""


def main() -> int:
    told = _options()
    # Whoever installs Rosace has its modules compiled: a command that compiles them each time is not what is measured.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    names = told.only or [name for name in MEASUREMENTS if name != "first"]
    before, begun = facts(), time.monotonic()
    talk = sys.stdout if told.output == "table" else sys.stderr
    print(f"before: {line(before)}", file=talk, flush=True)
    # Ended by a signal, the bench takes its platforms down like at any other end.
    signal.signal(signal.SIGTERM, _ended)
    session = Session()
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    try:
        for name in MEASUREMENTS:
            if name in names:
                _one(name, session, figures, failed, talk)
    finally:
        session.close()
    after = facts()
    print(f"{time.monotonic() - begun:.0f} s in all; {line(after)}", file=talk, flush=True)
    result = {"before": before, "machine": after, "figures": [one.to_json() for one in figures], "failed": failed}
    if told.output == "json":
        print(json.dumps(result, indent=2))
    if told.write:
        from readme import write

        write({one.name: one.value for one in figures}, after)
    return 0 if not failed and all(one.ok for one in figures) else 1


def _one(name: str, session: Session, figures: list[Figure], failed: dict[str, str], talk: Any) -> None:
    begun = time.monotonic()
    print(f"\n== {name}: {MEASUREMENTS[name]}", file=talk, flush=True)
    try:
        for figure in importlib.import_module(name).measure(session):
            figures.append(figure)
            print("\n".join(figure.lines()), file=talk, flush=True)
    except Unmeasured as error:
        failed[name] = str(error)
        print(f"{name}  NOT measured: {error}", file=talk, flush=True)
        return
    except Exception as error:
        failed[name] = repr(error)
        traceback.print_exc()
        return
    print(f"   ({time.monotonic() - begun:.0f} s)", file=talk, flush=True)


def _ended(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _options() -> argparse.Namespace:
    rows = "\n".join(f"  {name:9} {text}" for name, text in MEASUREMENTS.items())
    parser = argparse.ArgumentParser(
        description=f"Measures Rosace on this machine.\n\n{rows}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="one measurement; repeatable")
    parser.add_argument("--output", choices=["table", "json"], default="table")
    parser.add_argument("--write", action="store_true", help="put the figures into README.md and README.fr.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
