"""The report of what holds here and there can be read: every engine is in it, and whatever differs says why."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from compiled import EXAMPLES, example
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rosace.deliver import parity
from rosace.deliver.yamltext import HIDDEN

KEYS = {"engine", "setting", "local", "cluster", "verdict", "why"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_engine_has_rows(name: str) -> None:
    estate = example(name).estate
    there = {row["engine"] for row in parity.rows(estate)}
    assert {part.engine.name for part in estate.parts} <= there
    assert set(estate.checked.engines) <= there


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_differs_says_why(name: str) -> None:
    silent = [row for row in parity.rows(example(name).estate) if row["verdict"] != "same" and len(row["why"]) < 6]
    assert silent == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_row_is_empty(name: str) -> None:
    for row in parity.rows(example(name).estate):
        assert set(row) == KEYS
        assert row["verdict"] in parity.VERDICTS
        assert row["setting"] and (row["local"] or row["cluster"]), row
        assert row["verdict"] != "same" or (row["local"] and row["cluster"]), row


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_row_is_there_twice(name: str) -> None:
    rows = Counter((row["engine"], row["setting"]) for row in parity.rows(example(name).estate))
    assert [key for key, count in rows.items() if count > 1] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_runs_on_clusters_alone_says_so(name: str) -> None:
    estate = example(name).estate
    alone = {part.engine.name for part in estate.parts if "local" not in part.engine.targets}
    rows = parity.rows(estate)
    assert {row["engine"] for row in rows if row["why"] == "clusters only"} == alone
    # And what this machine has too is compared, not only named.
    both = {part.engine.name for part in estate.parts} - alone
    assert all(sum(row["engine"] == engine for row in rows) >= 2 for engine in both)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_has_a_table_for_each_engine(name: str) -> None:
    built = example(name)
    rows, page = json.loads(built.files["parity.json"]), built.files["parity.md"]
    assert rows == parity.rows(built.estate)
    head, *parts = re.split(r"^## ", page, flags=re.MULTILINE)
    for verdict in parity.VERDICTS:
        assert f"{sum(row['verdict'] == verdict for row in rows)} {verdict}" in head
    found = {part.splitlines()[0]: [line for line in part.splitlines() if line.startswith("|")] for part in parts}
    assert list(found) == list(dict.fromkeys(row["engine"] for row in rows))
    for engine, lines in found.items():
        assert len(lines) == 2 + sum(row["engine"] == engine for row in rows)
        # A word with a bar in it must not make a cell more.
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {6}, engine


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("|\\`*__[]()<>&;!#~~\n\r\u2028-"))))
def test_a_text_in_a_cell_is_that_text(text: str) -> None:
    """Read back by a parser of CommonMark with tables: one cell, without elements of its own."""
    shown = parity._cell(text)
    table = f"| a | b |\n|---|---|\n| {shown} | end |\n"
    cells = [token for token in MarkdownIt().enable(["table", "strikethrough"]).parse(table) if token.type == "inline"][
        2:
    ]
    assert [cell.content for cell in cells[1:]] == ["end"]
    read = "".join(part.content for part in cells[0].children or [] if part.type in ("text", "text_special"))
    wanted = re.sub(f"[{HIDDEN}]", lambda found: f"U+{ord(found[0]):04X}", re.sub(r"[\t\n]", " ", text))
    assert read.strip() == wanted.strip()
