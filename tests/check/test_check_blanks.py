"""White space that looks like a blank: taken where the engine takes it, named where it does not.

Asked of the planners of Flink 2.1.3, Spark 4.1.1 and Trino 476, each sign between two words and within a comment and a
text; their corpora of broken and valid statements hold the first of them.
"""

from __future__ import annotations

import pytest

from rosace.check.sql.dialects import language_of
from rosace.check.sql.free import language_of_oracles
from rosace.check.sql.reading import read_query
from rosace.check.sql.relation import Column, Names, Problem, Relation
from rosace.contract.registry import engines

SPACES = {
    "\xa0": ("spark",),
    "\u1680": ("spark",),
    "\u2003": ("spark",),
    "\u2007": ("spark",),
    "\u2028": ("spark",),
    "\u202f": ("spark",),
    "\u3000": ("spark",),
    "\x0b": ("spark",),
    "\x0c": ("spark", "flink"),
    "\x1c": (),
    "\x85": (),
    "\t": ("spark", "flink", "trino"),
}
"""Each sign with the engines that take it for a blank."""

NAMES = Names({("t",): Relation((Column("n"),))}, "not declared")


def _told(engine: str, sql: str) -> list[Problem]:
    language = language_of_oracles() if engine == "duckdb" else language_of(engines()[engine])
    return list(read_query(sql, language, NAMES).problems)


@pytest.mark.parametrize("engine", ["flink", "spark", "trino"])
@pytest.mark.parametrize("sign", SPACES, ids=ascii)
def test_a_space_is_one_where_the_engine_takes_it_for_one(engine: str, sign: str) -> None:
    for sql in (f"SELECT{sign}n FROM t", f"SELECT n{sign}FROM t", f"{sign}SELECT n FROM t", f"SELECT n FROM t{sign}"):
        told = _told(engine, sql)
        if engine in SPACES[sign]:
            assert not told, sql
        else:
            (problem,) = told
            assert (problem.start, problem.end) == (sql.index(sign), sql.index(sign) + 1)
            assert f"U+{ord(sign):04X}" in problem.message


@pytest.mark.parametrize("engine", ["flink", "spark", "trino"])
@pytest.mark.parametrize("sign", ["\xa0", "\u200b", "\ufeff"], ids=ascii)
def test_texts_and_comments_hold_any_sign(engine: str, sign: str) -> None:
    assert not _told(engine, f"SELECT n -- a{sign}b\n/* {sign} */, 'a{sign}b' AS x /* {sign} */ FROM t -- {sign}")


def test_an_oracle_may_have_any_space() -> None:
    """DuckDB 2.0 takes spaces of Unicode for blanks."""
    assert not _told("duckdb", "SELECT\xa0n FROM t")
