-- # nexmark 0: passes through
INSERT INTO numbers SELECT channel, price, CAST(bidder AS DOUBLE) FROM bids
-- # nexmark 1: currency
INSERT INTO numbers SELECT channel, auction, 0.908 * price FROM bids
-- # nexmark 2: selection
INSERT INTO numbers SELECT channel, price, 0.0 FROM bids WHERE MOD(auction, 123) = 0
-- # nexmark 3: local items
INSERT INTO texts
SELECT P.name, A.item
FROM auctions AS A INNER JOIN persons AS P ON A.seller = P.id
WHERE A.category = 10 AND (P.state = 'OR' OR P.state = 'ID' OR P.state = 'CA')
-- # nexmark 4: average of winning bids
INSERT INTO totals
SELECT CAST(Q.category AS STRING), CAST(AVG(Q.final) AS BIGINT), CAST(AVG(Q.final) AS DOUBLE)
FROM (
  SELECT MAX(B.price) AS final, A.category
  FROM auctions A, bids B
  WHERE A.id = B.auction AND B.ts BETWEEN A.ts AND A.expires
  GROUP BY A.id, A.category
) Q
GROUP BY Q.category
-- # nexmark 5: hot items
INSERT INTO numbers
SELECT CAST(AuctionBids.auction AS STRING), AuctionBids.num, 0.0
FROM (
  SELECT auction, COUNT(*) AS num, window_start AS starttime, window_end AS endtime
  FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
  GROUP BY auction, window_start, window_end
) AS AuctionBids
JOIN (
  SELECT MAX(CountBids.num) AS maxn, CountBids.starttime, CountBids.endtime
  FROM (
    SELECT COUNT(*) AS num, window_start AS starttime, window_end AS endtime
    FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
    GROUP BY auction, window_start, window_end
  ) AS CountBids
  GROUP BY CountBids.starttime, CountBids.endtime
) AS MaxBids
ON AuctionBids.starttime = MaxBids.starttime AND AuctionBids.endtime = MaxBids.endtime AND AuctionBids.num >= MaxBids.maxn
-- # nexmark 7: highest bid
INSERT INTO numbers
SELECT B.channel, B.price, 0.0
FROM bids B
JOIN (
  SELECT MAX(price) AS maxprice, window_end AS ends
  FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end
) B1
ON B.price = B1.maxprice
WHERE B.ts BETWEEN B1.ends - INTERVAL '10' SECOND AND B1.ends
-- # nexmark 8: new users
INSERT INTO times
SELECT P.name, P.starttime, P.id
FROM (
  SELECT id, name, window_start AS starttime, window_end AS endtime
  FROM TABLE(TUMBLE(TABLE persons, DESCRIPTOR(ts), INTERVAL '10' SECOND))
  GROUP BY id, name, window_start, window_end
) P
JOIN (
  SELECT seller, window_start AS starttime, window_end AS endtime
  FROM TABLE(TUMBLE(TABLE auctions, DESCRIPTOR(ts), INTERVAL '10' SECOND))
  GROUP BY seller, window_start, window_end
) A
ON P.id = A.seller AND P.starttime = A.starttime AND P.endtime = A.endtime
-- # nexmark 9: winning bids
INSERT INTO totals
SELECT CAST(id AS STRING), price, CAST(bidder AS DOUBLE)
FROM (
  SELECT A.id, B.bidder, B.price,
    ROW_NUMBER() OVER (PARTITION BY A.id ORDER BY B.price DESC, B.ts ASC) AS rownum
  FROM auctions A, bids B
  WHERE A.id = B.auction AND B.ts BETWEEN A.ts AND A.expires
)
WHERE rownum <= 1
-- # nexmark 10: by time parts
INSERT INTO texts SELECT DATE_FORMAT(ts, 'yyyy-MM-dd'), DATE_FORMAT(ts, 'HH:mm') FROM bids
-- # nexmark 11: user sessions
INSERT INTO times
SELECT CAST(bidder AS STRING), window_start, COUNT(*)
FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY bidder, window_start, window_end
-- # nexmark 12: by processing time
INSERT INTO numbers
SELECT CAST(bidder AS STRING), COUNT(*), 0.0
FROM (SELECT bidder, PROCTIME() AS pt FROM bids)
GROUP BY bidder, TUMBLE(pt, INTERVAL '10' SECOND)
-- # nexmark 14: calculation
INSERT INTO texts
SELECT
  CASE WHEN HOUR(ts) >= 8 AND HOUR(ts) <= 18 THEN 'day' WHEN HOUR(ts) <= 6 OR HOUR(ts) >= 20 THEN 'night' ELSE 'other' END,
  CAST(CHAR_LENGTH(extra) AS STRING)
