"""What the engines take although it looks wrong, and what is said where something is meant that is not there."""

from __future__ import annotations

import pytest
from check_outcome import Examine
from test_check_grammar import ENGINES, T, topic

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import QueryReading, read_job, read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.contract.registry import engines
from rosace.model.checked import Ref

LAKE = Relation((Column("a"), Column("v")), Ref("table", "w"))
RELATIONS = {("t",): topic("t", **T), ("u",): topic("u", a="int", c="string", n="bigint"), ("lake", "w"): LAKE}
JOB = Names(RELATIONS, "neither a topic nor a table of the lake", schema="demo")
QUERY = Names(RELATIONS, "neither a topic nor a table of the lake", foreign=True, schema="demo")

# Asked of Flink 2.1.3, Spark 4.1.1 and Trino 476: they take each of these.
TAKEN = """
fst | SELECT t.a FROM t JOIN u ON t.a = u.a ORDER BY a
fst | SELECT t.* FROM t JOIN u ON t.a = u.a ORDER BY a
fst | SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY a
f-t | SELECT w.i, w.o, o FROM t CROSS JOIN UNNEST(ARRAY[a, 2]) WITH ORDINALITY AS w (i, o)
-s- | SELECT a, window.start, window.end, COUNT(*) FROM t GROUP BY a, window(ts, '1 hour')
-s- | SELECT a, window, COUNT(*) FROM t GROUP BY a, window(ts, '1 hour')
-s- | SELECT session_window.start, COUNT(*) FROM t GROUP BY session_window(ts, '1 hour')
-s- | SELECT snapshot_id FROM lake.w.snapshots
-s- | SELECT path FROM lake.w.all_manifests AS m
f-t | SELECT snapshot_id FROM lake.QUOTEDw$snapshotsQUOTED
--t | SELECT * FROM lake."w$properties" JOIN lake."w$refs" ON TRUE
f-- | SELECT MAP['a', 1], MAP['a', a]['a'] FROM t
f-t | SELECT JSON_ARRAY(a, b NULL ON NULL), JSON_ARRAY(a ABSENT ON NULL), JSON_ARRAY() FROM t
f-- | SELECT JSON_EXISTS(b, '$.x' FALSE ON ERROR), JSON_EXISTS(b, '$.x' UNKNOWN ON ERROR) FROM t
f-- | SELECT JSON_OBJECT(KEY 'k' VALUE b ABSENT ON NULL), JSON_VALUE(b, '$.b' RETURNING INT DEFAULT 1 ON EMPTY) FROM t
--t | SELECT json_exists(b, 'lax $.x' FALSE ON ERROR), json_exists(b, 'strict $.x' PASSING a AS aa UNKNOWN ON ERROR) FROM t
--t | SELECT json_value(b, 'lax $' RETURNING integer DEFAULT 1 ON EMPTY ERROR ON ERROR) FROM t
--t | SELECT json_query(b, 'lax $.x' RETURNING varchar WITH CONDITIONAL ARRAY WRAPPER EMPTY ARRAY ON EMPTY) FROM t
--t | SELECT json_object('k' VALUE a ABSENT ON NULL), json_object(KEY 'k' VALUE b) FROM t
f-- | SELECT m.y FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES FINAL LAST(U.a) AS y PATTERN (A B+ C) SUBSET U = (A, B) DEFINE B AS B.x < 1) AS m
--t | SELECT m.y, z FROM t MATCH_RECOGNIZE (MEASURES FINAL LAST(A.a) AS y, RUNNING SUM(B.x) AS z PATTERN (A (B | C){2,3}? D*) SUBSET U = (A, B) DEFINE B AS B.x < PREV(B.x)) AS m
--t | SELECT last(b) OVER (PARTITION BY a ORDER BY ts MEASURES RUNNING LAST(B.x) AS q ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING INITIAL PATTERN (A B+) SUBSET U = (A, B) DEFINE B AS B.x > A.x) FROM t
--t | SELECT b FROM TABLE(exclude_columns(input => TABLE(t), columns => DESCRIPTOR(a)))
--t | SELECT v FROM TABLE(exclude_columns(TABLE(lake.w), DESCRIPTOR(a)))
--t | SELECT v FROM TABLE(exclude_columns(TABLE(SELECT * FROM lake.w), DESCRIPTOR(a)))
fst | TABLE t
f-t | SELECT a FROM (TABLE t)
--t | SELECT node_id FROM system.runtime.nodes
--t | SELECT table_name FROM lake.information_schema.tables
--t | SELECT a FROM lake.demo.w
"""  # noqa: E501

TOLD = """
query | SELECT a FROM postgres.public.customers | there is no catalog `postgres` on this platform
query | SELECT a FROM lak.sales.orders | there is no catalog `lak` on this platform | did you mean `lake`?
query | SELECT a FROM lake.sales.orders | catalog `lake` has no schema `sales`
query | SELECT a FROM lake.sales.w | catalog `lake` has no schema `sales` | tables of the lake are named `lake.w`
query | SELECT a FROM a.b.c.d | `a.b.c.d` is neither a topic nor a table of the lake
query | SELECT a FROM system.runtim.nodes | catalog `system` has no schema `runtim` | did you mean `runtime`?
query | SELECT a FROM kafka.topics.t | catalog `kafka` has no schema `topics` | topics are named without more: `t`
query | SELECT a FROM lake."w$snapshot" | `lake.w$snapshot` is neither | of `lake.w` there is `snapshots`
query | SELECT a FROM "t$snapshots" | `t$snapshots` is neither
spark | SELECT a FROM lake.w.snapshot | `lake.w.snapshot` is neither | of `lake.w` there is `snapshots`
spark | SELECT a FROM postgres.public.customers | `postgres.public.customers` is neither
flink | SELECT t FROM t | `t` is a table, not a column | name one of its columns: `t.a`
flink | SELECT u FROM t | `u` is a table, not a column | it is not in FROM here: FROM u
flink | SELECT lake.w FROM t | `lake.w` is a table, not a column | it is not in FROM here: FROM lake.w
flink | SELECT a FROM TABLE(TUMBLE(t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) | `t` stands here as a column: TUMBLE reads a table | write TABLE(TUMBLE(TABLE t, ...))
flink | SELECT a FROM HOP(lake.w, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '2' HOUR) | `lake.w` stands here as a column: HOP reads a table | write TABLE(HOP(TABLE lake.w, ...))
"""  # noqa: E501


