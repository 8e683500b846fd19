"""Broken queries by kind: each is refused for the engines named, at the place between braces.

That the engines' own parsers refuse each of them too was asked of Flink 2.1.3, Spark 4.1.1 and Trino 476; the live
tests of `rosace check --engines` ask again.
"""

from __future__ import annotations

from collections import Counter

import pytest

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.check.sql.shapes import Shape
from rosace.contract.registry import engines
from rosace.model.checked import Ref


def topic(name: str, **columns: str) -> Relation:
    return Relation(tuple(Column(column, Shape(shape)) for column, shape in columns.items()), Ref("topic", name))


T = {"a": "int", "b": "string", "ts": "timestamp", "x": "double", "d": "decimal", "f": "boolean", "n": "bigint"}
NAMES = Names({("t",): topic("t", **T), ("u",): topic("u", a="int", c="string", n="bigint")}, "nothing", foreign=True)
ENGINES = {"f": "flink", "s": "spark", "t": "trino"}

BROKEN = """
fst a comma too many        | SELECT a{,} FROM t
fst                         | SELECT a, b{,} FROM t WHERE a = 1
fst                         | SELECT a FROM t{,}
fst                         | SELECT a FROM t, u{,} WHERE t.a = u.a
fst                         | SELECT a, COUNT(*) FROM t GROUP BY a{,}
fst                         | SELECT a, COUNT(*) FROM t GROUP BY a{,} HAVING COUNT(*) > 1
fst                         | SELECT a FROM t ORDER BY a{,}
fst                         | SELECT a FROM t ORDER BY a{,} LIMIT 1
fst                         | SELECT a FROM t WHERE a IN (1, 2{,})
fst                         | SELECT COALESCE(a, 0{,}) FROM t
fst                         | SELECT COALESCE{(}, a) FROM t
fst                         | SELECT a{,}, b FROM t
fst                         | {SELECT} , a FROM t
fst                         | SELECT COALESCE(a{,} , 0) FROM t
fst                         | WITH q AS (SELECT a FROM t){,} SELECT a FROM q
fst                         | SELECT CAST(d AS DECIMAL(10{,})) FROM t
fst                         | SELECT a, SUM(x) OVER (PARTITION BY a{,} ORDER BY ts) AS s FROM t
fst a word too many         | SELECT a FROM t WHERE a = 1 {AND}
f-t                         | SELECT a FROM t {WHERE} LIKE (b, 'x')
f-t                         | SELECT a FROM t WHERE {(}LIKE (b, 'x'))
fst                         | SELECT a FROM t WHERE a = 1 {OR}
fst                         | SELECT a FROM t WHERE a = 1 {AND} GROUP BY a
fst                         | SELECT a FROM t {WHERE} AND a = 1
fst                         | SELECT a FROM t WHERE a = 1 {AND} AND b = 'x'
fst                         | SELECT a FROM t WHERE a = 1 {AND} OR b = 'x'
fst                         | SELECT t.a FROM t JOIN u ON t.a = u.a {AND}
fst                         | SELECT t.a FROM t JOIN u {ON} AND t.a = u.a
fst                         | SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1 {AND}
fst                         | SELECT a FROM t WHERE (a = 1 {OR})
fst                         | SELECT a FROM t WHERE {(}OR a = 1)
fst                         | SELECT a FROM t WHERE {NOT}
fst                         | SELECT a FROM t WHERE b IS NOT NULL {AND} ORDER BY a
fst an operand missing      | SELECT a {+} FROM t
fst                         | SELECT a {*} / 2 FROM t
fst                         | SELECT a {=} FROM t
fst                         | SELECT a FROM t WHERE a {=}
fst                         | SELECT a FROM t {WHERE} = 1
fst                         | SELECT a FROM t WHERE a {>} GROUP BY a
fst                         | SELECT a FROM t WHERE a {=} AND b = 'x'
fst                         | SELECT b {||} FROM t
fst                         | SELECT b {||} , a FROM t
fst                         | SELECT (a {+}) FROM t
fst                         | SELECT a FROM t WHERE a {BETWEEN} AND 3
fst                         | SELECT a FROM t WHERE a BETWEEN 1 {AND}
fst                         | SELECT a FROM t WHERE b {LIKE}
fst                         | SELECT a FROM t WHERE b {LIKE} AND a = 1
fst                         | SELECT a FROM t WHERE a {IN}
fst                         | SELECT a FROM t WHERE a {IN} ()
fst                         | SELECT a FROM t WHERE a NOT {IN} ()
fst                         | SELECT a FROM t WHERE b {IS}
fst                         | SELECT a FROM t WHERE b {IS} AND a = 1
fst                         | SELECT a FROM t WHERE b {IS} NOT NOT NULL
fst                         | SELECT a FROM t WHERE a = 1 {2}
f-t a clause left empty     | SELECT a FROM t {WHERE} GROUP BY a
f-t                         | SELECT a FROM t {WHERE} ORDER BY a
fst                         | SELECT a, COUNT(*) FROM t {GROUP BY}
fst                         | SELECT a, COUNT(*) FROM t {GROUP BY} HAVING COUNT(*) > 1
fst                         | SELECT a, COUNT(*) FROM t GROUP BY a {HAVING}
fst                         | SELECT a FROM t {ORDER BY}
fst                         | SELECT a FROM t {ORDER BY} LIMIT 3
fst                         | SELECT a {FROM} WHERE a = 1
fst                         | SELECT a {FROM} ORDER BY a
fst                         | {SELECT} FROM t
fst                         | {SELECT}
fst                         | SELECT {DISTINCT} FROM t
fst                         | SELECT t.a FROM t {JOIN}
fst                         | SELECT t.a FROM t {JOIN} ON t.a = u.a
fst                         | SELECT t.a FROM t JOIN u {ON}
fst                         | SELECT t.a FROM t JOIN u {ON} WHERE t.a = 1
fst                         | SELECT b FROM t JOIN u {USING}
fst                         | SELECT a FROM t {UNION}
fst                         | SELECT a FROM t UNION {ALL}
fst                         | WITH {SELECT} a FROM t
fst                         | SELECT a, SUM(x) OVER ({PARTITION BY} ORDER BY ts) AS s FROM t
fst                         | SELECT a FROM t {,} JOIN u ON t.a = u.a
fst clauses out of order    | SELECT a FROM t ORDER BY a {WHERE} a = 1
fst                         | SELECT a FROM t GROUP BY a {WHERE} a = 1
fst                         | SELECT a FROM t ORDER BY a {GROUP BY} a
fst                         | SELECT a FROM t LIMIT 3 {WHERE} a = 1
fst                         | SELECT a FROM t LIMIT 3 {ORDER BY} a
fst                         | SELECT a FROM t HAVING COUNT(*) > 1 {GROUP BY} a
-st                         | SELECT a WHERE a = 1 {FROM} t
f--                         | SELECT a {WHERE} a = 1 FROM t
fst                         | SELECT t.a FROM t WHERE t.a = 1 {JOIN} u ON t.a = u.a
fst                         | SELECT a FROM t ORDER BY a {UNION} ALL SELECT a FROM u
fst                         | SELECT a FROM t LIMIT 1 {UNION} SELECT a FROM u
f-t                         | SELECT t.a FROM t {JOIN} u
f-t                         | SELECT t.a FROM t LEFT {JOIN} u WHERE t.a = 1
f-t                         | SELECT q.a FROM (SELECT t.a FROM t {JOIN} u) AS q
fs-                         | SELECT a FROM t OFFSET 2 {LIMIT} 1
--t                         | SELECT a FROM t LIMIT 1 {OFFSET} 2
fs- a list without its word | SELECT {[}1, 2] FROM t
f-t a clause said twice     | SELECT a FROM t {FROM} u
fst                         | SELECT a FROM t WHERE a = 1 {WHERE} b = 'x'
fst                         | SELECT a FROM t GROUP BY a {GROUP BY} b
fst                         | SELECT a FROM t GROUP BY a HAVING a > 1 {HAVING} a < 3
fst                         | SELECT a FROM t ORDER BY a {ORDER BY} b
fst                         | SELECT a FROM t LIMIT 1 {LIMIT} 2
fst                         | SELECT a FROM t {SELECT} a FROM u
fst                         | {SELECT} SELECT a FROM t
f-t                         | SELECT a {FROM} FROM t
fst brackets                | SELECT {(}a FROM t
fst                         | SELECT a{)} FROM t
fst                         | SELECT COUNT{(}* FROM t
fst                         | SELECT a FROM {(}SELECT a FROM t
fst                         | SELECT CAST{(}a AS BIGINT FROM t
fst                         | SELECT a FROM t WHERE a IN {(}1, 2
fst                         | SELECT a FROM t WHERE a IN (SELECT a FROM u){)}
fst CASE                    | SELECT CASE WHEN a = 1 {THEN} END FROM t
fst                         | SELECT CASE {WHEN} THEN 'x' END FROM t
fst                         | SELECT CASE WHEN a = 1 THEN 'x' {ELSE} END FROM t
fst                         | SELECT CASE WHEN a = 1 {THEN} ELSE 'y' END FROM t
fst                         | SELECT CASE {END} FROM t
fst                         | SELECT CASE {WHEN} WHEN a = 1 THEN 'x' END FROM t
fst                         | SELECT CASE WHEN a = 1 THEN {'x'} AS k FROM t
fst                         | SELECT CASE WHEN a = 1 {'x'} END FROM t
fst values in a row         | SELECT a FROM t WHERE a BETWEEN 1 {10}
fst                         | SELECT a FROM t WHERE b = 'x' {1}
fst intervals               | SELECT ts + INTERVAL {'1'} FROM t
fst                         | SELECT ts + {INTERVAL} DAY '1' FROM t
fst                         | SELECT ts + {INTERVAL} INTERVAL '1' DAY FROM t
fst types                   | SELECT CAST(a {AS}) FROM t
fst                         | SELECT CAST(b AS VARCHAR{(})) FROM t
f-t tables                  | SELECT a FROM t {AS}
f-t                         | SELECT a FROM (SELECT a {FROM})
fst                         | SELECT q.a {FROM} () AS q
fst                         | SELECT COUNT({DISTINCT}) FROM t
fst                         | SELECT EXTRACT(YEAR {FROM}) FROM t
"""

