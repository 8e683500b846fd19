"""The copied house as a fixture."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from toy_house import TOY, House

import rosace


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with the toy's room added as one folder. Compiled once: no test changes it."""
    source = tmp_path_factory.mktemp("house") / "src"
    shutil.copytree(Path(rosace.__file__).parent, source / "rosace", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TOY, source / "rosace" / "engines" / "toy")
    return source


@pytest.fixture
def house(source: Path, tmp_path: Path) -> Iterator[House]:
    """A platform's folder, whose name holds a space and an accent, with state and cache of its own."""
    folder = tmp_path / "données de test"
    folder.mkdir()
    built = House(folder, source, tmp_path / "state é")
    built.write("platform: toy\nengines:\n  toy: {greeting: hello}\n")
    yield built
    built.run("down", "--erase", "--yes", code=None)
