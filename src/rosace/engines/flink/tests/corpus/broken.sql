-- # trailing AND
INSERT INTO numbers
SELECT k, n, x FROM plain
WHERE n > 3 AND -- <<
-- # trailing comma in GROUP BY
INSERT INTO totals
SELECT k, COUNT(*), 0.0 FROM plain
GROUP BY k, -- <<
-- # trailing comma in FROM
INSERT INTO numbers SELECT k, n, x
FROM plain, -- <<
-- # trailing comma in SELECT
INSERT INTO numbers
SELECT k, n, x,
FROM plain -- <<
-- # WHERE after ORDER BY
INSERT INTO numbers SELECT channel, price, 0.0 FROM bids
ORDER BY ts
WHERE price > 3 -- <<
-- # empty IN
INSERT INTO numbers SELECT k, n, x FROM plain
WHERE k IN () -- <<
-- # HAVING before GROUP BY
INSERT INTO totals SELECT k, COUNT(*), 0.0 FROM plain
HAVING COUNT(*) > 1
GROUP BY k -- <<
-- # JOIN without a condition's right side
INSERT INTO numbers SELECT a.k, a.n, a.x FROM plain a
JOIN plain b ON a.k = -- <<
-- # CASE without END
INSERT INTO numbers
SELECT CASE WHEN n > 1 THEN k, n, x FROM plain -- <<
-- # an unclosed parenthesis
INSERT INTO numbers
SELECT (k, n, x FROM plain -- <<
-- # unknown functions
INSERT INTO numbers SELECT k,
  NVL(LENGHT(k), 0), x -- <<
FROM plain
-- # a function of another engine
INSERT INTO times SELECT k,
  date_trunc('hour', t), n -- <<
FROM plain
-- # a misspelt aggregate
INSERT INTO totals SELECT COALESCE(k, ''),
  SUMM(n), 0.0 -- <<
FROM plain GROUP BY k
-- # too few arguments
INSERT INTO texts SELECT k,
  SPLIT_INDEX(js) -- <<
FROM plain
-- # arguments of a wrong type
INSERT INTO texts SELECT k,
  SPLIT_INDEX(n, '/', 'a') -- <<
FROM plain
-- # a text and a number added
INSERT INTO numbers SELECT k,
  k + n, x -- <<
FROM plain
-- # a text compared with a number
INSERT INTO numbers SELECT k, n, x -- (told at the statement)
FROM plain WHERE k = n
-- # a time compared with a number
INSERT INTO numbers SELECT k, n, x FROM plain
WHERE t > 3 -- <<
-- # LIKE of a number
INSERT INTO numbers SELECT k, n, x FROM plain
WHERE n LIKE 'a%' -- <<
-- # NOT of a text
INSERT INTO numbers SELECT k, n, x FROM plain
WHERE NOT k -- <<
-- # WHERE of a number
INSERT INTO numbers SELECT k, n, x FROM plain
WHERE n -- <<
-- # CASE of two types
INSERT INTO numbers SELECT
  CASE WHEN b THEN k ELSE t END, n, x -- <<
FROM plain
-- # a cast that does not exist
INSERT INTO numbers SELECT k, n,
  CAST(dd AS DOUBLE) -- <<
FROM plain
-- # an unknown type
INSERT INTO numbers SELECT k,
  CAST(js AS LONG), x -- <<
FROM plain
-- # a column that is not grouped
INSERT INTO totals
SELECT k, n, MAX(x) -- <<
FROM plain GROUP BY k
-- # an aggregate in WHERE
INSERT INTO totals SELECT k, COUNT(*), 0.0 FROM plain
WHERE COUNT(*) > 1 -- <<
GROUP BY k
-- # an aggregate of an aggregate
INSERT INTO totals SELECT k,
  SUM(MAX(n)), 0.0 -- <<
FROM plain GROUP BY k
-- # GROUP BY a position that is not there
INSERT INTO totals SELECT k, COUNT(*), 0.0 FROM plain
GROUP BY kk -- <<
-- # UNION of two widths
INSERT INTO numbers
SELECT k, n, x FROM plain
UNION ALL
SELECT channel, price FROM bids -- <<
-- # UNION of two types
INSERT INTO numbers
SELECT k, n, x FROM plain UNION ALL -- <<
SELECT channel, b, 0.0 FROM bids, plain
-- # an unknown column
INSERT INTO numbers SELECT k, n,
  y -- <<
FROM plain
-- # an ambiguous column
INSERT INTO numbers SELECT
  k, a.n, b.x -- <<
FROM plain a JOIN plain b ON a.n = b.n
-- # an unknown table
INSERT INTO numbers SELECT k, n, x
FROM plane -- <<
-- # a column of the other side
INSERT INTO numbers SELECT p.k, p.n, p.x FROM plain p
JOIN bids b ON p.k = b.k -- <<
-- # too few columns for the target
INSERT INTO numbers -- <<
SELECT k, n FROM plain
-- # a column of a wrong type for the target
INSERT INTO numbers -- <<
SELECT k, t, x FROM plain
-- # an unknown field of a ROW
INSERT INTO numbers SELECT
  r.c, n, x -- <<
FROM (SELECT CAST(ROW(k, n) AS ROW<a STRING, b BIGINT>) AS r, n, x FROM plain)
-- # an ARRAY of two types
INSERT INTO numbers SELECT k,
  ARRAY[n, k][1], x -- <<
FROM plain
-- # UNNEST of what is no array
INSERT INTO numbers SELECT k, e, x FROM plain
CROSS JOIN UNNEST(n) AS u (e) -- <<
-- # a window without event time
INSERT INTO times SELECT k, window_start, COUNT(*) -- (told at the statement)
FROM TABLE(TUMBLE(TABLE plain, DESCRIPTOR(t), INTERVAL '1' HOUR))
GROUP BY k, window_start, window_end
-- # an old window without event time
INSERT INTO times SELECT k, TUMBLE_START(t, INTERVAL '1' HOUR), COUNT(*) -- (told at the statement)
FROM plain GROUP BY k, TUMBLE(t, INTERVAL '1' HOUR)
-- # a window over an unknown column
INSERT INTO times SELECT channel, window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(tss), INTERVAL '1' HOUR)) -- <<
GROUP BY channel, window_start, window_end
-- # a window whose length is a number
INSERT INTO times SELECT channel, window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), 3600)) -- <<
GROUP BY channel, window_start, window_end
-- # a hop whose slide does not divide its size
INSERT INTO times SELECT channel, window_start, COUNT(*) -- (told at the statement)
FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(ts), INTERVAL '3' MINUTE, INTERVAL '10' MINUTE))
GROUP BY channel, window_start, window_end
-- # window_start outside of a window
INSERT INTO times SELECT channel,
  window_start, price -- <<
