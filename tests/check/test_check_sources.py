"""Files of sources: what check sees of them before anything starts."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from check_outcome import Examine

from rosace.source.diagnostic import Severity

SOURCE = "platform: demo\ntopics: {t: {columns: {id: int!, name: string}}}\nsources: {s: {file: FILE, to: t}}\n"


def test_all_columns_that_are_spelled_otherwise_are_named(examined: Examine) -> None:
    found = examined(SOURCE.replace("FILE", "a.csv"), {"a.csv": "ID,Name\n1,x\n"}).one("source-columns")
    assert found.hints == ("the file has `ID`, `Name`",)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("https://example.com/a.csv", "not an address"),
        ("s3://bucket/a.csv", "not an address"),
        ("none.csv", "paths are relative"),
    ],
)
def test_what_is_no_file_of_this_machine_is_told_so(examined: Examine, file: str, said: str) -> None:
    (hint,) = examined(SOURCE.replace("FILE", file), {}).one("file-missing").hints
    assert said in hint


TYPED = "platform: demo\ntopics: {t: {columns: {a: KIND}}}\nsources: {s: {file: a.parquet, to: t}}\n"


@pytest.mark.parametrize(
    ("kind", "held", "severity"),
    [
        ("bigint", "'7' AS a", Severity.WARNING),
        ("timestamp!", "'2020-01-01' AS a", Severity.WARNING),
        ("string", "'7' AS a", None),
        ("bigint", "7::INTEGER AS a", None),
        ("int", "7::DOUBLE AS a", None),
        ("bigint", "true AS a", Severity.ERROR),
        ("date", "7 AS a", Severity.ERROR),
        ("string", "[1] AS a", Severity.ERROR),
        ("boolean", "1 AS a", Severity.ERROR),
    ],
)
def test_the_types_of_a_parquet_file_are_compared_with_those_declared(
    examined: Examine, tmp_path: Path, kind: str, held: str, severity: Severity | None
) -> None:
    """As the replay takes them (`kit.files`): what can never be a value is refused there, text is read one by one."""
    duckdb.sql(f"COPY (SELECT {held}) TO '{tmp_path / 'a.parquet'}'")
    told = [one for one in examined(TYPED.replace("KIND", kind)).diagnostics if one.code == "source-columns"]
    assert [one.severity for one in told] == ([severity] if severity else [])
    assert all("column `a` of `a.parquet` holds" in one.message for one in told)


@pytest.mark.parametrize("said", ["t.xlsx", "t.xlsx, format: csv"])
def test_a_spreadsheet_is_not_taken_for_a_csv_file_of_another_name(
    examined: Examine, tmp_path: Path, said: str
) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04\x14\0\xff\xfe")
    (found,) = examined(SOURCE.replace("FILE", said)).diagnostics
    assert "save its table as CSV" in found.hints[0]


def test_a_backslash_in_double_quotes_is_shown(examined: Examine) -> None:
    found = examined('platform: p\nqueries: {q: {sql: "oracle\\revenue.sql"}}\n').one("file-missing")
    assert found.message == "there is no file `oracle\u240devenue.sql`"
    assert "write `/` between folders" in found.hints[0]


def test_a_file_that_cannot_be_read_is_named_once(examined: Examine) -> None:
    found = examined(SOURCE.replace("FILE", "a.csv"), {"a.csv": "id,name,name\n"}).one("file-unreadable")
    assert found.message == "`a.csv` cannot be read: its first line names `name` more than once"
    found = examined(SOURCE.replace("FILE", "a.jsonl"), {"a.jsonl": '{"id": 1},\n'}).one("file-unreadable")
    assert found.message.startswith("`a.jsonl` cannot be read: line 1: not JSON")


def test_a_file_in_another_encoding_is_told_what_to_say(examined: Examine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,name\n1,é\n".encode("latin-1"))
    found = examined(SOURCE.replace("FILE", "a.csv"), {}).one("file-unreadable")
    assert found.message.endswith("(byte 0xe9): say how it is encoded, such as `encoding: windows-1252`")
    said = SOURCE.replace("FILE", "a.csv").replace("to:", "encoding: latin-1, to:")
    assert examined(said, {}).diagnostics == []


MANY = "platform: demo\ntopics: {t: {columns: {id: int!, name: string}}}\nsources: {s: {file: FILE, to: t}}\n"
GOOD = "id,name\n1,a\n"


@pytest.mark.parametrize("file", ["data", "data/", "'data/*.csv'", "'dat?/[ab].csv'", "./data"])
def test_a_folder_or_a_pattern_means_all_its_files(examined: Examine, file: str) -> None:
    files = {"data/b.csv": GOOD, "data/a.csv": "name;id\nx;2\n"}
    assert examined(MANY.replace("FILE", file), files).diagnostics == []


def test_a_file_of_several_that_lacks_a_column_is_named(examined: Examine) -> None:
    files = {"data/a.csv": GOOD, "data/b.csv": "id,nam\n", "data/c.csv": "id\n"}
    found = examined(MANY.replace("FILE", "data"), files).one("source-columns")
    assert found.message == "`data/b.csv` has no column `name`, which `t` declares"


def test_several_files_are_of_one_kind(examined: Examine) -> None:
    files = {"data/a.csv": GOOD, "data/b.jsonl": '{"id": 1, "name": "a"}\n'}
    assert examined(MANY.replace("FILE", "data"), files).errors == {"unknown-format"}
    assert examined(MANY.replace("FILE", "'data/*.jsonl'"), files).diagnostics == []


@pytest.mark.parametrize("file", ["'data/*.csv'", "'none/*'", "empty", "'data/**/x.csv'"])
def test_nothing_is_there(examined: Examine, tmp_path: Path, file: str) -> None:
    (tmp_path / "empty").mkdir()
    found = examined(MANY.replace("FILE", file).replace("to: t", "to: t, format: csv"), {"data/deep/er/x.csv": GOOD})
    assert found.errors == {"source-files"}


def test_a_name_with_a_star_is_that_file_where_it_is_there(examined: Examine) -> None:
    files = {"data/*.csv": GOOD, "data/a.csv": "nothing of it\n"}
    assert examined(MANY.replace("FILE", "'data/*.csv'"), files).diagnostics == []


def test_what_lies_outside_is_not_reached_by_a_pattern(examined: Examine, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").symlink_to("/etc/passwd")
    assert examined(MANY.replace("FILE", "data"), {}).errors == {"file-outside"}
    bare = MANY.replace("to: t", "to: t, format: csv")
    assert examined(bare.replace("FILE", "'/etc/pass*'"), {}).errors == {"file-outside"}
    assert examined(bare.replace("FILE", "'../../*'"), {}).errors <= {"file-outside", "source-files"}


def test_too_many_files(examined: Examine, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for number in range(1001):
        (tmp_path / "data" / f"{number}.csv").touch()
    assert "more than 1,000 files" in examined(MANY.replace("FILE", "data"), {}).one("source-files").message


def test_a_folder_of_several_kinds_names_two_and_no_format_that_would_read_them_all(examined: Examine) -> None:
    files = {"data/README.md": "hello", "data/a.csv": "id,name\n1,x\n"}
    found = examined(SOURCE.replace("FILE", "data"), files).one("unknown-format")
    assert found.message == "the files of `data` are not all of one kind: `data/README.md` is not what `data/a.csv` is"
    assert found.hints == ("name those that are meant by a pattern, such as `data/*.csv`",)


def test_an_empty_folder_means_no_file(examined: Examine) -> None:
    found = examined(SOURCE.replace("FILE", "data"), {"data/.keep": ""}).one("source-files")
    assert found.message == "`data` means no file: the folder is empty"


def test_what_is_no_parquet_file_is_said_without_the_query_that_asked(examined: Examine) -> None:
    found = examined(SOURCE.replace("FILE", "a.parquet"), {"a.parquet": "id,name\n"}).one("file-unreadable")
    assert "too small to be a Parquet file" in found.message
    assert "DESCRIBE" not in found.message and "\n" not in found.message
