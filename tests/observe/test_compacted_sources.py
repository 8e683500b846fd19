"""A file that names a key again and again, in a compacted topic: its last row is what is there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from rosace.check.platform import check
from rosace.model.checked import Ref
from rosace.observe.verify.flows import Basis
from rosace.observe.verify.proof import _prove
from rosace.observe.verify.read import Reader
from rosace.observe.verify.report import Flow
from rosace.source.load import load

PLATFORM = """\
platform: shop
topics: {t: {columns: {id: int!, price: int!}, key: id, compact: true}}
sources: {s: {file: s.csv, to: t}}
"""
ROWS = [(1, 5), (2, 6), (1, 7), (1, 7), (2, 8)]


def proven(folder: Path, records: list[tuple[int, int]]) -> Flow:
    (folder / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    (folder / "s.csv").write_text("id,price\n" + "".join(f"{key},{price}\n" for key, price in ROWS), encoding="utf-8")
    checked = check(load(folder / "platform.yaml"), folder)
    with duckdb.connect() as db:
        reader = Reader(db, checked, {}, {}, lambda _: None)
        db.execute('CREATE TABLE "topic_t" (id INT, price INT, __partition INT, __offset BIGINT)')
        for offset, (key, price) in enumerate(records):
            db.execute('INSERT INTO "topic_t" VALUES (?, ?, ?, ?)', [key, price, key % 2, offset])
        reader._loaded.add('"topic_t"')
        return _prove(db, reader, checked, "source s", Ref("topic", "t"), Basis("sources", ("s",), ("id", "price")))


@pytest.mark.parametrize("records", [ROWS, [(1, 7), (2, 8)], [(1, 7), (1, 7), (2, 8)]])
def test_whatever_kafka_has_forgotten_the_last_row_counts(tmp_path: Path, records: list[tuple[int, int]]) -> None:
    assert proven(tmp_path, records).result == "exact"


@pytest.mark.parametrize("records", [ROWS[:-1], [*ROWS, (1, 5)], [*ROWS, (2, 8)], [(2, 8)], [*ROWS, (3, 9)]])
def test_another_last_row_is_found(tmp_path: Path, records: list[tuple[int, int]]) -> None:
    assert proven(tmp_path, records).result == "wrong"


def test_a_difference_that_late_records_make_is_said_as_one() -> None:
    flow = Flow("flink j", "t", "DuckDB", lost=1, altered=2, result="wrong").explained(5)
    assert (flow.late, flow.reason.partition(",")[0]) == (
        5,
        "3 rows differ; 5 records came too late for all windows of theirs",
    )
    assert Flow("flink j", "t", "DuckDB", result="exact").explained(0).reason == ""
