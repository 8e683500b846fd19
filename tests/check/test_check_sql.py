"""Names and columns in queries: what is found, what is wrong at its place, and what is left alone."""

from __future__ import annotations

import pytest

from rosace.check.sql.dialects import Language, language
from rosace.check.sql.reading import QueryReading, read_job, read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.check.sql.shapes import Shape
from rosace.model.checked import Ref


def relation(kind: str, name: str, **columns: str) -> Relation:
    return Relation(
        tuple(Column(column, Shape(shape)) for column, shape in columns.items()),
        Ref("table" if kind == "table" else "topic", name),
    )


NAMES = Names(
    {
        ("t",): relation("topic", "t", a="int", b="string", ts="timestamp", x="double"),
        ("u",): relation("topic", "u", a="int", c="string"),
        ("my-topic",): relation("topic", "my-topic", a="int"),
        ("lake", "w"): relation("table", "w", a="int", day="date", v="double"),
    },
    "nothing",
    foreign=True,
)
LANGUAGES: dict[str, Language] = {
    "flink": language("rosace.engines.flink.dialect:Flink", "Flink"),
    "spark": language("spark", "Spark"),
    "trino": language("trino", "Trino"),
    "duckdb": language("duckdb", "DuckDB"),
}


def read(engine: str, text: str) -> QueryReading:
    return read_query(text, LANGUAGES[engine], NAMES)


