"""What Flink's own documentation writes is read, and windows are tables over tables."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from rosace.engines.flink.dialect import Flink
from rosace.kit.standard_sql import TableArgument

# One query a line, in the shapes that Flink 2.1's documentation shows.
QUERIES = r"""
SELECT a FROM TABLE(TUMBLE(TABLE departures, DESCRIPTOR(time_hour), INTERVAL '1' HOUR)) GROUP BY a
SELECT a FROM TABLE(TUMBLE(TABLE `lake`.`departures`, DESCRIPTOR(time_hour), INTERVAL '10' MINUTES)) AS w GROUP BY a, window_start
SELECT * FROM TUMBLE(TABLE Bid, DESCRIPTOR(bidtime), INTERVAL '10' MINUTES, INTERVAL '1' MINUTES)
SELECT * FROM TABLE(TUMBLE(DATA => TABLE Bid, TIMECOL => DESCRIPTOR(bidtime), SIZE => INTERVAL '10' MINUTES))
SELECT * FROM TABLE(HOP(TABLE Bid, DESCRIPTOR(bidtime), INTERVAL '5' MINUTES, INTERVAL '10' MINUTES)) h JOIN x ON h.a = x.b
SELECT * FROM TABLE(CUMULATE(TABLE Bid, DESCRIPTOR(bidtime), INTERVAL '2' MINUTES, INTERVAL '10' MINUTES))
SELECT * FROM TABLE(SESSION(TABLE Bid PARTITION BY item, DESCRIPTOR(bidtime), INTERVAL '5' MINUTES))
SELECT window_start, window_end, item, SUM(price) AS total_price FROM TABLE(SESSION(TABLE Bid PARTITION BY (item, b), DESCRIPTOR(bidtime), INTERVAL '2' MINUTES)) GROUP BY item, window_start, window_end
SELECT o.order_id, r.rate FROM orders AS o LEFT JOIN rates FOR SYSTEM_TIME AS OF o.order_time AS r ON o.currency = r.currency
SELECT o.order_id FROM orders o JOIN rates FOR SYSTEM_TIME AS OF o.order_time r ON o.currency = r.currency
SELECT o.amount, r.rate FROM Orders AS o, LATERAL TABLE (Rates(o.rowtime)) AS r WHERE r.currency = o.currency
SELECT users, tag FROM Orders CROSS JOIN UNNEST(tags) AS t (tag)
SELECT order_id, res FROM Orders, LATERAL TABLE(table_func(order_id)) t(res)
SELECT order_id, res FROM Orders LEFT OUTER JOIN LATERAL TABLE(table_func(order_id)) t(res) ON TRUE
SELECT TIMESTAMPDIFF(HOUR, a, b), TIMESTAMPADD(DAY, 1, a), FLOOR(a TO HOUR), CEIL(a TO DAY), EXTRACT(HOUR FROM a) FROM t
SELECT TUMBLE_START(rowtime, INTERVAL '1' DAY), SUM(x) FROM t GROUP BY TUMBLE(rowtime, INTERVAL '1' DAY), k
SELECT SUM(amount) OVER (PARTITION BY k ORDER BY rowtime RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS s FROM t
SELECT a, SUM(x) OVER w FROM t WINDOW w AS (PARTITION BY k ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC) AS rn FROM t) WHERE rn <= 5
SELECT /*+ BROADCAST(t) */ * FROM t /*+ OPTIONS('scan.startup.mode'='earliest-offset') */ JOIN b ON t.x=b.x
SELECT * FROM t /*+ OPTIONS('streaming'='true', 'monitor-interval'='1s') */ AS x
SELECT CAST(a AS ROW<x INT, y STRING>), CAST(b AS ARRAY<STRING>), CAST(c AS MAP<STRING, INT>), TRY_CAST(d AS DECIMAL(10, 2)), CAST(e AS TIMESTAMP(3)), CAST(f AS TIMESTAMP_LTZ(3)), CAST(x AS BYTES), CAST(x AS VARCHAR(20)), CAST(x as TIMESTAMP(3) WITHOUT TIME ZONE), CAST(x AS TIMESTAMP(3) WITH LOCAL TIME ZONE) FROM t
SELECT JSON_VALUE(a, '$.b'), JSON_VALUE(a, '$.b' RETURNING INT), JSON_VALUE(a, '$.b' RETURNING BOOLEAN DEFAULT FALSE ON EMPTY), JSON_EXISTS(a, '$.x'), JSON_OBJECT('k' VALUE v), JSON_QUERY(a, '$.x'), a IS JSON FROM t
SELECT JSON_OBJECT(KEY 'a' VALUE 1 NULL ON NULL), JSON_ARRAY(1, 2), JSON_OBJECTAGG(KEY k VALUE v), JSON_STRING(x) FROM t
SELECT ARRAY[1,2], MAP['a', 1], ROW(1, 'x'), a[1], m['k'], CARDINALITY(a) FROM t
SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END, COALESCE(a, 1), NULLIF(a, 0), IF(a > 1, 2, 3), a IS NOT DISTINCT FROM b, a || b FROM t
SELECT DATE_FORMAT(ts, 'yyyy-MM-dd'), TO_TIMESTAMP('2020-01-01'), TO_TIMESTAMP_LTZ(1, 3), CURRENT_TIMESTAMP, LOCALTIMESTAMP, PROCTIME(), NOW(), DATE '2013-01-01', TIMESTAMP '2013-01-01 00:00:00', CURRENT_DATE, CURRENT_ROW_TIMESTAMP(), CURRENT_WATERMARK(ts) FROM t
SELECT COUNT(*) FILTER (WHERE x > 1), COUNT(DISTINCT a), LISTAGG(a, ','), COLLECT(a), STDDEV_POP(x), FIRST_VALUE(x), LAST_VALUE(x) FROM t GROUP BY GROUPING SETS ((a), ())
SELECT a FROM t GROUP BY CUBE (a, b)
SELECT a FROM t GROUP BY ROLLUP (a, b) HAVING COUNT(*) > 1
SELECT TRIM(BOTH ' ' FROM a), SUBSTRING(a FROM 1 FOR 2), POSITION('a' IN b), OVERLAY(a PLACING 'x' FROM 1 FOR 2), REGEXP_EXTRACT(a, 'x', 1), SPLIT_INDEX(a, ',', 1), LOCATE('a', b), UPPER(a) FROM t
SELECT a FROM t WHERE a IN (SELECT x FROM u) AND EXISTS (SELECT 1 FROM u WHERE u.x = t.a)
SELECT a FROM t UNION ALL SELECT b FROM u
(SELECT a FROM t) INTERSECT (SELECT b FROM u)
SELECT a FROM t EXCEPT SELECT b FROM u ORDER BY a LIMIT 10
WITH x AS (SELECT 1 AS a) SELECT * FROM x
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name)
VALUES (1, 'a')
SELECT T.aid, T.bid FROM MyTable MATCH_RECOGNIZE (PARTITION BY userid ORDER BY proctime MEASURES A.id AS aid, B.id AS bid ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B C) DEFINE A AS name = 'a', B AS name = 'b') AS T
SELECT * FROM Ticker MATCH_RECOGNIZE (PARTITION BY symbol ORDER BY rowtime MEASURES START_ROW.rowtime AS start_tstamp, LAST(PRICE_DOWN.rowtime) AS bottom_tstamp ONE ROW PER MATCH AFTER MATCH SKIP TO LAST PRICE_UP PATTERN (START_ROW PRICE_DOWN+ PRICE_UP) WITHIN INTERVAL '1' HOUR DEFINE PRICE_DOWN AS (LAST(PRICE_DOWN.price, 1) IS NULL AND PRICE_DOWN.price < START_ROW.price), PRICE_UP AS PRICE_UP.price > LAST(PRICE_DOWN.price, 1)) MR
SELECT INTERVAL '1' DAY, INTERVAL '1:30' HOUR TO MINUTE, INTERVAL '10' SECOND(3), INTERVAL '1-2' YEAR TO MONTH, ts + INTERVAL '5' MINUTE, ts - INTERVAL '1 10' DAY TO HOUR FROM t
SELECT a AS `hour`, b AS `order`, `t`.`a b` FROM t
SELECT a.b.c, t.r.f FROM t
SELECT * FROM a JOIN b ON a.id = b.id AND a.ts BETWEEN b.ts - INTERVAL '4' HOUR AND b.ts
SELECT * FROM a LEFT SEMI JOIN b ON a.id = b.id
SELECT DISTINCT a FROM t
SELECT `value`, `offset`, `partition`, `timestamp` FROM t
SELECT x'AB', N'abc', U&'\0041', 1e3, 1.5, .5, TRUE, NULL, 'it''s' FROM t
SELECT MOD(a, 2), a % 2, POWER(a, 2), LN(a), LOG(a), ROUND(a, 1), TRUNCATE(a, 1), ABS(a), RAND(), UUID() FROM t
SELECT a LIKE 'x%' ESCAPE '!', a SIMILAR TO 'x', a NOT BETWEEN SYMMETRIC 1 AND 2 FROM t
SELECT ts AT TIME ZONE 'UTC' FROM t
SELECT LAG(a, 1) OVER (PARTITION BY b ORDER BY ts) FROM t
SELECT YEAR(ts), MONTH(ts), DAYOFMONTH(ts), HOUR(ts), QUARTER(d) FROM t
SELECT ts.year, day, hour, minute, month, year FROM t
SELECT * FROM MyPtf(input => TABLE t PARTITION BY k, uid => 'x')
SELECT * FROM ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(a))
SELECT a FROM t NATURAL JOIN u
SELECT a FROM t JOIN u USING (a)
SELECT a FROM t, u WHERE t.x = u.x
SELECT a FROM t OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY
SELECT PERCENTILE(a, 0.5), APPROX_COUNT_DISTINCT(a), ARRAY_AGG(a), ELEMENT(a), TYPEOF(a) FROM t
SELECT OVERLAPS FROM t
SELECT (a, b) IN (SELECT a, b FROM u) FROM t
SELECT CAST(NULL AS INT), NULL FROM t
"""  # noqa: E501


@pytest.mark.parametrize("query", QUERIES.strip().splitlines())
def test_is_read(query: str) -> None:
    (tree,) = sqlglot.parse(query, read=Flink)
    assert isinstance(tree, exp.Query | exp.Values)


def test_window_over_a_table() -> None:
    query = "SELECT 1 FROM TABLE(SESSION(DATA => TABLE `lake`.`bids` PARTITION BY item, TIMECOL => DESCRIPTOR(at)))"
    argument = sqlglot.parse_one(query, read=Flink).find(TableArgument)
    assert argument is not None
    assert [part.name for part in argument.this.parts] == ["lake", "bids"]
    assert [key.name for key in argument.args["partition_by"]] == ["item"]
    quoted = argument.this.parts[0].meta
    assert query[quoted["start"] : quoted["end"] + 1] == "`lake`"


def test_units_are_no_columns() -> None:
    tree = sqlglot.parse_one(
        "SELECT TIMESTAMPDIFF(HOUR, a, b), FLOOR(a TO DAY), EXTRACT(MONTH FROM a) FROM t", read=Flink
    )
    assert {column.name for column in tree.find_all(exp.Column)} == {"a", "b"}


@pytest.mark.parametrize("query", ["SELECT a FROM", "SELECT (a FROM t", "SELECT a b c FROM t", 'SELECT "a" FROM t'])
def test_is_refused(query: str) -> None:
    with pytest.raises(sqlglot.ParseError):
        sqlglot.parse(query, read=Flink)


def test_statements() -> None:
    text = "CREATE TEMPORARY VIEW v AS SELECT 1 AS a; INSERT INTO `t` (a) SELECT a FROM v; INSERT OVERWRITE t SELECT 2"
    view, into, over = sqlglot.parse(text, read=Flink)
    assert isinstance(view, exp.Create)
    assert isinstance(into, exp.Insert)
    assert over is not None
    assert over.args["overwrite"]
