"""Aggregates, unions and values that do not meet: what each engine refuses, at its place, and what it takes.

Each text was asked of Flink 2.1.3, Spark 4.1.1 and Trino 476.
"""

from __future__ import annotations

import pytest
from test_check_grammar import ENGINES, NAMES

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_query
from rosace.contract.registry import engines

REFUSED = """
fst | not-grouped     | SELECT a, {b}, COUNT(*) FROM t GROUP BY a
fst | not-grouped     | SELECT {b}, COUNT(*) FROM t
fst | not-grouped     | SELECT a, COUNT(*) FROM t GROUP BY a HAVING {b} = 'x'
fst | not-grouped     | SELECT a, MAX(x) + {x} FROM t GROUP BY a
fst | not-grouped     | SELECT CASE WHEN a = 1 THEN {x} END, COUNT(*) FROM t GROUP BY a
fst | not-grouped     | SELECT a, SUM({x}) OVER (PARTITION BY a) FROM t GROUP BY a
fst | not-grouped     | SELECT t.a, {u.c}, COUNT(*) FROM t JOIN u ON t.a = u.a GROUP BY t.a
fst | not-grouped     | SELECT UPPER({b}), COUNT(*) FROM t GROUP BY LOWER(b)
fst | not-grouped     | SELECT a, COUNT(*) FROM t GROUP BY a ORDER BY {x}
fst | aggregate-place | SELECT a FROM t WHERE {COUNT}(*) > 1
fst | aggregate-place | SELECT a FROM t WHERE x > {MAX}(x)
fst | aggregate-place | SELECT {SUM}(COUNT(*)) FROM t
fst | aggregate-place | SELECT {MAX}(x + MIN(x)) FROM t GROUP BY a
fst | aggregate-place | SELECT a FROM t WHERE {ROW_NUMBER}() OVER (ORDER BY ts) = 1
fst | aggregate-place | SELECT t.a FROM t JOIN u ON t.a = {MAX}(u.a)
fst | aggregate-place | SELECT COUNT(*) FROM t GROUP BY {SUM}(a)
fst | aggregate-place | SELECT a, {RANK}() FROM t
fst | set-columns     | SELECT a, b FROM t UNION ALL SELECT {a FROM u}
fst | set-columns     | SELECT a FROM t EXCEPT SELECT {a, c FROM u}
fst | set-columns     | SELECT a, b FROM t ORDER BY {7}
fst | unlike-types    | SELECT a FROM t UNION ALL SELECT {ts} FROM t
fst | unlike-types    | SELECT f FROM t UNION ALL SELECT {n} FROM u
f-t | unlike-types    | SELECT a FROM t UNION ALL SELECT {c} FROM u
fst | unlike-types    | SELECT a FROM t WHERE {ts > a}
fst | unlike-types    | SELECT a FROM t WHERE {ts = 1}
fst | unlike-types    | SELECT a FROM t WHERE {f = 1}
f-t | unlike-types    | SELECT a FROM t WHERE {b = 1}
f-t | unlike-types    | SELECT t.a FROM t JOIN u ON {t.a = u.c}
--t | unlike-types    | SELECT a FROM t WHERE {ts > '2020-01-01'}
fst | unlike-types    | SELECT a FROM t WHERE {a}
fst | unlike-types    | SELECT a FROM t WHERE {b}
fst | unlike-types    | SELECT a FROM t WHERE {ts}
"""
TAKEN = """
fst | SELECT a, a + 1, UPPER(b), COUNT(*), SUM(x) * 2, MAX(x) - MIN(x) FROM t GROUP BY a, b
fst | SELECT t.a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1 AND t.a > 1 ORDER BY a
fst | SELECT UPPER(b), COUNT(*) FROM t GROUP BY UPPER(b)
fst | SELECT a + 1, COUNT(*) FROM t GROUP BY a + 1
fst | SELECT a AS k, COUNT(*) AS n FROM t GROUP BY a ORDER BY n, k
fst | SELECT CASE WHEN a = 1 THEN 'x' ELSE b END, COUNT(*) FROM t GROUP BY CASE WHEN a = 1 THEN 'x' ELSE b END
fst | SELECT a, b, COUNT(*) FROM t GROUP BY GROUPING SETS ((a, b), (a), ())
fst | SELECT a, b, COUNT(*) FROM t GROUP BY ROLLUP (a, b)
fst | SELECT a, b, COUNT(*) FROM t GROUP BY CUBE (a, b)
fst | SELECT a, COUNT(*) FILTER (WHERE x > 1), SUM(CASE WHEN b = 'x' THEN x ELSE 0 END) FROM t GROUP BY a
fst | SELECT COUNT(*), 1, 'x', CAST(NULL AS INT) FROM t
fst | SELECT a, (SELECT MAX(u.n) FROM u), COUNT(*) FROM t GROUP BY a
fst | SELECT a FROM t WHERE x > (SELECT MAX(n) FROM u)
fst | SELECT a FROM t WHERE EXISTS (SELECT u.a FROM u WHERE u.a = t.a GROUP BY u.a HAVING COUNT(*) > 1)
fst | SELECT a, SUM(x) OVER (PARTITION BY b ORDER BY ts) FROM t
fst | SELECT DISTINCT a, b FROM t
-st | SELECT a, COUNT(*), RANK() OVER (ORDER BY COUNT(*) DESC), SUM(SUM(x)) OVER () FROM t GROUP BY a
-st | SELECT a, COUNT(*) FROM t GROUP BY 1 ORDER BY 2 DESC
-s- | SELECT a AS k, k + 1, COUNT(*) FROM t GROUP BY k
-s- | SELECT a, b, COUNT(*) FROM t GROUP BY ALL
-s- | SELECT window.start, window(ts, '1 hour').end, COUNT(*) FROM t GROUP BY window(ts, '1 hour')
-s- | SELECT a, collect_list(b), percentile_approx(x, 0.5), first(b) FROM t GROUP BY a
-s- | SELECT a FROM t WHERE b = 1 AND ts > '2020-01-01' AND f = 'true'
--t | SELECT a, array_agg(b ORDER BY ts), listagg(b, ',') WITHIN GROUP (ORDER BY ts), max_by(b, x) FROM t GROUP BY a
--t | SELECT a, approx_percentile(x, 0.5), reduce_agg(x, 0e0, (p, q) -> p + q, (p, q) -> p + q) FROM t GROUP BY a
--t | SELECT x > ALL (SELECT 1e0), x = ANY (SELECT 2e0), a > SOME (SELECT 1) FROM t
--t | SELECT t.A, count(*) FROM t GROUP BY a
f-- | SELECT TUMBLE_START(ts, INTERVAL '1' DAY), SUM(x) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY), a
f-- | SELECT a, window_start, SUM(x) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY a, window_start, window_end
f-- | SELECT a, LISTAGG(b), JSON_OBJECTAGG(KEY b VALUE x), JSON_ARRAYAGG(b), LAST_VALUE(b) FROM t GROUP BY a
f-- | SELECT a FROM t WHERE ts > '2020-01-01' AND b > 1
fst | SELECT a, n FROM t UNION ALL SELECT n, a FROM u
fst | SELECT x FROM t UNION ALL SELECT NULL FROM u
fst | SELECT d FROM t UNION ALL SELECT n FROM u
fst | SELECT a FROM t WHERE a = n AND x > a AND d < 1 AND b = 'x' AND ts > TIMESTAMP '2020-01-01 00:00:00' AND f
fst | SELECT a FROM t WHERE f AND NOT f OR a = 1
fst | SELECT a FROM t WHERE ts > ts - INTERVAL '1' DAY AND CAST(b AS INT) = 1
"""  # noqa: E501


def _cases(texts: str) -> list[tuple[str, ...]]:
    lines = [[part.strip() for part in line.split(" | ")] for line in texts.strip().splitlines()]
    return [(ENGINES[one], *rest) for letters, *rest in lines for one in letters if one in ENGINES]


@pytest.mark.parametrize(("engine", "code", "marked"), _cases(REFUSED))
def test_what_cannot_be_meant_is_refused_at_its_place(engine: str, code: str, marked: str) -> None:
    before, _, rest = marked.partition("{")
    at, _, after = rest.partition("}")
    text = before + at + after
    problems = read_query(text, language_of(engines()[engine]), NAMES).problems
    assert [(one.code, text[one.start : one.end]) for one in problems] == [(code, at)]


@pytest.mark.parametrize(("engine", "text"), _cases(TAKEN))
def test_what_can_be_meant_is_taken(engine: str, text: str) -> None:
    assert read_query(text, language_of(engines()[engine]), NAMES).problems == ()
