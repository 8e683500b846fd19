"""Records are left out only where all who read them can do that: others are refused by their engine's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rosace.check.platform import examine
from rosace.source.load import load

BASE = """\
platform: demo
topics:
  orders: {{columns: {{id: int!}}, on-bad-record: {word}}}
tables:
  landed: {{like: orders}}
jobs:
  land: {{engine: {engine}, sql: land.sql}}
"""


def codes(folder: Path, text: str, **files: str) -> list[Any]:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    (folder / "land.sql").write_text("INSERT INTO lake.landed SELECT * FROM orders\n", encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.sql").write_text(content, encoding="utf-8")
    _, found = examine(load(folder / "platform.yaml"), folder)
    return [one for one in found if one.code == "bad-records-read"]


@pytest.mark.parametrize("engine", ["spark", "flink"])
@pytest.mark.parametrize("word", ["skip", "topic"])
def test_jobs_leave_records_out_on_this_machine(tmp_path: Path, engine: str, word: str) -> None:
    assert not codes(tmp_path, BASE.format(engine=engine, word=word))


def test_a_query_does_not(tmp_path: Path) -> None:
    text = BASE.format(engine="spark", word="skip") + "queries:\n  count: {sql: count.sql}\n"
    (found,) = codes(tmp_path, text, count="SELECT count(*) FROM orders\n")
    assert "Trino" in found.message
    assert not codes(tmp_path, text.replace("skip", "stop"), count="SELECT count(*) FROM orders\n")


@pytest.mark.parametrize("engine", ["spark", "flink"])
def test_on_clusters_jobs_do_not(tmp_path: Path, engine: str) -> None:
    text = BASE.format(engine=engine, word="topic")
    text += f"clusters:\n  main: {{runs: [kafka, minio, postgresql, {engine}]}}\n"
    (found,) = codes(tmp_path, text)
    assert f"Apache {engine.title()}" in found.message
    assert "on clusters" in found.message
