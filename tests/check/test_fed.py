"""What is read is fed: by a source, a job or a producer; on clusters only by what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.check.platform import examine
from rosace.source.diagnostic import Severity
from rosace.source.load import load

HEAD = """\
platform: shop
topics:
  orders: {columns: {id: int!}, key: id}
  copies: {columns: {id: int!}, key: id}
jobs:
  copy: {engine: flink, sql: copy.sql}
"""
CLUSTERS = "clusters: {main: {}}\ndelivery: {registry: registry.example.com}\n"


def _found(folder: Path, more: str) -> list[tuple[str, Severity]]:
    (folder / "platform.yaml").write_text(HEAD + more, encoding="utf-8")
    (folder / "copy.sql").write_text("INSERT INTO copies SELECT id FROM orders\n")
    (folder / "orders.csv").write_text("id\n1\n")
    _, found = examine(load(folder / "platform.yaml"), folder)
    return [(one.message, one.severity) for one in found if one.code == "never-written"]


def test_what_nobody_fills_is_told_here_and_refused_there(tmp_path: Path) -> None:
    message = "topic `orders` is read, but nothing writes it: it stays empty"
    assert _found(tmp_path, "") == [(message, Severity.WARNING)]
    assert _found(tmp_path, CLUSTERS) == [(message, Severity.ERROR)]


@pytest.mark.parametrize(
    "more",
    [
        "sources: {web: {file: orders.csv, to: orders}}\n",
        "producers: {web: {writes: orders}}\n",
        CLUSTERS + "producers: {web: {writes: orders}}\n",
        CLUSTERS + "sources: {web: {file: {volume: incoming, path: orders.csv}, to: orders}}\n",
    ],
)
def test_sources_and_producers_fill(tmp_path: Path, more: str) -> None:
    assert _found(tmp_path, more) == []


def test_a_file_of_this_machine_fills_nothing_on_clusters(tmp_path: Path) -> None:
    ((message, severity),) = _found(tmp_path, CLUSTERS + "sources: {web: {file: orders.csv, to: orders}}\n")
    assert severity is Severity.ERROR
    assert message == "topic `orders` is read, and its only source, `web`, has a file that clusters do not see"


def test_what_is_loaded_into_a_table_is_told_for_clusters(tmp_path: Path) -> None:
    """No pod loads files into tables yet: a table that is read there would be empty in silence."""
    (tmp_path / "names.sql").write_text("SELECT id FROM lake.names\n")
    text = (
        "producers: {web: {writes: orders}}\ntables: {names: {columns: {id: int!}}}\nqueries: {q: {sql: names.sql}}\n"
    )
    text += "sources: {names: {file: {volume: incoming, path: names.csv}, to: lake.names}}\n"
    (found,) = _found(tmp_path, CLUSTERS + text)
    assert found[0].startswith("table `lake.names` is read, and on clusters nothing loads it: its source, `names`")
    assert found[1] is Severity.WARNING
    assert _found(tmp_path, text.replace("{volume: incoming, path: names.csv}", "orders.csv")) == []
