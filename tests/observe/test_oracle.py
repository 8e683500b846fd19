"""An oracle is one query over the sources' rows: however it ends, and whatever it would like to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from rosace.check.platform import check
from rosace.engines.oracles import SHUT
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
