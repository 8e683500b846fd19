"""Staging with real DuckDB: the order of records, their exact text, and what a change of the file means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.engines.kafka.staging import CHUNK, Staged, fingerprint, stage


def source(path: Path, columns: dict[str, str], order: list[str] | None = None) -> dict[str, Any]:
    return {
        "name": "mine",
        "path": str(path),
        "format": "csv",
        "nulls": "NA",
        "order": order or [],
        "columns": columns,
    }


def staged(told: dict[str, Any], key: list[str], folder: Path) -> Staged:
    return stage(told, key, fingerprint(told, key), folder)


def test_records_are_exact_json(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text(
        "s,i,b,d,t,f,m,u,n\n"
        '"é ""q"" \\ \t",1,9007199254740993,0.1,true,2013-01-31,12.30,2013-01-01T10:00:00.000001Z,2013-01-01 10:00\n'
        "NA,NA,NA,1e300,false,NA,NA,NA,2013-01-01T10:00:00.25\n",
        encoding="utf-8",
    )
    columns = {"s": "string", "i": "int", "b": "bigint", "d": "double", "t": "boolean", "f": "date"}
    columns |= {"m": "decimal(10,2)", "u": "timestamp(6)", "n": "timestamp(3)!"}
    records = staged(source(path, columns), ["i", "s"], tmp_path / "stage").read(0)
    assert records == [
        (
            '{"i":1,"s":"é \\"q\\" \\\\ \\t"}',
            '{"s":"é \\"q\\" \\\\ \\t","i":1,"b":9007199254740993,"d":0.1,"t":true,"f":"2013-01-31","m":12.30,'
            '"u":"2013-01-01T10:00:00.000001","n":"2013-01-01T10:00:00.000"}',
        ),
        (
            '{"i":null,"s":null}',
            '{"s":null,"i":null,"b":null,"d":1e+300,"t":false,"f":null,"m":null,"u":null,"n":"2013-01-01T10:00:00.250"}',
        ),
    ]
    assert [json.loads(value)["d"] for _, value in records] == [0.1, 1e300]


def test_order_is_by_columns_then_by_place_in_the_file(tmp_path: Path) -> None:
    rows = [(n, "NA" if n % 10 == 0 else n % 7) for n in range(3 * CHUNK + 5)]
    path = tmp_path / "rows.csv"
    path.write_text("n,k\n" + "".join(f"{n},{k}\n" for n, k in rows), encoding="utf-8")
    found = staged(source(path, {"n": "int!", "k": "int"}, ["k"]), [], tmp_path / "stage")
    assert found.total == len(rows)
    numbers: list[int] = []
    while len(numbers) < found.total:
        numbers += [json.loads(value)["n"] for _, value in found.read(len(numbers))]
    assert numbers == [n for n, _ in sorted(rows, key=lambda row: 9 if row[1] == "NA" else int(row[1]))]
    middle = found.read(CHUNK + 100)
    assert [json.loads(value)["n"] for _, value in middle] == numbers[CHUNK + 100 : 2 * CHUNK]
    assert middle[0][0] is None


def test_staging_is_done_again_only_for_another_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("n\n1\n", encoding="utf-8")
    told = source(path, {"n": "int"})
    first = staged(told, [], tmp_path / "stage")
    born = first.path.stat().st_mtime_ns
    assert staged(told, [], tmp_path / "stage").path.stat().st_mtime_ns == born
    path.write_text("n\n1\n2\n", encoding="utf-8")
    second = staged(told, [], tmp_path / "stage")
    assert (second.total, first.path.exists()) == (2, False)


def test_a_fingerprint_covers_all_that_decides_a_record(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("n,m\n1,2\n", encoding="utf-8")
    told = source(path, {"n": "int", "m": "int"})
    variants = [told, told | {"nulls": "-"}, told | {"order": ["n"]}, told | {"columns": {"n": "int"}}]
    marks = [fingerprint(one, key) for one in variants for key in ([], ["n"])]
    assert len(set(marks)) == len(marks)
    assert fingerprint(told | {"name": "other"}, []) == fingerprint(told, [])


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("n\n", encoding="utf-8")
    assert staged(source(path, {"n": "int"}), [], tmp_path / "stage").total == 0


def test_a_number_that_json_lacks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("n\n1\nnan\n", encoding="utf-8")
    with pytest.raises(duckdb.Error, match="row 2, column `n`: JSON has no number for `nan`"):
        staged(source(path, {"n": "double"}), [], tmp_path / "stage")


def test_rows_too_wide_for_little_memory_get_more(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("n,text\n")
        for n in range(30_000):
            stream.write(f"{-n},{str(n) * 1000}\n")
    found = staged(source(path, {"n": "int", "text": "string"}, ["n"]), ["n"], tmp_path / "stage")
    assert found.total == 30_000
    assert found.read(0)[0][0] == '{"n":-29999}'
