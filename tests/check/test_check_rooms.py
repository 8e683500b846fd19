"""Which engines a platform takes in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from check_outcome import Examine

from rosace.check import rooms
from rosace.check.platform import examine
from rosace.contract.registry import engines
from rosace.model.capabilities import IcebergCatalog, PostgresDatabase, S3Endpoint
from rosace.source.load import load

if TYPE_CHECKING:
    from rosace.contract.engine import Engine

TABLES = "platform: demo\ntables: {orders: {columns: {id: int!}}}\n"


def _installed(monkeypatch: pytest.MonkeyPatch, found: dict[str, Engine]) -> None:
    monkeypatch.setattr(rooms, "engines", lambda: found)


def test_needs_are_taken_in(examined: Examine) -> None:
    used = set(examined(TABLES).proof().engines)
    assert {"iceberg", "postgresql", "seaweedfs"} <= used
    assert "kafka" not in used


def test_nobody_offers(examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, {name: room for name, room in engines().items() if PostgresDatabase not in room.offers})
    found = examined(TABLES).one("nobody-offers")
    assert "PostgreSQL" in found.message


def test_several_offer(examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    offering = next(room for room in engines().values() if S3Endpoint in room.offers and "local" in room.targets)
    quiet = {name: replace(offering, name=name, wanted=lambda _: False) for name in ("first", "second")}
    others = {name: room for name, room in engines().items() if S3Endpoint not in room.offers}
    _installed(monkeypatch, {**others, **quiet})
    assert "`first` and `second`" in examined(TABLES).one("several-offer").message
    assert "several-offer" not in examined(TABLES + "storage: {provider: second}\n").codes


def test_every_need_can_be_met() -> None:
    offered = {capability for room in engines().values() for capability in room.offers}
    assert {need for room in engines().values() for need in room.needs} <= offered
    assert IcebergCatalog in offered


STORE = "platform: demo\nclusters: {main: {}}\nstorage:\n  nodes: 4\n  erasure: "


def test_a_rule_of_a_room_points_at_the_word_it_speaks_of(examined: Examine) -> None:
    """Not at `platform:`: the note is about what `erasure:` means."""
    told = examined(STORE + "4+2\n  buckets: {raw: {}}\n").one("minio-layout")
    assert told.span is not None
    assert (told.span.line, told.span.column) == (5, 3)


@pytest.mark.parametrize("nodes", [1, 4, 256])
def test_a_code_that_no_number_of_servers_saves(examined: Examine, nodes: int) -> None:
    """`1+1` takes no writes once one drive of two is gone, on however many servers."""
    found = examined(STORE.replace("nodes: 4", f"nodes: {nodes}") + "1+1\n  buckets: {raw: {}}\n")
    told = found.one("minio-one-server")
    assert told.hints == ("choose more parity, such as `2+2`",)
    assert told.span is not None and told.span.line == 5


def test_settings_for_clusters_are_no_mistake_on_this_machine(examined: Examine) -> None:
    """They wait in the one file for the overlay that names clusters."""
    both = "platform: demo\nengines: {rancher: {}, trino: {}}\n"
    assert [found.message for found in examined(both).diagnostics if found.code == "unused-engine"] == [
        "nothing in this platform uses Trino: its settings have no effect"
    ]


def test_a_misspelt_name_in_set_or_overlay_is_guessed(tmp_path: Path) -> None:
    """It makes a new topic, whose missing columns would be all that is said."""
    (tmp_path / "platform.yaml").write_text("platform: demo\ntopics: {orders: {columns: {id: int!}, key: id}}\n")
    (tmp_path / "prod.yaml").write_text("topics: {ordres: {partitions: 3}}\n")
    for tree in (
        load(tmp_path / "platform.yaml", sets=["topics.ordrs.partitions=3"]),
        load(tmp_path / "platform.yaml", [tmp_path / "prod.yaml"]),
    ):
        (told,) = examine(tree, tmp_path)[1]
        assert told.code == "missing-key"
        assert "did you mean `orders`?" in told.hints[0]
