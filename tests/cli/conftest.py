"""Command lines in folders of their own."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine, example

SECONDS, BARE = 2.0, 0.012
"""CPU seconds of a check, on a machine where Python itself starts in `BARE`."""


@pytest.fixture(scope="session")
def seconds() -> float:
    """What a check may take on this machine, now."""

    def spent() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return SECONDS * max(1.0, min(spent() for _ in range(5)) / BARE)


@pytest.fixture
def flights(tmp_path: Path) -> CommandLine:
    """A copy of the flights example, to be broken."""
    return example(tmp_path)


@pytest.fixture(scope="module")
def fine(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A copy of the flights example that no test changes."""
    return example(tmp_path_factory.mktemp("fine"))


@pytest.fixture
def empty(tmp_path: Path) -> CommandLine:
    """An empty folder."""
    folder = tmp_path / "vide é"
    folder.mkdir()
    return CommandLine(tmp_path, folder)