FROM bids WHERE 0.908 * price > 1000000 AND 0.908 * price < 50000000
-- # nexmark 15: filtered counts
INSERT INTO totals
SELECT
  DATE_FORMAT(ts, 'yyyy-MM-dd'),
  COUNT(*) FILTER (WHERE price < 10000),
  CAST(COUNT(DISTINCT bidder) FILTER (WHERE price >= 10000 AND price < 1000000) AS DOUBLE)
FROM bids GROUP BY DATE_FORMAT(ts, 'yyyy-MM-dd')
-- # nexmark 17: aggregates by day
INSERT INTO totals
SELECT CAST(auction AS STRING) || DATE_FORMAT(ts, 'yyyy-MM-dd'), MAX(price), AVG(CAST(price AS DOUBLE))
FROM bids GROUP BY auction, DATE_FORMAT(ts, 'yyyy-MM-dd')
-- # nexmark 18: last bid
INSERT INTO totals
SELECT CAST(auction AS STRING), price, 0.0
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY bidder, auction ORDER BY ts DESC) AS rank_number FROM bids)
WHERE rank_number <= 1
-- # nexmark 19: top ten
INSERT INTO totals
SELECT CAST(auction AS STRING), price, CAST(rank_number AS DOUBLE)
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC) AS rank_number FROM bids)
WHERE rank_number <= 10
-- # nexmark 20: expanded bids
INSERT INTO texts
SELECT B.channel, A.item FROM bids B INNER JOIN auctions A ON B.auction = A.id WHERE A.category = 10
-- # nexmark 21: channel id
INSERT INTO texts
SELECT channel,
  CASE WHEN LOWER(channel) = 'apple' THEN '0' ELSE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) END