FINE = [
    ("spark", "SELECT a AS k, k + 1 AS l FROM t GROUP BY k"),
    ("trino", "SELECT a AS k, count(*) FROM t GROUP BY 1 ORDER BY k"),
    ("spark", "SELECT * FROM t JOIN u USING (a) WHERE a = 1"),
    ("flink", "SELECT a FROM t NATURAL JOIN u"),
    ("spark", "SELECT part FROM t LATERAL VIEW explode(split(b, ',')) v AS part WHERE part = 'x'"),
    ("trino", "SELECT x, y FROM t CROSS JOIN UNNEST(ARRAY[1]) AS z (y)"),
    ("trino", 'SELECT "$path", _partition_offset, a FROM lake.w'),
    ("trino", "SELECT anything FROM system.runtime.nodes JOIN information_schema.tables ON TRUE"),
    ("trino", 'SELECT w.v, "w".day, "A" FROM "lake"."w"'),
    ("spark", "SELECT A FROM T"),
    ("flink", "SELECT `my-topic`.a FROM `my-topic`"),
    ("flink", "WITH t AS (SELECT 1 AS z) SELECT z FROM t"),
    ("flink", "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a AND u.c = t.b)"),
    ("flink", "SELECT (SELECT MAX(c) FROM u WHERE u.a = t.a) AS m, x.y FROM t"),
    ("flink", "SELECT w.window_end, w.a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) AS w"),
    ("flink", "SELECT t.a, v.c FROM t LEFT JOIN u FOR SYSTEM_TIME AS OF t.ts AS v ON t.a = v.a"),
    ("flink", "SELECT M.y FROM t MATCH_RECOGNIZE (MEASURES A.b AS y PATTERN (A) DEFINE A AS A.x > 1) AS M"),
    ("flink", "SELECT z.* FROM t, LATERAL TABLE(split(b)) AS z"),
    ("flink", "SELECT unknown_function(HOUR, ts) FROM t"),
    ("duckdb", "FROM t SELECT a"),
    ("duckdb", "SELECT a AS k FROM t WHERE k = 1 GROUP BY ALL ORDER BY ALL"),
    ("duckdb", "PIVOT t ON b USING sum(x)"),
    ("duckdb", "SELECT r.foo, bar FROM read_csv('x.csv') r"),
    ("spark", "SELECT struct(a, b) AS s, s.a FROM t"),
    ("spark", "SELECT transform(split(b, ','), p -> p || a) FROM t"),
    ("spark", "SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY a"),
    ("spark", "SELECT window(ts, '1 hour').start AS s, count(*) FROM t GROUP BY window(ts, '1 hour')"),
    ("spark", "SELECT current_date, current_user, date_trunc('hour', ts) FROM t"),
    ("trino", "SELECT date_diff('day', day, current_date), day - INTERVAL '1' DAY, extract(year FROM day) FROM lake.w"),
    ("trino", "SELECT * FROM (VALUES (1, 'a')) AS v (i, s) WHERE i = 1"),
    ("trino", "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r"),
    ("trino", "TABLE t"),
    ("trino", "SELECT t.b.c FROM t"),
    ("flink", "SELECT a FROM (t JOIN (SELECT c FROM u) ON TRUE)"),
    ("spark", "SELECT sum(x) OVER w FROM t WINDOW w AS (PARTITION BY a ORDER BY ts)"),
]
WRONG = [
    ("flink", "SELECT foo AS foo FROM t", "unknown-column", "foo"),
    ("spark", "SELECT foo AS foo FROM t GROUP BY foo", "unknown-column", "foo"),
    ("flink", "SELECT A FROM t", "unknown-column", "A"),
    ("trino", "SELECT a AS k FROM t GROUP BY k", "unknown-column", "k"),
    ("flink", "SELECT a AS k FROM t WHERE k = 1", "unknown-column", "k"),
    ("flink", "SELECT t.zz FROM t", "unknown-column", "zz"),
    ("flink", "SELECT `zz` FROM t", "unknown-column", "`zz`"),
    ("flink", "SELECT a FROM t JOIN u ON t.a = u.a", "ambiguous-column", "a"),
    ("flink", "SELECT b FROM t JOIN u USING (a) WHERE zz = 1", "unknown-column", "zz"),
    ("spark", "SELECT b FROM t LEFT SEMI JOIN u ON t.a = u.a WHERE u.c = 1", "unknown-alias", "u.c"),
    ("spark", "SELECT nope FROM t LATERAL VIEW explode(split(b, ',')) v AS part", "unknown-column", "nope"),
    ("flink", "WITH t AS (SELECT 1 AS z) SELECT a FROM t", "unknown-column", "a"),
    ("flink", "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.zz = t.a)", "unknown-column", "zz"),
    ("flink", "SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(tss), INTERVAL '1' HOUR))", "unknown-column", "tss"),
    ("flink", "SELECT x FROM TABLE(HOP(TABLE tt, DESCRIPTOR(ts), a, b))", "unknown-name", "tt"),
    ("flink", "SELECT foo FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))", "unknown-column", "foo"),
    ("spark", "SELECT transform(split(b, ','), p -> p || zz) FROM t", "unknown-column", "zz"),
    ("trino", "SELECT lake.w.a FROM lake.w", "long-column", "lake.w.a"),
    ("trino", "SELECT 1 FROM sistem.nodes", "unknown-name", "sistem.nodes"),
    ("trino", "SELECT 1 FROM w", "unknown-name", "w"),
    ("trino", "SELECT 1 FROM lake.t", "unknown-name", "lake.t"),
    ("trino", "SELECT z FROM (VALUES (1, 'a')) AS v (i, s)", "unknown-column", "z"),
    ("flink", "SELECT a, FROM t", "sql-syntax", ","),
    ("flink", "SELECT a b c FROM t", "sql-syntax", "c"),
    ("flink", "SELECT a FROM t WHERE (a = 1", "sql-syntax", "("),
    ("flink", "SELECT 'abc FROM t", "sql-syntax", "'"),
    ("flink", "SELECT a FROM /* t", "sql-syntax", "/"),
    ("trino", "SELECT 1; SELECT 2", "sql-statement", "SELECT 2"),
    ("trino", "SHOW TABLES", "sql-statement", "SHOW TABLES"),
]


@pytest.mark.parametrize(("engine", "text"), FINE)
def test_nothing_is_said(engine: str, text: str) -> None:
    assert read(engine, text).problems == ()


