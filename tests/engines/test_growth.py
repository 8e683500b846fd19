"""What is new in a source's files is taken once, and what was changed is refused with its place: real files."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rosace.kit import growth
from rosace.kit.files import SourceFileError, open_source
from rosace.kit.growth import ChangedError, Ledger


def described(paths: list[Path], **more: Any) -> dict[str, Any]:
    several = {"paths": [str(path) for path in paths]} if len(paths) > 1 else {}
    plain = {"name": "mine", "path": str(paths[0]), "format": "csv", "nulls": "", "order": []}
    return plain | several | {"columns": {"n": "int", "t": "string"}} | more


class Reader:
    """Takes all that is new at each look, and keeps its ledger in a file as those do that send and load."""

    def __init__(self, folder: Path, *, whole_lines: bool = False, **more: Any) -> None:
        self.kept, self.scratch, self.more = folder / "kept" / "ledger.json", folder / "scratch", more
        self.whole_lines = whole_lines

    def take(self, *paths: Path) -> list[tuple[int, str]]:
        told = described(list(paths), **self.more)
        shape = growth.shape_of(told)
        known = growth.read(self.kept) or Ledger(shape)
        found = growth.look(told, list(paths), known, whole_lines=self.whole_lines, salt="")
        if found.next is None:
            return []
        growth.keep(self.kept, found)
        with duckdb.connect() as connection:
            part = growth.cut(told, list(paths), found, self.scratch)
            open_source(connection, part, "rows", row_column="place")
            rows = connection.execute("SELECT n, t FROM rows ORDER BY place").fetchall()
        growth.keep(self.kept, found.settled())
        return rows


def test_what_is_appended_is_taken_once(tmp_path: Path) -> None:
    path, reader = tmp_path / "rows.csv", Reader(tmp_path)
    path.write_text("n,t\n1,a\n2,b\n", encoding="utf-8")
    assert reader.take(path) == [(1, "a"), (2, "b")]
    assert reader.take(path) == []
    with path.open("a", encoding="utf-8") as out:
        out.write('3,"é\nà"\n4,d\n')
    assert reader.take(path) == [(3, "é\nà"), (4, "d")]
    path.write_bytes(path.read_bytes())
    assert reader.take(path) == []


def test_a_file_that_is_missing_is_no_failure_that_passes(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match=r"source `mine`: there is no file .*gone\.csv"):
        Reader(tmp_path).take(tmp_path / "gone.csv")


def test_a_file_that_comes_is_new_whatever_its_name(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    first, second, third = (tmp_path / name for name in ("b.csv", "a.csv", "c.csv"))
    first.write_text("n,t\n1,a\n", encoding="utf-8")
    assert reader.take(first) == [(1, "a")]
    second.write_text("n,t\n2,b\n", encoding="utf-8")
    third.write_text("n,t\n3,c\n", encoding="utf-8")
    with first.open("a", encoding="utf-8") as out:
        out.write("4,d\n")
    assert reader.take(second, first, third) == [(4, "d"), (2, "b"), (3, "c")]
    with pytest.raises(ChangedError, match=r"b\.csv: the file is gone"):
        reader.take(second, third)


def test_a_line_that_is_being_written_is_left_for_later(tmp_path: Path) -> None:
    path, reader = tmp_path / "rows.csv", Reader(tmp_path, whole_lines=True)
    path.write_text("n,t\n1,a\n2,b", encoding="utf-8")
    assert reader.take(path) == [(1, "a")]
    assert reader.take(path) == []
    with path.open("a", encoding="utf-8") as out:
        out.write("c\n")
    assert reader.take(path) == [(2, "bc")]


def test_a_line_that_was_taken_may_get_its_end_but_no_more(tmp_path: Path) -> None:
    path, reader = tmp_path / "rows.csv", Reader(tmp_path)
    path.write_text("n,t\n1,a\n2,b", encoding="utf-8")
    assert reader.take(path) == [(1, "a"), (2, "b")]
    path.write_text("n,t\n1,a\n2,b\n3,c", encoding="utf-8")
    assert reader.take(path) == [(3, "c")]
    path.write_text("n,t\n1,a\n2,b\n3,cd\n", encoding="utf-8")
    with pytest.raises(ChangedError, match=r"rows\.csv, row 3: the last line that was taken goes on"):
        reader.take(path)


@pytest.mark.parametrize("at", [0, 7, 4_999])
def test_a_row_that_was_changed_is_named(tmp_path: Path, at: int) -> None:
    path, reader = tmp_path / "rows.csv", Reader(tmp_path)
    lines = [f"{n},text of {n}\n" for n in range(5_000)]
    path.write_text("n,t\n" + "".join(lines[:2_500]), encoding="utf-8")
    assert len(reader.take(path)) == 2_500
    path.write_text("n,t\n" + "".join(lines), encoding="utf-8")
    assert len(reader.take(path)) == 2_500
    lines[at] = lines[at].replace("text", "TEXT")
    path.write_text("n,t\n" + "".join(lines) + "5000,more\n", encoding="utf-8")
    with pytest.raises(ChangedError, match=r"rows\.csv, rows? [\d]+.*\(bytes [\d,]+ to [\d,]+\)") as refused:
        reader.take(path)
    first, _, last = str(refused.value).split(" (")[0].partition(", row")[2].lstrip("s ").partition(" to ")
    assert int(first) <= at + 1 <= int(last or first)
    assert int(last or first) - int(first) < 10


def test_a_shorter_file_is_refused(tmp_path: Path) -> None:
    path, reader = tmp_path / "rows.csv", Reader(tmp_path)
    path.write_text("n,t\n1,a\n2,b\n", encoding="utf-8")
    reader.take(path)
    path.write_text("n,t\n1,a\n", encoding="utf-8")
    with pytest.raises(ChangedError, match=r"rows\.csv: it has 8 bytes, and 12 were taken before"):
        reader.take(path)


def test_what_is_packed_does_not_go_on(tmp_path: Path) -> None:
    path, reader = tmp_path / "rows.csv.gz", Reader(tmp_path)
    path.write_bytes(gzip.compress(b"n,t\n1,a\n"))
    assert reader.take(path) == [(1, "a")]
    path.write_bytes(path.read_bytes() + gzip.compress(b"2,b\n"))
    with pytest.raises(ChangedError, match="no plain text"):
        reader.take(path)


def test_a_bad_value_behind_is_told_with_its_row(tmp_path: Path) -> None:
    path, reader = tmp_path / "rows.csv", Reader(tmp_path)
    path.write_text("n,t\n1,a\n2,b\n", encoding="utf-8")
    reader.take(path)
    with path.open("a", encoding="utf-8") as out:
        out.write("3,c\nx,d\n")
    with pytest.raises(duckdb.Error, match=r"rows\.csv, row 4, column `n`"):
        reader.take(path)
    # None of these rows was taken: they may be mended.
    path.write_text("n,t\n1,a\n2,b\n3,c\n4,d\n", encoding="utf-8")
    assert reader.take(path) == [(3, "c"), (4, "d")]


@pytest.mark.parametrize(
    ("more", "first", "then", "text"),
    [
        ({"header": False, "names": {"n": "1", "t": "2"}}, "1;a\n", "2;b,c,d\n", "b,c,d"),
        ({"encoding": "cp1252"}, "n;t\n1;é\n", "2;à\n", "à"),
        ({"format": "jsonl"}, '{"n":1,"t":"a"}\n', '\n{"n":2,"t":"b"}\n', "b"),
    ],
)
def test_the_rest_is_read_as_the_beginning(
    tmp_path: Path, more: dict[str, Any], first: str, then: str, text: str
) -> None:
    """The separator is the one of the first line, not the one that cuts the first line behind into most fields."""
    encoding = more.get("encoding", "utf-8")
    path, reader = tmp_path / "rows", Reader(tmp_path, **more)
    path.write_text(first, encoding=encoding)
    assert len(reader.take(path)) == 1
    with path.open("a", encoding=encoding) as out:
        out.write(then)
    assert reader.take(path) == [(2, text)]