FROM bids
WHERE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) IS NOT NULL OR LOWER(channel) IN ('apple', 'google')
-- # nexmark 22: split of an address
INSERT INTO texts SELECT SPLIT_INDEX(url, '/', 3), SPLIT_INDEX(url, '/', 4) FROM bids
-- # tumbling window
INSERT INTO times
SELECT channel, window_start, SUM(price)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY channel, window_start, window_end
-- # tumbling window with named parameters
INSERT INTO times
SELECT channel, window_start, SUM(price)
FROM TABLE(TUMBLE(DATA => TABLE bids, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' HOUR))
GROUP BY channel, window_start, window_end
-- # tumbling window with an offset
INSERT INTO times
SELECT channel, window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '6' HOUR)) GROUP BY channel, window_start, window_end
-- # cumulating window
INSERT INTO times
SELECT channel, window_end, SUM(price)
FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '10' MINUTE))
GROUP BY channel, window_start, window_end
-- # hopping window with HAVING
INSERT INTO times
SELECT channel, window_end, SUM(price)
FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '1' HOUR))
GROUP BY channel, window_start, window_end HAVING SUM(price) > 100
-- # session window without a partition
INSERT INTO times
SELECT 'all', window_start, COUNT(*)
FROM TABLE(SESSION(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end
-- # window of a window
CREATE TEMPORARY VIEW fives AS
SELECT channel, SUM(price) AS total, window_time AS rowtime
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY channel, window_start, window_end, window_time;
INSERT INTO times
SELECT channel, window_start, SUM(total)
FROM TABLE(TUMBLE(TABLE fives, DESCRIPTOR(rowtime), INTERVAL '10' MINUTE)) GROUP BY channel, window_start, window_end
-- # grouping sets in a window
INSERT INTO times
SELECT channel, window_start, SUM(price)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, GROUPING SETS ((channel), ())
-- # rollup in a window
INSERT INTO times
SELECT channel, window_start, SUM(price)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, ROLLUP (channel)
-- # cube in a window
INSERT INTO times
SELECT channel, window_start, SUM(price)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, CUBE (channel, auction)
-- # old group window
INSERT INTO times
SELECT channel, TUMBLE_START(ts, INTERVAL '1' HOUR), COUNT(*) FROM bids GROUP BY channel, TUMBLE(ts, INTERVAL '1' HOUR)
-- # old hopping group window
INSERT INTO times
SELECT channel, HOP_END(ts, INTERVAL '5' MINUTE, INTERVAL '1' HOUR), COUNT(*)
FROM bids GROUP BY channel, HOP(ts, INTERVAL '5' MINUTE, INTERVAL '1' HOUR)
-- # old session group window
INSERT INTO times
SELECT channel, SESSION_START(ts, INTERVAL '30' MINUTE), COUNT(*) FROM bids GROUP BY channel, SESSION(ts, INTERVAL '30' MINUTE)
-- # top of a window
INSERT INTO times
SELECT channel, window_start, price
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY price DESC) AS rownum
  FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
) WHERE rownum <= 3
-- # last of a window
INSERT INTO times
SELECT channel, window_start, price
FROM (
  SELECT channel, price, window_start,
    ROW_NUMBER() OVER (PARTITION BY channel, window_start, window_end ORDER BY ts DESC) AS rownum
  FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
) WHERE rownum = 1
-- # window join
INSERT INTO texts
SELECT L.channel, R.item
FROM (SELECT * FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE))) L
FULL JOIN (SELECT * FROM TABLE(TUMBLE(TABLE auctions, DESCRIPTOR(ts), INTERVAL '5' MINUTE))) R
ON L.auction = R.id AND L.window_start = R.window_start AND L.window_end = R.window_end
-- # window semi join
INSERT INTO texts
SELECT L.channel, L.url
FROM (SELECT * FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE))) L
WHERE L.auction IN (
  SELECT id FROM (SELECT * FROM TABLE(TUMBLE(TABLE auctions, DESCRIPTOR(ts), INTERVAL '5' MINUTE))) R
  WHERE L.window_start = R.window_start AND L.window_end = R.window_end)
