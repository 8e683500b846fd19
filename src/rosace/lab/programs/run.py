"""Runs the programs that make the tools, and says in a sentence why one could not do it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_FIRST, _LAST = 2, 3
"""Lines of a failed program's output that go into the sentence: Go says first what is wrong, compilers last."""


class Unavailable(Exception):
    """A tool cannot be had on this machine; the text is a sentence that says why."""


def need(program: str, why: str) -> str:
    """The path of a program of this machine; raises Unavailable with `why` where there is none."""
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{why}, and there is no `{program}` on the PATH.")
    return found


def run(argv: Sequence[str], at: Path, what: str, more: Mapping[str, str] | None = None) -> str:
    """Runs a command in the folder `at` and gives its output; raises Unavailable that begins with `what`.

    The environment goes through as it is, so proxies and registries are this machine's own; `more` is added to it.
    Builds are long, so they give way to what else runs.
    """
    polite = [nice, "-n", "5"] if (nice := shutil.which("nice")) else []
    done = subprocess.run(
        [*polite, *argv],
        cwd=at,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{what} failed with exit code {done.returncode}: {_reason(done.stderr or done.stdout)}")
    return done.stdout


def _reason(output: str) -> str:
    said = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("go: downloading")]
    kept = said if len(said) <= _FIRST + _LAST else [*said[:_FIRST], "...", *said[-_LAST:]]
    return " | ".join(kept) or "no output"
