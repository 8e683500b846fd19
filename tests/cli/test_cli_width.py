"""What is printed fits the terminal, and no word of it is broken; a pipe gets whole lines."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from terminal import Said, in_pipe, in_terminal

ADDRESS = "https://127.0.0.1:27950/an/address/to/copy"
ROWS = [
    {"name": "flink-jobmanager", "heap": "320 MiB", "count": 1234, "open": ADDRESS, "why": "because of this and that"},
    {"name": "a", "heap": None, "count": 5, "open": None, "why": ""},
]
COLUMNS = [("name", "PROCESS"), ("heap", "HEAP"), ("count", "COUNT"), ("open", "OPEN"), ("why", "WHY")]
TABLE = (
    f"from rosace.cli.tables import emit; emit({ROWS!r}, {COLUMNS!r}, 'table', title='all', spare=('heap', 'count'))"
)
TALK = (
    "from rosace.cli.failures import say; say('a line of talk that is long enough to be broken ' * 4 + '/a/path/'"
    " + 'x' * 90)"
)


def shown(program: str, folder: Path, columns: int) -> Said:
    env = {**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm"}
    command = f"{sys.executable} -c {json.dumps(program)}"
    return in_terminal(command, folder, env, 60, columns) if columns else in_pipe(command, folder, env, 60)


@pytest.mark.parametrize(
    ("columns", "hidden"), [(120, []), (100, []), (92, ["HEAP"]), (85, ["HEAP", "COUNT"]), (75, []), (40, [])]
)
def test_a_table_leaves_out_what_is_spare_before_it_breaks_a_word(
    tmp_path: Path, columns: int, hidden: list[str]
) -> None:
    said = shown(TABLE, tmp_path, columns)
    text = "\n".join(said.lines)
    assert [word for word in ("flink-jobmanager", ADDRESS, "1,234") if word not in text] == ["1,234"] * (
        "COUNT" in hidden
    )
    assert [line for line in said.lines if len(line) > columns and " " in line.strip()] == []
    assert ("not shown, for lack of room: " + ", ".join(hidden) in text) == bool(hidden)


def test_a_pipe_gets_the_whole_table_on_one_line_each(tmp_path: Path) -> None:
    said = shown(TABLE, tmp_path, 0)
    assert said.err == ""
    assert [one for one in said.out.split("\n") if one != one.rstrip()] == []
    (line,) = (line for line in said.out.split("\n") if "flink" in line)
    assert [cell for cell in ("320 MiB", "1,234", ADDRESS, "because of this and that") if cell not in line] == []


def test_a_table_in_a_pipe_is_as_wide_as_it_has_to_be(tmp_path: Path) -> None:
    """An answer that is read by a program, or searched, has a line for each row, however long."""
    program = (
        "from rosace.cli.tables import emit; emit([{'a': 'x ' * 300, 'b': 'end'}], [('a', 'A'), ('b', 'B')], 'table')"
    )
    said = shown(program, tmp_path, 0)
    (line,) = (line for line in said.out.split("\n") if "end" in line)
    assert line.count("x ") == 300


def test_talk_is_broken_between_words(tmp_path: Path) -> None:
    said = shown(TALK, tmp_path, 60)
    assert [line for line in said.lines if len(line) > 60] == ["  /a/path/" + "x" * 90]
    assert " ".join(line.strip() for line in said.lines).split()[:7] == [
        "a",
        "line",
        "of",
        "talk",
        "that",
        "is",
        "long",
    ]
    assert len([line for line in shown(TALK, tmp_path, 0).err.split("\n") if line]) == 1
