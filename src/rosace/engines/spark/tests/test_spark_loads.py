"""What a load takes of files that grow: the process that reads them, with real files and DuckDB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.engines.spark.stage import stage
from rosace.kit.growth import ChangedError


class Load:
    """One load after another, each of which says what the table has of the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "prices.csv"
        self.mark = ""

    def take(self, *, committed: bool = True, shape: Any = None) -> tuple[list[int], bool]:
        """The rows to be committed, and whether they take the place of all that is there."""
        columns = {"n": "int!"}
        source = {
            "name": "prices",
            "path": str(self.path),
            "format": "csv",
            "nulls": "",
            "order": [],
            "columns": columns,
        }
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        told = {"source": source, "pattern": "", "ledger": str(self.folder / "kept" / "prices.json"), "shape": shape}
        told |= {"folder": str(out), "run": "a", "committed": self.mark if committed else ""}
        (out / "task.json").write_text(json.dumps(told), encoding="utf-8")
        stage(out / "task.json")
        part = json.loads((out / "part.json").read_text("utf-8"))
        self.mark = part["mark"] or self.mark
        rows = duckdb.sql(f"SELECT n FROM '{out}/rows.parquet' ORDER BY n").fetchall() if part["mark"] else []
        return [row[0] for row in rows], part["first"]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    found = Load(tmp_path)
    found.path.write_text("n\n1\n2\n", encoding="utf-8")
    return found


def test_what_was_committed_is_not_loaded_again(load: Load) -> None:
    assert load.take() == ([1, 2], True)
    load.path.write_text("n\n1\n2\n3\n", encoding="utf-8")
    assert load.take() == ([3], False)
    assert load.take() == ([], False)


def test_what_was_not_committed_is_loaded_again_as_it_is_now(load: Load) -> None:
    load.take()
    assert load.take(committed=False) == ([1, 2], True)
    load.path.write_text("n\n1\n2\n3\n", encoding="utf-8")
    assert load.take() == ([3], False)
    load.path.write_text("n\n1\n2\n4\n5\n", encoding="utf-8")
    assert load.take(committed=False) == ([4, 5], False)


def test_a_table_of_another_shape_is_loaded_anew(load: Load) -> None:
    load.take()
    assert load.take(shape="another") == ([1, 2], True)


def test_a_change_is_refused_and_says_how_to_go_on(load: Load) -> None:
    load.take()
    load.path.write_text("n\n1\n7\n8\n", encoding="utf-8")
    with pytest.raises(ChangedError, match=r"prices\.csv, rows? 1.*restart prices --fresh"):
        load.take()