FINE = """
fst | SELECT t.a FROM t JOIN u ON t.a = u.a LEFT JOIN u AS v ON v.a = u.a CROSS JOIN u AS w
--t | SELECT t.a FROM t JOIN u JOIN u AS v ON u.a = v.a ON t.a = u.a
fst | SELECT t.a FROM (t JOIN u ON t.a = u.a), u AS w WHERE t.a = w.a
fst | SELECT COUNT(*) * 2, 2 * COUNT(*), x * -1, (x) * 2, -x, + x FROM t GROUP BY x
fst | SELECT t.*, t.a, u.* FROM t CROSS JOIN u
fst | SELECT a FROM t WHERE NOT (a = 1) AND NOT f AND (NOT f OR f) AND a NOT IN (-1, +2) AND b NOT LIKE 'x'
fst | SELECT a FROM t WHERE a IS NOT DISTINCT FROM n AND a IS DISTINCT FROM 1 OR b IS NULL
fst | SELECT CASE a WHEN 1 THEN 'x' ELSE 'y' END AS k, CASE WHEN a = 1 THEN CASE WHEN f THEN 1 END END FROM t
fst | SELECT a, COUNT(*) FILTER (WHERE x > 1) AS n FROM t GROUP BY a HAVING COUNT(*) > 1 ORDER BY n DESC LIMIT 3
fst | (SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT a FROM u) EXCEPT SELECT a FROM t
fst | SELECT COUNT(DISTINCT b) FROM t
fst | SELECT SUM(x) OVER (PARTITION BY a ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t
fst | SELECT ts + INTERVAL '1' DAY, ts - INTERVAL '1' HOUR FROM t WHERE ts > TIMESTAMP '2020-01-01 00:00:00'
fst | SELECT EXTRACT(YEAR FROM ts), TRIM(BOTH ' ' FROM b), SUBSTRING(b FROM 1 FOR 2), POSITION('a' IN b) FROM t
fst | SELECT a, b, COUNT(*) FROM t GROUP BY GROUPING SETS ((a, b), (a), ())
fst | SELECT x FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND a = (SELECT MAX(a) FROM u)
fst | SELECT x FROM t WHERE a IN (SELECT a FROM u) OR a NOT IN (SELECT a FROM u)
fs- | SELECT a FROM t ORDER BY ts LIMIT 1 OFFSET 2
f-t | SELECT a FROM t ORDER BY ts OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY
-s- | SELECT like(b, 'x'), ilike(b, 'x') FROM t WHERE (regexp(b, 'x') OR rlike(b, 'y')) AND NOT like(b, 'z')
f-- | SELECT CASE WHEN REGEXP(b, 'x') THEN 1 END FROM t WHERE f OR (REGEXP(b, 'x') AND NOT REGEXP(b, 'y'))
--t | SELECT a, limit FROM (SELECT a, 1 AS limit FROM t) OFFSET 1 LIMIT 2
--t | SELECT [1, 2][1] FROM t
-s- | SELECT end, start FROM (SELECT a AS end, a AS start FROM t)
-s- | SELECT b LIKE 'a' 'b', INTERVAL '1 day', CAST(NULL AS MAP<STRING, ARRAY<INT>>) FROM t
-s- | SELECT 1 WHERE TRUE
-s- | SELECT '{{ ds }} “x” @day' AS a, `“a”` FROM (SELECT a AS `“a”` FROM t) -- @day {day}
f-- | SELECT n FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.a AS n PATTERN (A{3} B) DEFINE A AS A.a > 1) AS m
-s- | WITH q (SELECT a FROM t) SELECT q.a FROM q JOIN u
f-- | SELECT b FROM t WHERE b = 'a'
"""