@pytest.mark.parametrize(("engine", "text", "code", "place"), WRONG)
def test_what_is_said_and_where(engine: str, text: str, code: str, place: str) -> None:
    (problem,) = read(engine, text).problems
    assert problem.code == code
    assert text[problem.start : problem.end] == place


@pytest.mark.parametrize(
    ("engine", "text", "rendered"),
    [
        ("trino", "SELECT 1 FROM -- all\n  lake . w  w", "SELECT 1 FROM -- all\n  <lake.w>  w"),
        ("trino", 'SELECT 1 FROM "lake"."w", "my-topic"', "SELECT 1 FROM <lake.w>, <my-topic>"),
        ("spark", "SELECT 1 FROM `lake`.w /* é */ JOIN `lake.w` b", "SELECT 1 FROM <lake.w> /* é */ JOIN <lake.w> b"),
        ("flink", "SELECT t.a FROM t WHERE t.b = 't'", "SELECT t.a FROM <t> WHERE t.b = 't'"),
        ("flink", "WITH t AS (SELECT a FROM u) SELECT a FROM t", "WITH t AS (SELECT a FROM <u>) SELECT a FROM t"),
        (
            "trino",
            "WITH q AS (SELECT a FROM t) SELECT a FROM q, u AS t2",
            "WITH q AS (SELECT a FROM <t>) SELECT a FROM q, <u> AS t2",
        ),
        (
            "spark",
            "  SELECT 1 FROM t WHERE a IN (SELECT a FROM u) -- done",
            "SELECT 1 FROM <t> WHERE a IN (SELECT a FROM <u>)",
        ),
    ],
)
def test_mentions(engine: str, text: str, rendered: str) -> None:
    assert read(engine, text).body.render(lambda ref: f"<{ref}>") == rendered


@pytest.mark.parametrize(
    ("engine", "text", "columns"),
    [
        ("flink", "SELECT *, a + 1 AS n FROM t", ["a", "b", "ts", "x", "n"]),
        ("spark", "SELECT * FROM t JOIN u USING (a)", ["a", "b", "ts", "x", "c"]),
        ("duckdb", "SELECT * EXCLUDE (a) FROM t", ["b", "ts", "x"]),
        ("duckdb", "SELECT t.* REPLACE (1 AS a) FROM t, u", ["a", "b", "ts", "x"]),
        ("flink", "SELECT q.* FROM (SELECT a AS z, COUNT(*) FROM t GROUP BY a) AS q (k, n)", ["k", "n"]),
        ("spark", "SELECT explode(array(1)) AS e FROM t", None),
        ("duckdb", "SELECT * FROM read_csv('x')", None),
        ("flink", "SELECT COUNT(*), a FROM t GROUP BY a", [None, "a"]),
    ],
)
def test_outputs(engine: str, text: str, columns: list[str | None] | None) -> None:
    given = read(engine, text).output.columns
    assert (given if given is None else [column.name for column in given]) == columns


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("a", "int"),
        ("COUNT(*)", "bigint"),
        ("MAX(ts)", "timestamp"),
        ("SUM(a)", "number"),
        ("a * 2.5", "number"),
        ("'x' || b", "string"),
        ("a > 1 AND b IS NULL", "boolean"),
        ("CAST(b AS DATE)", "date"),
        ("COALESCE(a, NULL, 3)", "int"),
        ("CASE WHEN a = 1 THEN 'x' ELSE b END", "string"),
        ("CASE WHEN a = 1 THEN 'x' ELSE a END", "unknown"),
        ("ts - INTERVAL '1' DAY", "unknown"),
        ("NULL", "null"),
        ("some_udf(a)", "unknown"),
        ("(x)", "double"),
        ("LAST_VALUE(b)", "string"),
    ],
)
def test_shapes(expression: str, shape: str) -> None:
    (column,) = read("flink", f"SELECT {expression} AS n FROM t").output.columns or ()
    assert column.shape == shape


