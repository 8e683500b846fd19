"""Imports go one way, and what may be imported says what a room can do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from codebase import ROOT, Import, Module, modules, rooms

CLIENTS = {"confluent_kafka", "duckdb", "minio", "pyspark", "requests", "urllib3"}
"""Libraries that talk to engines or hold their data: heavy, and useless for checking."""

ALLOWED = {
    "source": {"pydantic", "pydantic_core", "rapidfuzz", "yaml"},
    "model": {"pydantic", "pydantic_core"},
    "check": {"cronsim", "pydantic", "pydantic_core", "sqlglot"},
    "plan": {"pydantic"},
}
"""Third-party packages of the rooms that decide and never act."""

ACTING = {"asyncio", "http", "multiprocessing", "signal", "socket", "subprocess", "threading", "urllib.request"}
"""Parts of the standard library that act."""

PURE_FILES = {"__init__", "jobs", "rules", "settings", "spec", "sql"}
"""Files of an engine's room that are pure: they are loaded by `rosace check`, or shared by all targets."""


def test_the_contracts_of_the_house_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(tool), "--no-cache", "--config", "pyproject.toml"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("layer", ALLOWED)
def test_what_decides_uses_few_packages_and_does_not_act(layer: str) -> None:
    known = ALLOWED[layer] | {"rosace", "__future__"}
    found = [
        f"{module.place}:{used.line} imports {used.top}"
        for module in modules()
        if module.layer == layer
        for used in module.imports()
        if _acts(used) or (used.top not in known and used.top not in sys.stdlib_module_names)
    ]
    assert not found, "\n".join(found)


def test_rooms_of_engines_do_not_know_each_other() -> None:
    names = rooms()
    found = [
        f"{module.place}:{used.line} imports {used.module}"
        for module in modules()
        if module.layer == "engines"
        for used in module.imports()
        if (other := _room(used.module, names)) and other != module.room
    ]
    assert not found, "engines meet through capabilities, never through imports:\n" + "\n".join(found)


def test_only_the_registry_finds_rooms() -> None:
    names = rooms()
    found = [
        f"{module.place}:{used.line} imports {used.module}"
        for module in modules()
        if module.layer != "engines"
        for used in module.imports()
        if _room(used.module, names)
    ]
    assert not found, "\n".join(found)


def test_pure_files_of_a_room_use_no_client() -> None:
    def known(module: Module) -> set[str]:
        return {"pydantic", "rosace", "__future__"} | ({"sqlglot"} if module.parts[-1] in ("rules", "sql") else set())

    found = [
        f"{module.place}:{used.line} imports {used.top}"
        for module in modules()
        if module.room and len(module.parts) == 3 and module.parts[-1] in PURE_FILES
        for used in module.imports()
        if _acts(used) or (used.top not in known(module) and used.top not in sys.stdlib_module_names)
    ]
    assert not found, "\n".join(found)


def test_processes_on_this_machine_are_described_without_a_client() -> None:
    found = [
        f"{module.place}:{used.line} imports {used.top}"
        for module in modules()
        if module.room and module.parts[-1] == "local"
        for used in module.imports()
        if used.top in CLIENTS
    ]
    assert not found, "\n".join(found)


def _acts(used: Import) -> bool:
    return used.top in ACTING or any(used.module.startswith(f"{part}.") for part in ACTING)


def _room(module: str, names: list[str]) -> str:
    parts = module.split(".")
    return parts[2] if parts[:2] == ["rosace", "engines"] and len(parts) > 2 and parts[2] in names else ""


def test_one_file_reads_versions() -> None:
    """All else gets `Versions`, typed: a second reader would know the file's form a second time.

    The lab's programs are told in another form, which has one reader too.
    """
    readers = {module.place for module in modules() for used in module.imports() if used.top == "tomllib"}
    assert readers == {"src/rosace/contract/versions.py", "src/rosace/lab/programs/pins.py"}
