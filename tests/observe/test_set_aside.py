"""Rows that do not fit are set aside, each with its place and why: the same ones by both readers, and none else."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.engines.kafka.staging import fingerprint, stage
from rosace.kit import files_aside
from rosace.kit.files import open_source, skips
from rosace.model.columns import ColumnType
from rosace.model.sources import Source
from rosace.observe.verify.batches import Loader
from rosace.observe.verify.files import read

SKIP = Source.model_validate({"file": "any", "to": "any", "on-bad-record": "skip"})

KINDS = (
    *("string", "smallint", "int", "bigint", "float", "double", "boolean", "date", "binary", "uuid"),
    *("timestamp(3)", "timestamp(6)", "timestamptz(6)", "time(3)", "decimal(10,2)", "decimal(38,0)"),
)
TEXTS = (
    *("1", "-5", "x", "1.5", "1e3", "40000", "99999999999", "99999999999999999999", "0.001", "nan", "true", "t", "2"),
    *("2024-01-01", "2024-13-01", "2024-02-30", "0000-01-01", "2024-01-01 00:00:00", "2024-01-01T10:00:00.1234567"),
    *("2024-01-01T10:00:00+02:00", "12:00:00", "25:00:00", "12:00", "AAAA", "AAA=", "A", "é", " 7 ", "1_000", "--1"),
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "",
)


def described(path: Path, form: str, columns: dict[str, str], **more: Any) -> dict[str, Any]:
    told = {"name": "shop", "path": str(path), "format": form, "nulls": "", "order": [], "columns": columns}
    return {**told, "bad": "skip", **more}


def written(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        if path.suffix == ".csv":
            csv.writer(out).writerows([["n", "v"], *enumerate(TEXTS)])
        else:
            out.writelines(json.dumps({"n": n, "v": text or None}) + "\n" for n, text in enumerate(TEXTS))
            out.write('{"n": 100,\n[1]\n{"n": 1, "n": 2}\n{"n": 101, "v": {"a": 1}}\n{"n": 102, "v": []}\n')
    return path


def proof(path: Path, form: str, columns: dict[str, ColumnType]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        loader = Loader(db, "rows", columns, skip=True)
        for values, where in read(path, form, columns, SKIP):
            loader.add(values, where)
        return db.execute("SELECT n, v IS NULL FROM rows ORDER BY ALL").fetchall()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("bang", ["", "!"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_readers_leave_out_the_same_rows(tmp_path: Path, kind: str, bang: str, form: str) -> None:
    path = written(tmp_path / f"shop.{form}")
    columns = {"n": "int!", "v": kind + bang}
    with duckdb.connect() as db:
        open_source(db, described(path, form, columns), "source", scratch=tmp_path / "s")
        kept = db.execute("SELECT n, v IS NULL FROM source ORDER BY ALL").fetchall()
        aside = db.execute('SELECT "row", reason FROM "source set aside"').fetchall()
    assert kept == proof(path, form, {name: ColumnType.parse(text) for name, text in columns.items()})
    rows = len(TEXTS) + (5 if form == "jsonl" else 0)
    assert len(kept) + len(aside) == rows
    assert all(reason.startswith(f"shop.{form}, row {row}") for row, reason in aside)
    if form == "csv" and kind not in ("string",):
        assert 0 < len(kept) < rows


NESTED = ("array<double>", "array<int!>", "map<string, int>", "row<a int!, b array<string>>", "array<row<a int>>")
NESTED += ("map<string, array<date>>", "row<a array<map<string, row<b boolean!>>>>")
VALUES = (
    *("[1, 2]", "[]", "[null]", '["x"]', "[1.5]", "[[1]]", '[{"a": 1}]', '[{"a": "z"}]', '[{"a": 1}, null, {"a": []}]'),
    *("{}", '{"a": 1}', '{"a": null}', '{"a": 1, "b": ["x"]}', '{"a": 1, "b": "x"}', '{"a": "1"}', '{"a": 1, "a": 2}'),
    *('{"k": ["2024-01-01"]}', '{"k": ["2024-13-01"]}', '{"x": {"a": 1}}', '{"a/b": 1, "c~d": 2}', '{"b": [1, "x"]}'),
    *('{"a": [{"k": {"b": true}}]}', '{"a": [{"k": {"b": null}}]}', '{"a": [{"k": null}, null]}', "5", "-0", "true"),
    *('"broken"', '"[1, 2]"', '"{\\"a\\": 1}"', '""', "null"),
)
"""JSON, as it stands in a line; a text that holds JSON is a text."""


@pytest.mark.parametrize("bang", ["", "!"])
@pytest.mark.parametrize("kind", NESTED)
def test_both_readers_leave_out_rows_with_a_wrong_part(tmp_path: Path, kind: str, bang: str) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_text("".join(f'{{"n": {n}, "v": {text}}}\n' for n, text in enumerate(VALUES)))
    columns = {"n": "int!", "v": kind + bang}
    with duckdb.connect() as db:
        open_source(db, described(path, "jsonl", columns), "source", scratch=tmp_path / "s")
        kept = db.execute("SELECT n, v IS NULL FROM source ORDER BY ALL").fetchall()
        aside = dict(db.execute('SELECT "row", reason FROM "source set aside"').fetchall())
    assert kept == proof(path, "jsonl", {name: ColumnType.parse(text) for name, text in columns.items()})
    assert {n for n, _ in kept} | {row - 1 for row in aside} == set(range(len(VALUES)))
    assert all(reason.startswith(f"shop.jsonl, row {row}") for row, reason in aside.items())
    assert 0 < len(kept) < len(VALUES)
    # Where none may be left out, one of them ends the source: of several wrong parts DuckDB may come to another first.
    strict = {name: value for name, value in described(path, "jsonl", columns).items() if name != "bad"}
    with duckdb.connect() as db, pytest.raises(duckdb.Error) as found:
        open_source(db, strict, "source", scratch=tmp_path / "s")
        db.execute("SELECT * FROM source").fetchall()
    assert any(f"shop.jsonl, row {row}, column `v`: " in str(found.value) for row in aside)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("array<int!>", "[1, 2]::INTEGER[]), ([1, NULL]), (NULL"),
        ("map<string, int!>", "map {'a': 1}), (map {'a': NULL}), (NULL"),
        ("row<a int!>", "{'a': 1}), ({'a': NULL}), (NULL"),
    ],
)
def test_parts_of_parquet_too(tmp_path: Path, kind: str, rows: str) -> None:
    path = tmp_path / "shop.parquet"
    columns = {"v": kind}
    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT * FROM (VALUES ({rows})) AS t(v)) TO '{path}'")
        open_source(db, described(path, "parquet", columns), "source", scratch=tmp_path / "s")
        assert len(db.execute("SELECT v FROM source").fetchall()) == 2
        ((row, reason),) = db.execute('SELECT "row", reason FROM "source set aside"').fetchall()
        kept = db.execute("SELECT 1, v IS NULL FROM source ORDER BY ALL").fetchall()
    assert (row, reason.startswith("shop.parquet, row 2, column `v`: no value")) == (2, True)
    with duckdb.connect() as db:
        loader = Loader(db, "rows", {"v": ColumnType.parse(kind)}, skip=True)
        for values, where in read(path, "parquet", {"v": ColumnType.parse(kind)}, SKIP):
            loader.add(values, where)
        assert db.execute("SELECT 1, v IS NULL FROM rows ORDER BY ALL").fetchall() == kept


def test_what_is_staged_is_what_fits_and_the_rest_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "shop.csv")
    source = described(path, "csv", {"n": "int!", "v": "date!"}, order=["n"])
    staged = stage(source, ["n"], fingerprint(source, ["n"]), tmp_path / "staged")
    lines = list(files_aside.said(staged.aside))
    assert staged.total + files_aside.count(staged.aside) == len(TEXTS)
    assert "set aside: shop.csv, row 3, column `v`: `x` is not a date" in lines
    assert "set aside: shop.csv, row 32, column `v`: no value, but the column is `date!`: never null" in lines
    # Another word is another input: what is staged for it is not taken over.
    strict = {name: value for name, value in source.items() if name != "bad"}
    assert not skips(strict)
    assert fingerprint(strict, ["n"]) != fingerprint(source, ["n"])
    with pytest.raises(duckdb.Error, match="column `v`: "):
        stage(strict, ["n"], fingerprint(strict, ["n"]), tmp_path / "staged")


def test_several_files_keep_their_names(tmp_path: Path) -> None:
    paths = [written(tmp_path / f"{name}.csv") for name in "ab"]
    told = described(paths[0], "csv", {"n": "int!", "v": "boolean"}, paths=[str(path) for path in paths])
    with duckdb.connect() as db:
        open_source(db, told, "source", scratch=tmp_path / "s")
        reasons = [reason for (reason,) in db.execute('SELECT reason FROM "source set aside"').fetchall()]
    assert {reason.partition(",")[0] for reason in reasons} == {"a.csv", "b.csv"}


def ends(folder: Path, source: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    folder.mkdir()
    task = folder / "task.json"
    order = {"pattern": None, "shape": [], "ledger": str(folder / "ledger.json"), "committed": "", "run": "1"}
    task.write_text(json.dumps({"source": {"name": "shop", **source}, "folder": str(folder), **order}))
    argv = [sys.executable, "-m", "rosace.engines.spark.stage", str(task)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    yield done.returncode, done.stdout, done.stderr


def test_a_file_for_a_table_is_staged_without_them_or_refused_for_good(tmp_path: Path) -> None:
    source = described(written(tmp_path / "shop.csv"), "csv", {"n": "int!", "v": "date"})
    ((code, out, _),) = ends(tmp_path / "skip", source)
    assert code == 0
    assert "set aside: shop.csv, row 3, column `v`: `x` is not a date" in out
    with duckdb.connect() as db:
        count = db.execute(f"SELECT count(*) FROM '{tmp_path}/skip/rows.parquet'").fetchone()
    assert count == (len(TEXTS) - len(out.splitlines()),)
    ((code, _, said),) = ends(tmp_path / "stop", {name: one for name, one in source.items() if name != "bad"})
    assert code == 3
    assert said.strip() == "shop.csv, row 1, column `v`: `1` is not a date"
    ((code, _, said),) = ends(tmp_path / "gone", {**source, "path": str(tmp_path / "gone.csv")})
    assert code == 3
    assert "there is no file" in said
