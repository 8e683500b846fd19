"""Rows stay with their columns: a table of another library's, evolved here, read and written by that library again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.schema import Schema
from pyiceberg.table import StaticTable, Table
from pyiceberg.types import IntegerType, NestedField, StringType

from rosace.engines.iceberg.evolve import CannotEvolve, evolved


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Three rows in two columns."""
    catalog = SqlCatalog("lake", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=f"file://{tmp_path}/warehouse")
    catalog.create_namespace("p")
    schema = Schema(NestedField(1, "id", IntegerType(), required=True), NestedField(2, "side", StringType()))
    made = catalog.create_table("p.t", schema)
    rows = {"id": pa.array([1, 2, 3], pa.int32()), "side": ["é", "à", None]}
    arrow = pa.table(
        rows, schema=pa.schema([pa.field("id", pa.int32(), nullable=False), pa.field("side", pa.string())])
    )
    made.append(arrow)
    return made


def declared(columns: dict[str, str], partition: tuple[str, ...] = (), generation: int = 0) -> dict[str, Any]:
    return {
        "name": "t", "columns": columns, "key": [], "partition": list(partition), "generation": generation,
        "swap": False,
    }  # fmt: skip


def after(table: Table, wanted: dict[str, Any]) -> Table:
    """The table with its next metadata, as its catalog would give it."""
    found = json.loads(Path(table.metadata_location.removeprefix("file://")).read_text("utf-8"))
    told = evolved(found, wanted, found["last-updated-ms"] + 1)
    assert told is not None
    following = Path(table.metadata_location.removeprefix("file://")).with_name("00009-next.metadata.json")
    following.write_text(json.dumps(told), encoding="utf-8")
    return StaticTable.from_metadata(f"file://{following}")


def test_rows_are_read_under_new_names_and_types(table: Table) -> None:
    found = after(table, declared({"note": "string", "half": "string renamed-from side", "id": "bigint!"}))
    assert found.scan().to_arrow().to_pylist() == [
        {"note": None, "half": "é", "id": 1},
        {"note": None, "half": "à", "id": 2},
        {"note": None, "half": None, "id": 3},
    ]
    assert str(found.schema().find_field("id").field_type) == "long"


def test_partitions_hold_for_rows_that_come(table: Table) -> None:
    found = after(table, declared({"id": "int!", "side": "string"}, ("side", "bucket(4, id)")))
    assert [str(field.transform) for field in found.spec().fields] == ["identity", "bucket[4]"]
    assert len(found.scan(row_filter="id > 1").to_arrow()) == 2


def test_a_column_that_comes_back_under_its_name_is_another(table: Table) -> None:
    dropped = after(table, declared({"id": "int!"}))
    assert dropped.scan().to_arrow().to_pylist() == [{"id": 1}, {"id": 2}, {"id": 3}]
    again = after(dropped, declared({"id": "int!", "side": "string"}))
    assert [row["side"] for row in again.scan().to_arrow().to_pylist()] == [None, None, None]


def test_what_is_made_anew_is_empty_and_what_was_there_is_read_by_its_tag(table: Table) -> None:
    found = after(table, declared({"id": "string!"}, generation=1))
    assert len(found.scan().to_arrow()) == 0
    before = found.snapshot_by_name("before-1")
    assert before is not None
    assert len(found.scan(snapshot_id=before.snapshot_id).to_arrow()) == 3


def test_what_does_not_fit_changes_nothing(table: Table) -> None:
    for columns in ({"id": "string!", "side": "string"}, {"id": "int!", "more": "int!"}):
        with pytest.raises(CannotEvolve, match="rosace up --rebuild"):
            after(table, declared(columns))
