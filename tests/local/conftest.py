"""The copied house as a fixture."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from toy_house import TOY, House

import rosace


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The house with the toy's room added as one folder; the folder's name holds a space and an accent."""
    source = tmp_path / "src"
    shutil.copytree(Path(rosace.__file__).parent, source / "rosace", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TOY, source / "rosace" / "engines" / "toy")
    folder = tmp_path / "données de test"
    folder.mkdir()
    built = House(folder, source, tmp_path / "state é")
    built.write("platform: toy\nengines:\n  toy: {greeting: hello}\n")
    yield built
    built.run("down", "--erase", "--yes", code=None)
