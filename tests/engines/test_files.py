"""Sources' files through real DuckDB: every format, every type, and messages that lead to the value at fault."""

from __future__ import annotations

import csv
import gzip
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.kit.files import SourceFileError, duckdb_type, header, open_source
from rosace.model.columns import ColumnType
from rosace.model.kinds import with_article


def description(path: Path, columns: dict[str, str], *, format: str = "csv", null: str = "") -> dict[str, Any]:
    return {"name": "mine", "path": str(path), "format": format, "nulls": null, "order": [], "columns": columns}


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def read(source: dict[str, Any], *, scratch: Path | None = None, row: str = "") -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        open_source(connection, source, "mine", scratch=scratch, row_column=row)
        return connection.execute("SELECT * FROM mine").fetchall()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("string", "é ‘quoted’, \n line", "é ‘quoted’, \n line"),
        ("int", "517.0", 517),
        ("int", "-5", -5),
        ("bigint", "9007199254740993", 9007199254740993),
        ("double", "10.357019999999999", 10.357019999999999),
        ("boolean", "true", True),
        ("decimal(10,2)", "12.30", Decimal("12.30")),
        ("decimal(38,10)", "12345678901234567890.123456789", Decimal("12345678901234567890.1234567890")),
        ("date", "2013-01-31", "2013-01-31"),
        ("timestamp(3)", "2013-01-01T10:00:00Z", "2013-01-01 10:00:00"),
        ("timestamp(3)", "2013-01-01T10:00:00.250+02:00", "2013-01-01 08:00:00.250000"),
        ("timestamp(6)", "2013-01-01 10:00:00.123456", "2013-01-01 10:00:00.123456"),
        ("timestamp(6)", "2013-01-01T10:00:00.123456000Z", "2013-01-01 10:00:00.123456"),
        ("string", "NA", None),
        ("int", "NA", None),
    ],
)
def test_csv_text_becomes_the_declared_type(tmp_path: Path, kind: str, text: str, expected: object) -> None:
    path = write(tmp_path / "naïve file, 1.csv", f'other,a\n1,"{text}"\n')
    ((value,),) = read(description(path, {"a": kind}, null="NA"))
    assert (str(value) if kind.startswith(("date", "time")) else value) == expected


@pytest.mark.parametrize("name", ["d*", "d?", "d[1]", "d**"])
@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_a_name_with_the_characters_of_a_pattern_reads_one_file(tmp_path: Path, name: str, format: str) -> None:
    for stem, number in ((name, 1), ("d1", 2), ("dx", 3)):
        path = tmp_path / f"{stem}.{format}"
        if format == "parquet":
            with duckdb.connect() as connection:
                connection.execute(f"COPY (SELECT {number} AS a) TO '{path}' (FORMAT parquet)")
        else:
            write(path, f"a\n{number}\n" if format == "csv" else f'{{"a": {number}}}\n')
    assert read(description(tmp_path / f"{name}.{format}", {"a": "int"}, format=format)) == [(1,)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", "x"),
        ("int", "517.4"),
        ("int", "3000000000"),
        ("bigint", "1.5"),
        ("bigint", ""),
        ("double", "1,5"),
        ("boolean", "maybe"),
        ("decimal(10,2)", "1.239"),
        ("decimal(4,2)", "123.4"),
        ("date", "01/31/2013"),
        ("date", "infinity"),
        ("timestamp(3)", "2013-01-01T10:00:00.123456"),
        ("timestamp(6)", "2013-01-01T10:00:00.1234567Z"),
        ("timestamp(6)", "infinity"),
        ("timestamp(3)", "2013-01-01T10:00:00 Europe/Paris"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(tmp_path: Path, kind: str, text: str) -> None:
    path = write(tmp_path / "refused.csv", f'a,b\n,1\nNA,2\n"{text}",3\n'.replace("\n,1", "\nNA,1"))
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
        open_source(connection, description(path, {"a": kind}, null="NA"), "mine")
        connection.execute("SELECT * FROM mine").fetchall()
    called = with_article(kind.partition("(")[0].replace("stamp", ""))
    assert f"refused.csv, row 3, column `a`: `{text}` is not {called}" in str(caught.value)


def test_a_required_column_without_value_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "gap.csv", "a\n1\nNA\n")
    with pytest.raises(duckdb.Error, match=r"gap.csv, row 2, column `a`: no value, but the column is `int!`"):
        read(description(path, {"a": "int!"}, null="NA"))


def test_a_missing_column_is_told_with_those_there_are(tmp_path: Path) -> None:
    path = write(tmp_path / "two.csv", "a;B\n1;2\n")
    with pytest.raises(SourceFileError, match=r"two.csv has no column `b`; it has a, B"):
        read(description(path, {"b": "int"}))


def test_names_that_differ_only_in_case_are_different_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "case.csv", "a;A\n1;2\n")
    assert read(description(path, {"A": "int"})) == [(2,)]