-- # over a range of time
INSERT INTO numbers
SELECT channel, SUM(price) OVER (PARTITION BY auction ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW), 0.0
FROM bids
-- # over a number of rows
INSERT INTO numbers
SELECT channel, MAX(price) OVER (PARTITION BY auction ORDER BY ts ROWS BETWEEN 10 PRECEDING AND CURRENT ROW), 0.0 FROM bids
-- # over a named window
INSERT INTO numbers
SELECT channel, SUM(price) OVER w, AVG(CAST(price AS DOUBLE)) OVER w
FROM bids WINDOW w AS (PARTITION BY auction ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
-- # lag
INSERT INTO numbers SELECT channel, price - LAG(price, 1) OVER (PARTITION BY auction ORDER BY ts), 0.0 FROM bids
-- # first row of a key
INSERT INTO numbers
SELECT channel, price, 0.0
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY channel ORDER BY ts ASC) AS r FROM bids) WHERE r = 1
-- # interval join
INSERT INTO numbers
SELECT b.channel, b.price, 0.0
FROM bids b JOIN auctions a ON b.auction = a.id AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR
-- # left interval join
INSERT INTO texts
SELECT a.item, b.channel
FROM auctions a LEFT JOIN bids b ON a.id = b.auction AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '10' MINUTE
-- # temporal join
INSERT INTO numbers
SELECT b.channel, b.price, b.price * r.rate
FROM bids AS b JOIN rates FOR SYSTEM_TIME AS OF b.ts AS r ON b.channel = r.currency
-- # left temporal join
INSERT INTO numbers
SELECT b.channel, b.price, b.price * r.rate
FROM bids AS b LEFT JOIN rates FOR SYSTEM_TIME AS OF b.ts AS r ON b.channel = r.currency
-- # regular join
INSERT INTO numbers SELECT a.k, b.n, a.x FROM plain a JOIN plain b ON a.k = b.k
-- # join of three
INSERT INTO texts
SELECT p.name, b.channel FROM bids b JOIN auctions a ON b.auction = a.id JOIN persons p ON p.id = b.bidder
-- # left join into a compacted topic
INSERT INTO totals SELECT COALESCE(a.k, 'none'), COUNT(b.n), MAX(b.x) FROM plain a LEFT JOIN plain b ON a.n = b.n GROUP BY a.k
-- # join by USING
INSERT INTO numbers SELECT k, a.n, b.x FROM plain a JOIN plain b USING (k)
-- # cross join
INSERT INTO numbers SELECT a.k, b.n, 1.0 FROM plain a CROSS JOIN plain b
-- # semi join
INSERT INTO numbers SELECT k, n, x FROM plain WHERE k IN (SELECT channel FROM bids)
-- # EXISTS
INSERT INTO numbers SELECT k, n, x FROM plain p WHERE EXISTS (SELECT 1 FROM bids b WHERE b.channel = p.k)
-- # a table of the lake is read
INSERT INTO texts SELECT k, label FROM lake.dim
-- # a topic joined with the lake
INSERT INTO texts SELECT p.k, d.label FROM plain p JOIN lake.dim d ON p.k = d.k
-- # the lake is written
INSERT INTO lake.kept SELECT k, n, x FROM plain WHERE n IS NOT NULL
-- # the lake is written by a window
INSERT INTO lake.kept
SELECT channel, SUM(price), AVG(CAST(price AS DOUBLE))
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY channel, window_start, window_end
-- # hints of the lake's table
INSERT INTO numbers SELECT k, n, 0.0 FROM lake.dim /*+ OPTIONS('streaming'='true', 'monitor-interval'='1s') */
-- # listed columns
INSERT INTO numbers (x, k) SELECT x, k FROM plain
-- # several inserts and a view
CREATE TEMPORARY VIEW good AS SELECT k, n, x FROM plain WHERE n > 0;
INSERT INTO numbers SELECT k, n, x FROM good;
INSERT INTO lake.kept SELECT k, n, x FROM good;
INSERT INTO totals SELECT COALESCE(k, ''), SUM(n), MAX(x) FROM good GROUP BY k
-- # view of a view
CREATE TEMPORARY VIEW firsts AS SELECT k, n FROM plain;
CREATE TEMPORARY VIEW seconds AS SELECT k, n * 2 AS m FROM firsts;
INSERT INTO numbers SELECT k, m, 0.0 FROM seconds
-- # common table expressions
INSERT INTO numbers
WITH a AS (SELECT k, n FROM plain), b AS (SELECT k, n + 1 AS n FROM a)
SELECT a.k, b.n, 0.0 FROM a JOIN b ON a.k = b.k
-- # UNION ALL
INSERT INTO numbers SELECT k, n, x FROM plain UNION ALL SELECT channel, price, 0.0 FROM bids
-- # UNION
INSERT INTO totals SELECT COALESCE(k, ''), COUNT(*), 0.0 FROM (SELECT k FROM plain UNION SELECT channel FROM bids) GROUP BY k
-- # INTERSECT and EXCEPT
INSERT INTO totals
SELECT COALESCE(k, ''), COUNT(*), 0.0
FROM (SELECT k FROM plain INTERSECT SELECT channel FROM bids EXCEPT SELECT currency FROM rates) GROUP BY k
-- # DISTINCT
INSERT INTO totals SELECT COALESCE(k, ''), COUNT(*), 0.0 FROM (SELECT DISTINCT k, n FROM plain) GROUP BY k
-- # aggregates
INSERT INTO totals
SELECT COALESCE(k, ''), COUNT(DISTINCT n) + MIN(n) + MAX(n) + CAST(STDDEV_POP(x) AS BIGINT),
  SUM(x) + AVG(x) + STDDEV_SAMP(x) + VAR_POP(x) + VAR_SAMP(x)
