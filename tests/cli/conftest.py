"""Command lines in folders of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine, example


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