def test_a_ragged_row_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "ragged.csv", "a,b\n1,2\n3\n")
    with pytest.raises(duckdb.Error, match=r"Line: 3"):
        read(description(path, {"a": "int", "b": "int"}))


@pytest.mark.parametrize("packed", ["csv", "csv.gz", "csv.zip"])
def test_packed_files_read_the_same_and_rows_are_numbered_in_order(tmp_path: Path, packed: str) -> None:
    text = "n,v\n" + "".join(f"{n},{n * 7 % 1000}\n" for n in range(200_000))
    path = tmp_path / f"numbers.{packed}"
    if packed == "csv":
        write(path, text)
    elif packed == "csv.gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("numbers.csv", text)
            archive.writestr("__MACOSX/._numbers.csv", "junk")
    source = description(path, {"v": "int!", "n": "bigint!"})
    rows = read(source, scratch=tmp_path / "scratch", row="row")
    assert rows == [(n * 7 % 1000, n, n + 1) for n in range(200_000)]
    assert header(path, "csv") == ["n", "v"]
    assert read(source, scratch=tmp_path / "scratch", row="row") == rows


def test_a_zip_of_two_files_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
        archive.writestr("b.csv", "a\n1\n")
    with pytest.raises(SourceFileError, match=r"a zip must hold one file; this one holds 2"):
        read(description(tmp_path / "two.zip", {"a": "int"}))


def test_json_lines_may_leave_out_what_is_null(tmp_path: Path) -> None:
    path = write(
        tmp_path / "some.jsonl",
        '{"a": 1, "t": "2013-01-01T10:00:00.000", "d": 0.10}\n'
        '{"a": null, "s": "é\\n", "x": [1]}\n{"a": 3, "b": true}\n',
    )
    columns = {"a": "int", "s": "string", "b": "boolean", "t": "timestamp(3)", "d": "decimal(10,2)"}
    rows = read(description(path, columns, format="jsonl"))
    assert [row[:3] for row in rows] == [(1, None, None), (None, "é\n", None), (3, None, True)]
    assert (str(rows[0][3]), rows[0][4]) == ("2013-01-01 10:00:00", Decimal("0.10"))
    assert header(path, "jsonl") == ["a", "t", "d", "s", "x", "b"]


def test_parquet_is_cast_without_loss(tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.execute(
            "COPY (SELECT 5::DOUBLE AS i, 1.5::DOUBLE AS half, TIMESTAMPTZ '2013-01-01 10:00:00+02' AS t,"
            f" '7' AS s, NULL::INTEGER AS n) TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
        )
        source = description(path, {"t": "timestamp(3)", "i": "int!", "s": "bigint", "n": "int"}, format="parquet")
        open_source(connection, source, "mine", row_column="row")
        rows = connection.execute("SELECT t::VARCHAR, i, s, n, row FROM mine").fetchall()
        assert rows == [("2013-01-01 08:00:00", 5, 7, None, 1)]
        open_source(connection, description(path, {"half": "int"}, format="parquet"), "mine")
        with pytest.raises(duckdb.Error, match=r"it's.parquet, row 1, column `half`: `1.5` is not an int"):
            connection.execute("SELECT * FROM mine").fetchall()
    assert header(path, "parquet") == ["i", "half", "t", "s", "n"]


def test_a_view_has_exactly_the_declared_columns_and_types(tmp_path: Path) -> None:
    path = write(tmp_path / "typed.csv", "b,a,c\n1,2,3\n")
    columns = {"a": "decimal(12,3)!", "b": "timestamp(6)", "c": "string"}
    with duckdb.connect() as connection:
        open_source(connection, description(path, columns), "mine")
        found = connection.execute("DESCRIBE mine").fetchall()
    assert [(row[0], row[1]) for row in found] == [
        (name, duckdb_type(ColumnType.parse(text))) for name, text in columns.items()
    ]


def test_every_row_of_a_file_with_odd_text_agrees_with_pythons_reader(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    odd = ["plain", 'with "quotes"', "comma, here", "two\nlines", "é漢字", "", "NA", "tab\there"]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows([n, odd[n % len(odd)]] for n in range(5000))
    rows = read(description(path, {"id": "int!", "text": "string"}, null="NA"))
    assert rows == [(n, None if odd[n % len(odd)] == "NA" else odd[n % len(odd)]) for n in range(5000)]