FROM plain GROUP BY k
-- # more aggregates
INSERT INTO totals
SELECT COALESCE(k, ''), CARDINALITY(ARRAY_AGG(n)) + CAST(VAR_POP(n) AS BIGINT), CAST(CHAR_LENGTH(LISTAGG(js, ';')) AS DOUBLE)
FROM plain GROUP BY k
-- # first and last value
INSERT INTO totals SELECT COALESCE(k, ''), FIRST_VALUE(n), LAST_VALUE(x) FROM plain GROUP BY k
-- # group by an expression
INSERT INTO totals SELECT UPPER(k), COUNT(*), 0.0 FROM plain WHERE k IS NOT NULL GROUP BY UPPER(k)
-- # group by two levels
INSERT INTO totals SELECT CAST(c AS STRING), COUNT(*), 0.0 FROM (SELECT k, COUNT(*) AS c FROM plain GROUP BY k) GROUP BY c
-- # HAVING
INSERT INTO totals SELECT COALESCE(k, ''), SUM(n), MAX(x) FROM plain GROUP BY k HAVING COUNT(*) > 3
-- # last row of a key
INSERT INTO totals
SELECT k, n, x FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY PROCTIME() DESC) AS r FROM plain WHERE k IS NOT NULL) WHERE r = 1
-- # a changelog is read
INSERT INTO totals SELECT currency, 1, rate FROM rates WHERE rate > 1
-- # MATCH_RECOGNIZE
INSERT INTO numbers
SELECT CAST(auction AS STRING), last_price, 0.0
FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts
  MEASURES FIRST(A.price) AS first_price, LAST(B.price) AS last_price
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+ C)
  DEFINE B AS B.price > LAST(B.price, 1) OR B.price > A.price, C AS C.price < LAST(B.price)
)
-- # MATCH_RECOGNIZE within
INSERT INTO times
SELECT CAST(T.auction AS STRING), T.at_end, T.total
FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts
  MEASURES SUM(A.price) AS total, B.ts AS at_end
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A{2,4}? B) WITHIN INTERVAL '10' MINUTE
  DEFINE A AS A.price > 10, B AS B.price <= AVG(A.price)
) AS T
-- # MATCH_RECOGNIZE with FINAL
INSERT INTO numbers
SELECT CAST(T.auction AS STRING), T.p, 0.0
FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts
  MEASURES FINAL LAST(A.price) AS p
  PATTERN (A B)
  DEFINE A AS price > 10, B AS price < 10
) AS T
-- # JSON_VALUE
INSERT INTO numbers
SELECT JSON_VALUE(js, '$.name'), JSON_VALUE(js, '$.n' RETURNING INTEGER), JSON_VALUE(js, '$.x' RETURNING DOUBLE DEFAULT 0 ON EMPTY NULL ON ERROR)
FROM plain
-- # JSON_QUERY
INSERT INTO texts SELECT JSON_QUERY(js, '$.list' WITH CONDITIONAL WRAPPER), JSON_QUERY(js, '$.o' NULL ON EMPTY) FROM plain
-- # JSON_EXISTS
INSERT INTO texts SELECT k, js FROM plain WHERE JSON_EXISTS(js, '$.a' FALSE ON ERROR) AND js IS JSON OBJECT
-- # JSON_OBJECT and JSON_ARRAY
INSERT INTO texts
SELECT JSON_OBJECT(KEY 'k' VALUE k, 'n' VALUE n NULL ON NULL), JSON_ARRAY(k, n, JSON_ARRAY(1, 2) ABSENT ON NULL) FROM plain
-- # JSON aggregates
INSERT INTO totals
SELECT COALESCE(k, ''), CAST(CHAR_LENGTH(JSON_OBJECTAGG(KEY js VALUE n)) AS BIGINT), CAST(CHAR_LENGTH(JSON_ARRAYAGG(n)) AS DOUBLE)
FROM plain WHERE js IS NOT NULL GROUP BY k
-- # MAP, ARRAY, ROW
INSERT INTO numbers SELECT MAP['a', k]['a'], ARRAY[n, 2, 3][1], CAST(CARDINALITY(MAP[k, n]) AS DOUBLE) FROM plain
-- # fields of a ROW
INSERT INTO numbers
SELECT q.r.a, q.r.b, 0.0 FROM (SELECT CAST(ROW(k, n) AS ROW<a STRING, b BIGINT>) AS r FROM plain) q
-- # UNNEST
INSERT INTO numbers SELECT k, e, 0.0 FROM plain CROSS JOIN UNNEST(ARRAY[n, n + 1]) AS t (e)
-- # UNNEST with ordinality
INSERT INTO numbers SELECT k, e + o, 0.0 FROM plain CROSS JOIN UNNEST(ARRAY[n, n + 1]) WITH ORDINALITY AS t (e, o)
-- # array functions
INSERT INTO texts
SELECT ARRAY_JOIN(ARRAY_DISTINCT(ARRAY[k, js]), ','), CAST(ARRAY_CONTAINS(ARRAY[n], 1) AS STRING) FROM plain
-- # map functions
INSERT INTO texts SELECT ARRAY_JOIN(MAP_KEYS(MAP[k, js]), ','), STR_TO_MAP(js)['a'] FROM plain
-- # strings
INSERT INTO texts
SELECT UPPER(k) || LOWER(k) || TRIM(BOTH ' ' FROM k) || SUBSTRING(k FROM 2 FOR 3) || REPLACE(k, 'a', 'b') || LPAD(k, 5, '0'),
  CONCAT_WS('-', INITCAP(k), REVERSE(k), OVERLAY(k PLACING 'x' FROM 1 FOR 1), LEFT(k, 2), RIGHT(k, 2), REPEAT(k, 2))
