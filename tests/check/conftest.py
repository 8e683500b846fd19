"""A platform in a folder, checked: what most tests of `rosace.check` need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from check_outcome import FLIGHTS, Examine, Outcome, write

from rosace.check.platform import examine
from rosace.source.load import load


@pytest.fixture
def examined(tmp_path: Path) -> Examine:
    """`examined(yaml, {path: text})` checks a platform of these files."""

    def run(yaml: str, files: Mapping[str, str] | None = None) -> Outcome:
        write(tmp_path, {"platform.yaml": yaml, **(files or {})})
        return Outcome(*examine(load(tmp_path / "platform.yaml"), tmp_path))

    return run


@pytest.fixture(scope="session")
def flights_files() -> dict[str, str]:
    """The texts of the flights example by their path."""
    names = (path for path in FLIGHTS.rglob("*") if path.suffix in (".sql", ".yaml"))
    return {path.relative_to(FLIGHTS).as_posix(): path.read_text(encoding="utf-8") for path in names}


@pytest.fixture
def flights(examined: Examine, flights_files: dict[str, str]) -> Examine:
    """`flights(path=(pattern, replacement))` checks the flights example with texts changed.

    A key of `changes` is a file's path; its value is a pair for `re.sub`, which has to match, or the whole new text.
    """

    def run(changes: Mapping[str, tuple[str, str] | str] | None = None) -> Outcome:
        files = dict(flights_files)
        for name, change in (changes or {}).items():
            if isinstance(change, str):
                files[name] = change
                continue
            assert re.search(*change[:1], files[name]), f"{change[0]} is not in {name}"
            files[name] = re.sub(change[0], change[1], files[name], count=1)
        return examined(files.pop("platform.yaml"), files)

    return run