def read(engine: str, text: str) -> QueryReading:
    names = QUERY if engine in ("query", "trino") else JOB
    return read_query(text, language_of(engines()[engine if engine != "query" else "trino"]), names)


def _cases() -> list[tuple[str, str]]:
    lines = [line.partition("|") for line in TAKEN.strip().splitlines()]
    return [(ENGINES[one], text.strip()) for letters, _, text in lines for one in letters if one in ENGINES]


@pytest.mark.parametrize(("engine", "text"), _cases())
def test_what_the_engines_take_is_not_refused(engine: str, text: str) -> None:
    assert read(engine, text.replace("QUOTED", "`" if engine == "flink" else '"')).problems == ()


@pytest.mark.parametrize("line", TOLD.strip().splitlines())
def test_what_is_meant_is_said(line: str) -> None:
    engine, text, message, *hint = (part.strip() for part in line.split(" | "))
    (problem,) = read(engine, text).problems
    assert problem.message.startswith(message)
    assert set(hint) - {"", "|"} <= set(problem.hints)


@pytest.mark.parametrize(
    ("engine", "text", "rendered"),
    [
        ("spark", "SELECT 1 FROM lake.w.snapshots AS s", "SELECT 1 FROM <lake.w>.snapshots AS s"),
        ("trino", 'SELECT 1 FROM lake."w$snapshots" s', "SELECT 1 FROM <lake.w$snapshots> s"),
        ("flink", "SELECT 1 FROM lake.`w$snapshots` s", "SELECT 1 FROM <lake.w$snapshots> s"),
    ],
)
def test_tables_about_tables_are_named_as_the_engine_names_them(engine: str, text: str, rendered: str) -> None:
    reading = read(engine, text)
    assert reading.reads == (Ref("table", "w"),)
    assert reading.body.render(lambda ref: f"<{ref}>") == rendered


def test_own_functions_are_no_topics(examined: Examine) -> None:
    yaml = """
platform: demo
topics: {t: {columns: {a: int!}}, copies: {columns: {a: int!}}}
jobs: {copy: {engine: flink, sql: copy.sql}}
"""
    sql = "CREATE TEMPORARY FUNCTION f AS 'x.Y';\nINSERT INTO copies SELECT a FROM t"
    (hint,) = examined(yaml, {"copy.sql": sql}).one("sql-statement").hints
    assert "functions that its engine has" in hint


TRUSTED = """
-- rosace: trust the engine
CREATE TEMPORARY VIEW odd AS SELECT a FROM t, LATERAL (SOME ODD (GRAMMAR)) WHERE;
INSERT INTO lake.w -- rosace: trust the engine
SELECT nothing, FROM odd JOIN u AS x ON (SELECT a FROM TABLE(TUMBLE(TABLE t, q)), lake.w) EMIT FINAL;
INSERT INTO lake.w SELECT nope FROM t
"""


def test_a_statement_may_trust_its_engine() -> None:
    """Nothing is said of its SQL, its names are found all the same, and the next statement is read as ever."""
    reading = read_job(TRUSTED, language_of(engines()["flink"]), JOB)
    assert [problem.message for problem in reading.problems] == ["`nope` is no column of `t`"]
    view, insert, _ = (one.statement for one in reading.statements)
    assert view.body.render(lambda ref: f"<{ref}>").startswith("SELECT a FROM <t>, LATERAL (SOME")
    assert insert.target == Ref("table", "w")
    assert insert.body.render(lambda ref: f"<{ref}>") == (
        "SELECT nothing, FROM odd JOIN <u> AS x ON (SELECT a FROM TABLE(TUMBLE(TABLE <t>, q)), <lake.w>) EMIT FINAL"
    )
    assert reading.reads == (Ref("topic", "t"), Ref("topic", "u"), Ref("table", "w"))


def test_trust_is_a_comment_of_its_own() -> None:
    for text in ("SELECT '-- rosace: trust the engine' FROM", "SELECT a FROM -- rosace: trust the engines\n"):
        assert read("trino", text).problems
    assert read("trino", "/* rosace: trust the engine */ SELECT FROM").problems == ()


def test_a_trusted_statement_still_has_to_write_what_is_there(examined: Examine) -> None:
    yaml = """
platform: demo
topics: {t: {columns: {a: int!}}, copies: {columns: {a: int!}}}
jobs: {copy: {engine: flink, sql: copy.sql}}
"""
    outcome = examined(yaml, {"copy.sql": "-- rosace: trust the engine\nINSERT INTO copis SELECT FROM t"})
    assert outcome.one("unknown-name").hints == ("did you mean `copies`?",)
    columns = examined(yaml, {"copy.sql": "-- rosace: trust the engine\nINSERT INTO copies (b) SELECT FROM t"})
    assert "unknown-column" in columns.errors