def _cases(texts: str) -> list[tuple[str, str]]:
    return [
        (ENGINES[letter], line.partition("|")[2].strip())
        for line in texts.strip().splitlines()
        for letter in line[:3]
        if letter in ENGINES
    ]


@pytest.mark.parametrize(("engine", "marked"), _cases(BROKEN))
def test_a_broken_query_is_refused_at_its_place(engine: str, marked: str) -> None:
    before, _, rest = marked.partition("{")
    at, _, after = rest.partition("}")
    text = before + at + after
    problems = read_query(text, language_of(engines()[engine]), NAMES).problems
    assert [(one.code, one.start, one.end) for one in problems] == [("sql-syntax", len(before), len(before + at))]


def test_there_are_enough_of_each_engine() -> None:
    counted = Counter(engine for engine, _ in _cases(BROKEN))
    assert min(counted[engine] for engine in ENGINES.values()) >= 80


@pytest.mark.parametrize(("engine", "text"), _cases(FINE))
def test_what_the_engines_take_is_left_alone(engine: str, text: str) -> None:
    assert read_query(text, language_of(engines()[engine]), NAMES).problems == ()


def test_texts_on_lines_of_their_own_are_one_in_flink() -> None:
    problems = read_query("SELECT b FROM t WHERE b = 'a'\n'b'", language_of(engines()["flink"]), NAMES).problems
    assert problems == ()


FOREIGN = """
fst | SELECT a FROM t WHERE b = @day | @
-s- | SELECT a FROM t WHERE b = $day | $
fst | SELECT a FROM t WHERE b = ${day} | {
fst | SELECT a FROM t WHERE b = {day} | {
fst | SELECT {{ ds }} AS a FROM t | {
fst | SELECT a FROM {{ ref('t') }} | {
fst | SELECT a FROM t WHERE b = ‘x’ | ‘x’
fst | SELECT “a” FROM t | “a”
fst | SELECT a FROM t WHERE b = «x» | «x»
fst | SELECT a\u200b FROM t | a\u200b
"""


@pytest.mark.parametrize(
    ("engine", "case"),
    [(ENGINES[one], line) for line in FOREIGN.strip().splitlines() for one in line[:3] if one != "-"],
)
def test_signs_of_templates_and_of_typography_are_none_of_sql(engine: str, case: str) -> None:
    _, text, sign = map(str.strip, case.split("|"))
    (problem,) = read_query(text, language_of(engines()[engine]), NAMES).problems
    assert (problem.code, text[problem.start : problem.end]) == ("sql-syntax", sign)
    assert problem.hints
