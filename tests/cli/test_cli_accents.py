"""Accents in the names of folders and files, where the locale is plain C and Python's way out of it is turned off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.slow

PLAIN = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Names of files are ASCII to Python then, and every other byte of them is half a character."""

WORDS = """
platform: small
topics:
  events: {columns: {id: string!}}
  copies: {columns: {id: string!}}
sources: {events: {file: événements.csv, to: events}}
jobs: {copy: {engine: flink, sql: été.sql}}
producers: {others: {writes: events}}
clusters: {main: {}}
"""


def test_the_folder_of_the_platform(fine: CommandLine) -> None:
    assert not str(fine.folder).isascii()
    for folder in (".", str(fine.folder)):
        assert "fine" in fine.run("check", "-C", folder, env=PLAIN).text
        plan = fine.run("plan", "-C", folder, "--output", "json", code=1, env=PLAIN).json()
        assert plan == fine.run("plan", "-C", folder, "--output", "json", code=1).json()


def test_files_that_the_platform_names(empty: CommandLine) -> None:
    files = {"platform.yaml": WORDS, "été.sql": "INSERT INTO copies SELECT id FROM events", "événements.csv": "id\na\n"}
    for name, text in files.items():
        (empty.folder / name).write_text(text, encoding="utf-8")
    assert empty.run("check", env=PLAIN).code == 0
    (empty.folder / "été.sql").write_text("INSERT INTO copies SELECT idd FROM events", encoding="utf-8")
    assert "été.sql:1:27" in empty.run("check", env=PLAIN, code=1).err


def test_the_folder_that_is_built(fine: CommandLine) -> None:
    out = fine.place / "bâti"
    told = fine.run("build", "--env", "prod", "--output-dir", str(out), "--output", "json", env=PLAIN).json()
    assert told["folder"] == str(out)
    assert (out / "README.md").is_file()


def test_a_folder_whose_name_is_no_text(fine: CommandLine) -> None:
    """On Linux a name is bytes; those of an older encoding than UTF-8 stay what they are."""
    folder = Path(os.fsdecode(os.fsencode(fine.place) + b"/donn\xe9es"))
    folder.symlink_to(fine.folder)
    assert "fine" in fine.run("check", "-C", str(folder)).text
    real = Path(os.fsdecode(os.fsencode(fine.place) + b"/\xe9t\xe9"))
    real.mkdir()
    (real / "platform.yaml").write_text("platform: small\ntopics: {events: {columns: {id: int!}}}\n", encoding="utf-8")
    assert fine.run("plan", "-C", str(real), "--output", "json", code=1).json()