FROM plain
-- # more strings
INSERT INTO texts
SELECT MD5(k) || SHA256(k) || TO_BASE64(k) || FROM_BASE64(k) || CHR(65) || CAST(ASCII(k) AS STRING),
  REGEXP_REPLACE(k, 'a+', 'b') || CAST(POSITION('a' IN k) + INSTR(k, 'b') + LOCATE('c', k) AS STRING)
FROM plain
-- # LIKE and SIMILAR
INSERT INTO texts SELECT k, js FROM plain WHERE k LIKE 'a!_%' ESCAPE '!' AND k NOT LIKE 'b%' AND js SIMILAR TO '[a-z]+' AND REGEXP(k, 'x.*')
-- # numbers
INSERT INTO numbers
SELECT k, ABS(n) + MOD(n, 7) + SIGN(n) + CAST(ROUND(x, 0) AS BIGINT) + CAST(FLOOR(x) AS BIGINT) + CAST(CEIL(x) AS BIGINT),
  SQRT(x) + POWER(x, 2) + EXP(x) + LN(x) + LOG10(x) + LOG(2, x) + SIN(x) + ATAN2(x, 1) + PI() + TRUNCATE(x, 2) + RAND()
FROM plain
-- # decimals
INSERT INTO numbers SELECT k, CAST(d * 100 AS BIGINT), CAST(d / 3 + n - 1.5 AS DOUBLE) FROM plain
-- # times
INSERT INTO times
SELECT k, t + INTERVAL '1' DAY - INTERVAL '2' MONTH, TIMESTAMPDIFF(HOUR, t, TIMESTAMPADD(DAY, 1, t)) FROM plain
-- # parts of times
INSERT INTO numbers
SELECT DATE_FORMAT(t, 'yyyy'), EXTRACT(DOW FROM t) + YEAR(t) + QUARTER(t) + DAYOFYEAR(dd) + WEEK(dd), CAST(HOUR(t) + MINUTE(t) AS DOUBLE) FROM plain
-- # floor of a time
INSERT INTO times SELECT k, FLOOR(t TO HOUR), n FROM plain WHERE CEIL(t TO DAY) > TIMESTAMP '2024-01-01 00:00:00'
-- # times from texts
INSERT INTO times
SELECT k, TO_TIMESTAMP(js, 'yyyy-MM-dd HH:mm:ss'), UNIX_TIMESTAMP(js) FROM plain WHERE dd = DATE '2024-02-29' AND TO_DATE(js) > dd
-- # times and zones
INSERT INTO times SELECT CONVERT_TZ(js, 'UTC', 'Europe/Paris'), CAST(TO_TIMESTAMP_LTZ(n, 3) AS TIMESTAMP(3)), n FROM plain
-- # current time
INSERT INTO texts SELECT CAST(CURRENT_DATE AS STRING), CAST(CURRENT_TIMESTAMP AS STRING) FROM plain WHERE t < LOCALTIMESTAMP
-- # conditions
INSERT INTO texts
SELECT CASE k WHEN 'a' THEN 'x' ELSE 'y' END, IF(n > 3, COALESCE(js, k), IFNULL(NULLIF(k, 'a'), 'b')) FROM plain
-- # greatest and least
INSERT INTO numbers SELECT k, GREATEST(n, 3, 4), LEAST(x, 1.0E0) FROM plain
-- # predicates
INSERT INTO numbers
SELECT k, n, x FROM plain
WHERE n BETWEEN 1 AND 5 AND k IN ('a', 'b') AND NOT (b IS NOT TRUE) AND k IS DISTINCT FROM js AND (b OR x <> 3) AND n NOT IN (7, 8)
-- # TRY_CAST
INSERT INTO numbers SELECT k, TRY_CAST(js AS BIGINT), TRY_CAST(js AS DOUBLE) FROM plain
-- # typeof and uuid
INSERT INTO texts SELECT TYPEOF(n), UUID() FROM plain
-- # bytes
INSERT INTO texts SELECT DECODE(ENCODE(k, 'UTF-8'), 'UTF-8'), HEX(n) || BIN(n) FROM plain
-- # an alias is grouped by
INSERT INTO totals SELECT COALESCE(k, '') AS kk, COUNT(*), 0.0 FROM plain GROUP BY COALESCE(k, '')
-- # a scalar subquery
INSERT INTO totals SELECT COALESCE(k, ''), n, x FROM plain WHERE n > (SELECT AVG(price) FROM bids)
-- # VALUES
INSERT INTO numbers VALUES ('a', 1, 1.0), ('b', 2, CAST(NULL AS DOUBLE))
-- # VALUES in FROM
INSERT INTO numbers SELECT v.k, p.n, v.x FROM plain p JOIN (VALUES ('a', 1.5E0), ('b', 2.5E0)) AS v (k, x) ON p.k = v.k
-- # comments and names in quotes
INSERT INTO numbers
SELECT `k`, /* the number */ `n` AS `select`, x -- the rest
FROM `plain` AS `from`
-- # a join with hints
INSERT INTO texts SELECT /*+ STATE_TTL('b' = '1d', 'a' = '2d') */ b.channel, a.item FROM bids b JOIN auctions a ON b.auction = a.id
-- # a topic with hints
INSERT INTO numbers SELECT k, n, x FROM plain /*+ OPTIONS('scan.startup.mode'='latest-offset') */
-- # the watermark
INSERT INTO times SELECT channel, CURRENT_WATERMARK(ts), price FROM bids WHERE CURRENT_WATERMARK(ts) IS NULL OR ts > CURRENT_WATERMARK(ts)
-- # lateral top
INSERT INTO totals
SELECT c.channel, b.price, 0.0
FROM (SELECT DISTINCT channel FROM bids) c, LATERAL (SELECT price FROM bids WHERE channel = c.channel ORDER BY price DESC LIMIT 3) b
-- # recomputed columns
INSERT INTO numbers SELECT k, m + 1, x FROM (SELECT k, x, n * 2 AS m FROM plain) WHERE m > 3
-- # sorted by time
INSERT INTO numbers SELECT channel, price, 0.0 FROM bids ORDER BY ts
-- # grouped by position of a window function
INSERT INTO times
SELECT k, w, c FROM (
  SELECT channel AS k, window_start AS w, COUNT(*) AS c
  FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, channel) q
-- # every kind of literal
INSERT INTO texts SELECT 'it''s' || U&'\00e9' || 'é 😀', CAST(X'01FF' AS STRING) || CAST(1e3 + .5 AS STRING) || CAST(TRUE AS STRING) FROM plain
-- # fields of rows, elements of arrays and maps
INSERT INTO texts
SELECT b.buyer.name, b.lines[1].sku || b.tags['a'] || b.buyer.home.city FROM baskets b WHERE b.buyer.home.zip > CARDINALITY(b.lines)
-- # elements of an array as rows
INSERT INTO numbers SELECT l.sku, b.id, CAST(l.price AS DOUBLE) FROM baskets b CROSS JOIN UNNEST(b.lines) AS l (sku, n, price)
-- # entries of a map as rows
INSERT INTO texts SELECT t.k, t.v FROM baskets b CROSS JOIN UNNEST(b.tags) AS t (k, v)
-- # nested columns copied
INSERT INTO lake.boxes SELECT * FROM baskets
-- # floats, small numbers, instants
INSERT INTO numbers SELECT code, small + 1, CAST(ratio AS DOUBLE) FROM baskets WHERE bought > CURRENT_TIMESTAMP
