"""Values that do not fit are found in the file before anything starts: at its beginning and end, anywhere if asked."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from rosace.check.data import SAMPLED, misfits
from rosace.check.platform import examine
from rosace.kit.files_sample import TAIL, misfit
from rosace.source.diagnostic import Severity
from rosace.source.load import load

COLUMNS = {"id": "bigint!", "day": "date!"}
MANY = 120_000
"""Rows of more bytes than are looked at whole, and than the end that is looked at."""


def source(path: Path, form: str = "csv", **more: Any) -> dict[str, Any]:
    told = {"name": "shop", "path": str(path), "format": form, "nulls": "", "order": [], "columns": COLUMNS}
    return {**told, **more}


def lines(bad: int, form: str = "csv", many: int = MANY, filler: str = "") -> list[str]:
    days = ["2024-13-01" if number == bad else "2024-01-01" for number in range(1, many + 1)]
    if form == "jsonl":
        return [json.dumps({"id": n, "day": day}) for n, day in enumerate(days, 1)]
    return [f"id,day{',x' if filler else ''}", *(f"{n},{day}{filler}" for n, day in enumerate(days, 1))]


def written(path: Path, rows: list[str]) -> Path:
    data = ("\n".join(rows) + "\n").encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("row", [1, 1000, MANY - 999, MANY])
def test_a_value_at_either_end_is_named_with_file_row_column_and_value(tmp_path: Path, form: str, row: int) -> None:
    path = written(tmp_path / f"orders.{form}", lines(row, form))
    assert path.stat().st_size > TAIL
    found = misfit(source(path, form))
    assert found is not None
    assert found.text == f"orders.{form}, row {row}, column `day`: `2024-13-01` is not a date"


def test_what_is_in_the_middle_is_found_when_all_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.csv", lines(MANY // 2))
    assert misfit(source(path)) is None
    found = misfit(source(path), whole=True)
    assert found is not None
    assert f"row {MANY // 2}," in found.text


def test_rows_behind_fields_of_several_lines_are_found_without_a_number_that_nobody_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.csv", lines(MANY, filler=',"one\ntwo"'))
    found = misfit(source(path))
    assert found is not None
    assert "orders.csv (its last 1,000 rows), row " in found.text
    assert "`2024-13-01` is not a date" in found.text


def test_a_packed_file_is_looked_into_from_its_beginning(tmp_path: Path) -> None:
    found = misfit(source(written(tmp_path / "orders.csv.gz", lines(1000))))
    assert found is not None
    assert "row 1000, column `day`" in found.text


def test_a_small_file_is_looked_at_whole(tmp_path: Path) -> None:
    found = misfit(source(written(tmp_path / "orders.csv", lines(2500, many=5000))))
    assert found is not None
    assert "row 2500," in found.text


def test_each_of_several_files_is_looked_into(tmp_path: Path) -> None:
    paths = [written(tmp_path / f"{n}.csv", lines(7 if n == 3 else 0, many=10)) for n in range(5)]
    found = misfit(source(paths[0], paths=[str(path) for path in paths]))
    assert found is not None
    assert found.text.startswith("3.csv, row 7,")


def test_other_letters_are_read_as_said(tmp_path: Path) -> None:
    rows = lines(MANY, filler=",\u00e9")
    path = tmp_path / "orders.csv"
    path.write_bytes(("\n".join(rows) + "\n").encode("windows-1252"))
    found = misfit(source(path, encoding="cp1252"))
    assert found is not None
    assert f"row {MANY}," in found.text


def platform(folder: Path, files: list[str]) -> list[tuple[str, Severity]]:
    sources = "\n".join(f"  s{n}: {{file: {name}, to: t}}" for n, name in enumerate(files))
    text = f"platform: shop\ntopics:\n  t: {{columns: {{id: int!}}, key: id}}\nsources:\n{sources}\n"
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    tree = load(folder / "platform.yaml")
    checked, _ = examine(tree, folder)
    assert checked is not None
    return [(one.code, one.severity) for one in misfits(checked, tree)]


def test_sources_on_one_file_are_all_refused_for_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("id\nx\n", encoding="utf-8")
    assert platform(tmp_path, ["d.csv"] * (SAMPLED + 20)) == [("source-value", Severity.ERROR)] * (SAMPLED + 20)


def test_more_files_than_are_sampled_are_told(tmp_path: Path) -> None:
    names = [f"d{n}.csv" for n in range(SAMPLED + 2)]
    for name in names:
        (tmp_path / name).write_text("id\n1\n", encoding="utf-8")
    assert platform(tmp_path, names[:SAMPLED]) == []
    assert platform(tmp_path, names) == [("sources-unsampled", Severity.NOTE)]
