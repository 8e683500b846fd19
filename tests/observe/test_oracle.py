"""An oracle is one query over the sources' rows: however it ends, and whatever it would like to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from rosace.check.platform import check
from rosace.kit.oracle_reach import EXTENSIONS, OWN
from rosace.kit.oracles import SHUT
from rosace.model.checked import Checked, Ref
from rosace.observe.verify.flows import Basis
from rosace.observe.verify.proof import _expected
from rosace.observe.verify.read import Reader
from rosace.source.diagnostic import Refused
from rosace.source.load import load

PLATFORM = """\
platform: shop
topics: {t: {columns: {id: int!}}}
sources: {s: {file: s.csv, to: t}}
"""

Rows = Callable[[str], list[tuple[int]]]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Rows]:
    """The rows that an oracle expects, from a DuckDB as a proof has it."""
    (tmp_path / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    (tmp_path / "s.csv").write_text("id\n1\n2\n", encoding="utf-8")
    checked: Checked = check(load(tmp_path / "platform.yaml"), tmp_path)
    with duckdb.connect() as db:
        db.execute(SHUT)
        reader = Reader(db, checked, {}, {}, lambda _: None)

        def rows(text: str) -> list[tuple[int]]:
            table = _expected(db, reader, checked, Ref("topic", "t"), Basis("oracle", ("o.sql",), ("id",), text))
            return db.execute(f"FROM {table} ORDER BY id").fetchall()

        yield rows


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM s", "SELECT id FROM s -- all", "SELECT id FROM s; -- all", "SELECT id FROM s /* ; */ ; \n;\n",
        "-- all\nSELECT id FROM s\n-- of them", "WITH a AS (FROM s) SELECT id FROM a --", "FROM s;", "TABLE s",
        "SELECT id FROM s WHERE ';--' <> '' -- é;",
    ],
)  # fmt: skip
def test_a_query_however_it_ends(ask: Rows, text: str) -> None:
    assert ask(text) == [(1,), (2,)]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 AS id FROM read_csv('/etc/passwd')", "SELECT 1 AS id FROM '/etc/passwd'",
        "SELECT 1 AS id FROM read_text('/proc/self/environ')", "SELECT 1 AS id FROM glob('/etc/*')",
        "SELECT 1 AS id FROM read_csv('https://127.0.0.1:1/a.csv')", "SELECT 1 AS id FROM checked",
        "COPY s TO 'x.csv'", "ATTACH 'x.db'", "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access = true",
        "SELECT id FROM s; SELECT id FROM s", "SELECT id FROM s) x; ATTACH 'y'; SELECT id FROM (SELECT id FROM s",
        "DELETE FROM s", "PRAGMA version", "", "-- nothing", "SELECT error('x') AS id FROM s",
    ],
)  # fmt: skip
def test_nothing_else_is_reached(ask: Rows, tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(text)
    assert [one.code for one in refused.value.diagnostics] == ["oracle-failed"]
    assert "o.sql" in refused.value.diagnostics[0].message
    assert {path.name for path in tmp_path.iterdir()} == {"platform.yaml", "s.csv"}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("SELECT id\nFROM read_csv('/etc/passwd')", "oracle-reaches-out", (2, 6)),
        ("SELECT id\nFROM '/etc/passwd'", "unknown-name", (2, 6)),
        ('SELECT id\nFROM "/etc/passwd"', "unknown-name", (2, 6)),
        ("SELECT id\nFROM 'https://127.0.0.1:1/a.csv'", "unknown-name", (2, 6)),
        ("SELECT id\nFROM s, read_text('/proc/self/environ')", "oracle-reaches-out", (2, 9)),
        ("SELECT id FROM s\nWHERE id IN (SELECT id FROM read_json_auto('x'))", "oracle-reaches-out", (2, 29)),
        ("WITH a AS (\n  FROM READ_PARQUET('x')) SELECT id FROM a", "oracle-reaches-out", (2, 8)),
        ("SELECT (SELECT COUNT(*)\n  FROM glob('/etc/*')) AS id", "oracle-reaches-out", (2, 8)),
        ("SELECT id\nFROM sniff_csv('x')", "oracle-reaches-out", (2, 6)),
        ("SELECT id\nFROM sqlite_scan('a', 'b')", "oracle-reaches-out", (2, 6)),
        ("COPY s TO 'x.csv'", "sql-syntax", (1, 1)),
        ("ATTACH 'x.db'", "sql-syntax", (1, 1)),
        ("INSTALL httpfs", "sql-syntax", (1, 1)),
        ("LOAD httpfs", "sql-statement", (1, 1)),
        ("SET enable_external_access = true", "sql-statement", (1, 1)),
        ("SELECT id FROM s;\nATTACH 'x.db'", "sql-statement", (2, 1)),
    ],
)
def test_what_is_not_reached_is_told_by_check_at_its_place(
    tmp_path: Path, ask: Rows, text: str, code: str, said: tuple[int, int]
) -> None:
    (tmp_path / "platform.yaml").write_text(f"{PLATFORM}verify: {{t: o.sql}}\n", encoding="utf-8")
    (tmp_path / "o.sql").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        check(load(tmp_path / "platform.yaml"), tmp_path)
    (told,) = refused.value.diagnostics
    assert told.span is not None
    assert (told.code, Path(told.span.file).name, told.span.line, told.span.column) == (code, "o.sql", *said)
    with pytest.raises(Refused):
        ask(text)


def test_the_functions_that_reach_out_are_those_that_duckdb_refuses() -> None:
    """Of its own each is asked for a file; those of extensions it would have to fetch."""
    with duckdb.connect() as db:
        listed = db.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE regexp_matches(function_name, '^[a-z_0-9]+$')"
        ).fetchall()
        db.execute(SHUT)
        assert {name.upper() for (name,) in listed if _reaches(db, name)} == OWN
        for name in EXTENSIONS:
            with pytest.raises(duckdb.Error, match=r"install|it exists in the \w+ extension"):
                db.execute(f"SELECT * FROM {name}('/etc/passwd', 'x')")


def _reaches(db: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a function asks for what is shut off, however it is called."""
    for arguments in ("'/etc/passwd'", "'/etc/passwd', 'x'", "'/etc/passwd', 'x', 'y'"):
        for call in (f"SELECT * FROM {name}({arguments})", f"SELECT {name}({arguments})"):
            try:
                db.execute(call).fetchall()
            except duckdb.Error as error:
                if "disabled by configuration" in str(error):
                    return True
    return False
