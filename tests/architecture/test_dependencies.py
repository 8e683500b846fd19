"""Every dependency has a reason, and every lock is whole."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from codebase import ROOT, modules

TABLE = ROOT / "docs" / "dependencies.md"
LOCKS = ("run", "dev")

COMES_WITH = {"pydantic_core": "pydantic", "urllib3": "requests"}
"""Packages imported by name that are half of another: their versions move together."""

BROUGHT = {"pyspark": "spark", "py4j": "trino"}
"""Packages that an engine brings along for code which runs inside it, by the room where that code is."""


def test_the_table_is_the_declaration() -> None:
    rows = _rows()
    assert sorted(rows) == sorted(_declared())
    for name, cells in rows.items():
        assert len(cells) == 3 and all(cells), f"{name}: why, licence and what was rejected belong in its row"


def test_what_is_imported_is_declared() -> None:
    known = packages_distributions()
    declared = {_name(item) for item in _project()["project"]["dependencies"]}
    found = [
        f"{module.place}:{used.line} imports {used.top}"
        for module in modules()
        for used in module.imports()
        if used.top not in sys.stdlib_module_names
        and used.top not in ("rosace", "__future__")
        and BROUGHT.get(used.top, "nobody") != module.room
        and not declared & {_name(dist) for dist in known.get(COMES_WITH.get(used.top, used.top), [])}
    ]
    assert not found, "\n".join(found)


def test_what_is_declared_is_imported() -> None:
    known = packages_distributions()
    used = {_name(dist) for module in modules() for item in module.imports() for dist in known.get(item.top, [])}
    idle = {_name(item) for item in _project()["project"]["dependencies"]} - used
    assert not idle


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    body = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", body.strip()):
        first, *hashes = (line.strip(" \\") for line in entry.splitlines())
        assert re.match(r"^[a-z0-9-]+==[^\s;]+( ; .+)?$", first), first
        assert hashes and all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), first


def test_locks_hold_what_is_declared_and_agree() -> None:
    run, dev = (_locked(name) for name in LOCKS)
    project = _project()
    assert {_name(item) for item in project["project"]["dependencies"]} <= set(run)
    assert {_name(item) for item in project["dependency-groups"]["dev"]} <= set(dev)
    assert run.items() <= dev.items()
    for item in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]:
        least = item.partition(">=")[2]
        assert _version(dev[_name(item)]) >= _version(least), f"{item}: make lock"


@cache
def _project() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _declared() -> set[str]:
    project = _project()
    everything = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    return {_name(item) for item in everything}


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0]).lower()


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {_name(found[1]): found[2] for found in re.finditer(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE)}


def _rows() -> dict[str, list[str]]:
    """First cell (the package) to the other cells of every row of the tables."""
    rows: dict[str, list[str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if line.startswith("| `"):
            name = _name(cells[0].strip("`"))
            assert name not in rows, f"{name} has two rows"
            rows[name] = cells[1:]
    return rows