def test_views_and_inserts() -> None:
    text = """-- views first
CREATE OR REPLACE TEMPORARY VIEW `v 1` AS -- counts
  SELECT a, COUNT(*) AS n FROM t GROUP BY a;
INSERT INTO TABLE lake.w (a, v) SELECT a, n FROM `v 1`;;
INSERT OVERWRITE `lake`.`w` (SELECT 1, DATE '2013-01-01', 2.5 FROM u) ; -- end
"""
    reading = read_job(text, LANGUAGES["spark"], NAMES)
    assert reading.problems == ()
    view, into, over = (read.statement for read in reading.statements)
    assert (view.kind, view.view) == ("view", "v 1")
    assert view.body.render(lambda ref: f"<{ref}>") == "SELECT a, COUNT(*) AS n FROM <t> GROUP BY a"
    assert (into.target, into.columns, into.overwrite) == (Ref("table", "w"), ("a", "v"), False)
    assert into.body.text == "SELECT a, n FROM `v 1`"
    assert into.body.mentions == ()
    assert (over.overwrite, over.columns) == (True, ())
    assert over.body.render(lambda ref: f"<{ref}>") == "(SELECT 1, DATE '2013-01-01', 2.5 FROM <u>)"
    assert reading.reads == (Ref("topic", "t"), Ref("topic", "u"))
    assert reading.writes == (Ref("table", "w"),)


HINT = "/*+ OPTIONS('scan.bounded.mode' = 'latest-offset') */"


@pytest.mark.parametrize("end", ["", ";", " -- a hint is no comment\n;"])
def test_a_hint_behind_the_last_word_stays(end: str) -> None:
    reading = read_job(f"INSERT INTO lake.w SELECT a FROM t {HINT}{end}", LANGUAGES["flink"], NAMES)
    assert reading.statements[0].statement.body.text == f"SELECT a FROM t {HINT}"
    assert read("flink", f"SELECT a FROM t\n {HINT}{end}").body.text.endswith(HINT)


@pytest.mark.parametrize("verb", ["INTO", "OVERWRITE"])
def test_a_hint_behind_the_target_stays(verb: str) -> None:
    text = f"INSERT {verb} lake.w -- where to /*+ no hint */\n /* and how */ {HINT} (a) SELECT a FROM t {HINT}"
    reading = read_job(text, LANGUAGES["flink"], NAMES)
    (into,) = (read.statement for read in reading.statements)
    assert reading.problems == ()
    assert (into.target, into.hint, into.columns) == (Ref("table", "w"), HINT, ("a",))
    assert into.body.text == f"SELECT a FROM t {HINT}"


@pytest.mark.parametrize(
    ("engine", "text"),
    [
        ("spark", f"INSERT INTO lake.w {HINT} SELECT a FROM t"),
        ("flink", f"INSERT INTO lake.w (a) {HINT} SELECT a FROM t"),
        ("flink", f"INSERT INTO {HINT} lake.w SELECT a FROM t"),
        ("flink", f"CREATE TEMPORARY VIEW v AS {HINT} SELECT a FROM t; INSERT INTO lake.w SELECT a FROM v"),
    ],
)
def test_a_hint_that_the_engine_would_not_take_is_not_dropped(engine: str, text: str) -> None:
    (problem,) = read_job(text, LANGUAGES[engine], NAMES).problems
    assert (problem.code, text[problem.start : problem.end]) == ("sql-syntax", HINT)


def test_a_second_hint_behind_the_target_is_one_too_many() -> None:
    text = f"INSERT INTO lake.w {HINT} {HINT} SELECT a FROM t"
    (problem,) = read_job(text, LANGUAGES["flink"], NAMES).problems
    assert problem.start == text.rindex(HINT)


def test_view_hides_nothing_before_it() -> None:
    text = "INSERT INTO u SELECT a, b FROM v; CREATE TEMPORARY VIEW v AS SELECT a, b FROM t"
    codes = [problem.code for problem in read_job(text, LANGUAGES["flink"], NAMES).problems]
    assert codes == ["unknown-name", "unused-view"]