FROM bids
-- # OVER by what is no time
INSERT INTO numbers SELECT k, SUM(n) OVER (PARTITION BY k ORDER BY x), 0.0 -- (told at the statement)
FROM plain
-- # OVER a range that follows
INSERT INTO numbers -- (told at the statement)
SELECT channel, SUM(price) OVER (ORDER BY ts ROWS BETWEEN CURRENT ROW AND 5 FOLLOWING), 0.0 FROM bids
-- # a temporal join without a key
INSERT INTO texts -- (told at the statement)
SELECT b.channel, a.item FROM bids b JOIN auctions FOR SYSTEM_TIME AS OF b.ts AS a ON b.auction = a.id
-- # a temporal join on what is not the key
INSERT INTO numbers -- (told at the statement)
SELECT b.channel, b.price, r.rate FROM bids b JOIN rates FOR SYSTEM_TIME AS OF b.ts AS r ON b.price = r.rate
-- # a temporal join by what is no event time
INSERT INTO numbers -- (told at the statement)
SELECT p.k, p.n, r.rate FROM plain p JOIN rates FOR SYSTEM_TIME AS OF p.t AS r ON p.k = r.currency
-- # a lookup join of a topic
INSERT INTO texts -- (told at the statement)
SELECT b.channel, a.item
FROM (SELECT *, PROCTIME() AS pt FROM bids) b JOIN auctions FOR SYSTEM_TIME AS OF b.pt AS a ON b.auction = a.id
-- # a lookup join of a table of the lake
INSERT INTO texts -- (told at the statement)
SELECT b.channel, a.k
FROM (SELECT *, PROCTIME() AS pt FROM bids) b JOIN lake.dim FOR SYSTEM_TIME AS OF b.pt AS a ON b.channel = a.k
-- # a temporal join of a table of the lake
INSERT INTO texts -- (told at the statement)
SELECT b.channel, a.k FROM bids b JOIN lake.dim FOR SYSTEM_TIME AS OF b.ts AS a ON b.channel = a.k
-- # a temporal join by the clock
INSERT INTO numbers -- (told at the statement)
SELECT b.channel, b.price, r.rate
FROM (SELECT *, PROCTIME() AS pt FROM bids) b JOIN rates FOR SYSTEM_TIME AS OF b.pt AS r ON b.channel = r.currency
-- # sorted by what is no time
INSERT INTO numbers -- (told at the statement)
SELECT k, n, x FROM plain ORDER BY n
-- # GROUP BY into a log
INSERT INTO numbers -- (told at the statement)
SELECT k, SUM(n), MAX(x) FROM plain GROUP BY k
-- # GROUP BY into the lake
INSERT INTO lake.kept -- (told at the statement)
SELECT k, SUM(n), MAX(x) FROM plain GROUP BY k
-- # LEFT JOIN into a log
INSERT INTO numbers -- (told at the statement)
SELECT a.k, b.n, b.x FROM plain a LEFT JOIN plain b ON a.k = b.k
-- # LEFT JOIN into the lake
INSERT INTO lake.kept -- (told at the statement)
SELECT a.k, b.n, b.x FROM plain a LEFT JOIN plain b ON a.k = b.k
-- # last row into a log
INSERT INTO numbers -- (told at the statement)
SELECT k, n, x FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY t DESC) AS r FROM plain) WHERE r = 1
-- # Top-N into the lake
INSERT INTO lake.kept -- (told at the statement)
SELECT k, n, x FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n DESC) AS r FROM plain) WHERE r <= 3
-- # a changelog into a log
INSERT INTO numbers -- (told at the statement)
SELECT currency, 1, rate FROM rates
-- # the second of two inserts
INSERT INTO numbers SELECT k, n, x FROM plain;
INSERT INTO texts SELECT k,
  UPPR(js) -- <<
