"""`rosace init`: what it writes runs as it is, and nothing is ever overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import CommandLine

from rosace.cli.verbs.init import EXAMPLES, QUERIES, contents, name_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("example", list(EXAMPLES))
def test_what_is_written_passes_its_check(empty: CommandLine, example: str) -> None:
    written = empty.run("init", "à moi", "--example", example)
    folder = empty.folder / "à moi"
    assert written.out == ""
    assert "cd 'à moi'" in written.err
    assert "rosace up --verify" in written.err
    checked = empty.run("check", "à moi")
    assert checked.err == "à moi/platform.yaml: fine\n", "without a warning"
    queries = [row["query"] for row in empty.run("-C", "à moi", "get", "queries", "-o", "json").json()]
    assert QUERIES[example] in queries
    lines = (folder / "platform.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=./platform.schema.json"
    assert json.loads((folder / "platform.schema.json").read_text())["$schema"].startswith("http://json-schema.org")


def test_the_minimal_one_is_small_and_whole(empty: CommandLine) -> None:
    empty.run("init")
    lines = (empty.folder / "platform.yaml").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 30
    assert len((empty.folder / "data" / "orders.csv").read_text().splitlines()) == 1 + 30
    assert "platform: vide-e" in lines, "named after its folder"
    kinds = {kind: empty.run("get", kind, "-o", "json").json() for kind in ("topics", "jobs", "queries", "sources")}
    assert {kind: len(rows) for kind, rows in kinds.items()} == {"topics": 1, "jobs": 2, "queries": 1, "sources": 1}
    assert {row["engine"] for row in kinds["jobs"]} == {"spark", "flink"}


def test_nothing_is_overwritten(empty: CommandLine) -> None:
    (empty.folder / "jobs").mkdir()
    (empty.folder / "jobs" / "land.sql").write_text("mine")
    refused = empty.run("init", code=2)
    assert "jobs/land.sql already" in refused.err
    assert "nothing was written" in refused.err
    assert sorted(path.name for path in empty.folder.rglob("*")) == ["jobs", "land.sql"]
    assert (empty.folder / "jobs" / "land.sql").read_text() == "mine"


def test_twice_is_refused_and_leaves_all_as_it_was(empty: CommandLine) -> None:
    empty.run("init")
    path = empty.folder / "platform.yaml"
    path.write_text("platform: mine\n")
    empty.run("init", "--example", "flights", code=2)
    assert path.read_text() == "platform: mine\n"


def test_beside_other_files(empty: CommandLine) -> None:
    (empty.folder / "README.md").write_text("mine")
    empty.run("init")
    assert (empty.folder / "README.md").read_text() == "mine"
    empty.run("check")


def test_a_file_is_no_folder(empty: CommandLine) -> None:
    (empty.folder / "taken").write_text("x")
    assert "is a file" in empty.run("init", "taken", code=2).err


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("orders", "orders"),
        ("Données 2024", "donnees-2024"),
        ("2024", "platform-2024"),
        ("my_platform.v2", "my-platform-v2"),
        ("平台", "platform"),
        ("", "platform"),
        ("x" * 80, "x" * 48),
    ],
)
def test_a_name_out_of_a_folders_name(folder: str, name: str) -> None:
    assert name_of(folder) == name


def test_a_grammar_beside_it_is_that_of_rosace(empty: CommandLine) -> None:
    files = contents(Path("x"), "minimal")
    assert json.loads(files["platform.schema.json"]) == empty.run("schema").json()
