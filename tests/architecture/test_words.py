"""Words that may not stand where they would be wrong, on another machine or for another engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from codebase import ROOT, files, modules, rooms

ENGINE_FREE = ("source", "model", "check", "plan", "local", "observe", "cli")
"""Rooms that work for every engine, also for one that is added tomorrow as a folder."""

OTHER_MEANING = {
    ("src/rosace/check/graph.py", "kafka"): "the protocol that is spoken, whoever offers it",
}
"""Names of engines that mean something else where they stand. It may only shrink."""

PLACES = {
    "a package registry": re.compile(
        r"https?://(repo\d?|registry|proxy|files|deb|static|index)\.[\w.-]+\.(org|io|com)|"
        + r"py"
        + r"pi\.org|pythonhos"
        + r"ted|"
        r"maven\.(org|apache\.org/maven2)|npmjs\.(org|com)|crates\.io"
    ),
    "a developer's machine": re.compile(r"(?<![\w./}-])/(work|root|Users|home/\w+)/(?=\w)"),
    "unfinished work": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
}

_TEXT = {"", ".py", ".toml", ".md", ".txt", ".sql", ".yaml", ".yml", ".json", ".sh", ".cfg"}


def test_no_room_but_its_own_names_an_engine() -> None:
    names = set(rooms())
    found = [
        f"{module.place}:{line} says {text!r}"
        for module in modules()
        if module.layer in ENGINE_FREE
        for text, line in module.texts()
        if _engine(text, names) and (module.place, text) not in OTHER_MEANING
    ]
    assert not found, "ask the engine's room (or its capabilities), do not compare its name:\n" + "\n".join(found)


def test_exceptions_are_still_needed() -> None:
    said = {(module.place, text) for module in modules() for text, _ in module.texts()}
    assert set(OTHER_MEANING) <= said


@pytest.mark.parametrize("what", PLACES)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := PLACES[what].search(line))
    ]
    assert not found, f"{what} is named:\n" + "\n".join(found)


def _engine(text: str, names: set[str]) -> bool:
    """Whether a text is an engine's name, one of its processes or actions, or a file of its room."""
    first = re.split(r"[:-]", text, maxsplit=1)[0]
    if text.startswith("rosace.engines."):
        return text.split(".")[2].partition(":")[0] in names
    return first in names and re.fullmatch(r"[\w-]+(:[\w-]+)?", text) is not None


def _texts() -> Iterator[tuple[Path, str]]:
    for path in files():
        if path.suffix in _TEXT:
            yield path, path.read_text(encoding="utf-8", errors="replace")