FROM plain
-- # a view that nobody could read
CREATE TEMPORARY VIEW v AS SELECT k,
  UPPR(js) AS u -- <<
FROM plain;
INSERT INTO texts SELECT k, u FROM v
-- # MATCH_RECOGNIZE without an order in time
INSERT INTO numbers -- (told at the statement)
SELECT T.k, T.m, 0.0 FROM plain MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY n MEASURES A.n AS m PATTERN (A B) DEFINE B AS B.n > A.n) AS T
-- # MATCH_RECOGNIZE with an unknown variable
INSERT INTO numbers
SELECT CAST(T.auction AS STRING), T.m, 0.0 FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts
  MEASURES C.price AS m -- <<
  PATTERN (A B)
  DEFINE B AS B.price > A.price) AS T
-- # MATCH_RECOGNIZE with a greedy end
INSERT INTO numbers -- (told at the statement)
SELECT CAST(T.auction AS STRING), T.m, 0.0 FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts MEASURES LAST(B.price) AS m PATTERN (A B+) DEFINE B AS B.price > A.price) AS T
-- # MATCH_RECOGNIZE with an unknown column
INSERT INTO numbers
SELECT CAST(T.auction AS STRING), T.m, 0.0 FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts MEASURES LAST(A.price) AS m PATTERN (A B)
  DEFINE B AS B.prize > A.price) AS T -- <<
-- # a scalar subquery of two columns
INSERT INTO numbers SELECT k, n, x FROM plain
WHERE n > (SELECT MAX(price), 1 FROM bids) -- <<
-- # an interval without a unit
INSERT INTO times SELECT k,
  t + INTERVAL '1', n -- <<
FROM plain
