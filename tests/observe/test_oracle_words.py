"""A column that is called like a word of DuckDB's: the judge says so where the parser only says that it stumbled."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from rosace.kit import oracle_judge

PREPARED = ["SET errors_as_json = true", 'CREATE TABLE m (id INT, "at" TIMESTAMP, "order" INT, hour INT)']


def judged(text: str) -> tuple[str, str]:
    """The verdict and what is said, of the judge as a program."""
    words = " ".join(base64.b64encode(part.encode()).decode() for part in (text, json.dumps([("id", "INT")])))
    program = [sys.executable, "-P", str(Path(oracle_judge.__file__)), json.dumps(PREPARED)]
    done = subprocess.run(program, input=f"oracle {words}\n", capture_output=True, text=True, check=True)
    verdict, *said = done.stdout.split()
    return verdict, base64.b64decode(said[0]).decode() if said else ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT id, at FROM m", "at"),
        ("SELECT id, max(AT) FROM m GROUP BY id", "AT"),
        ("SELECT id FROM m WHERE order = 1", "order"),
        ("SELECT id FROM m GROUP BY at", "at"),
        ("SELECT id, order\n -- é\nFROM m", "order"),
    ],
)
def test_the_word_is_named_with_its_quotes(text: str, word: str) -> None:
    verdict, said = judged(text)
    assert verdict == "refused"
    assert said.endswith(f"; `{word}` is a word of DuckDB's SQL, and a column's name only as \"{word.lower()}\""), said


@pytest.mark.parametrize(
    "text", ["SELECT id FROM WHERE id = 1", "SELECT id FROM m WHERE id = = 1", "SELECT (id FROM m"]
)
def test_other_slips_are_told_as_they_are(text: str) -> None:
    verdict, said = judged(text)
    assert verdict == "refused"
    assert said.startswith("syntax error at or near") and "is a word" not in said


def test_in_quotes_it_is_taken() -> None:
    assert judged('SELECT id, "at", "order" FROM m') == ("taken", "")
