What Trino takes.

--- WITH ORDINALITY
SELECT c_id, t.word, t.place FROM lake.customer CROSS JOIN UNNEST(split(c_note, ',')) WITH ORDINALITY AS t (word, place)
--- UNNEST of a map
SELECT k, v FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) AS t (k, v)
--- UNNEST of two arrays
SELECT a, b FROM UNNEST(ARRAY[1, 2], ARRAY['x', 'y']) AS t (a, b)
--- ARRAY, MAP, ROW
SELECT ARRAY[1, 2][1] AS a, MAP(ARRAY['k'], ARRAY[1])['k'] AS m, CAST(ROW(1, 'x') AS ROW(a integer, b varchar)).b AS r
--- Lambdas
SELECT transform(ARRAY[1, 2], x -> x + 1) AS a, filter(ARRAY[1, 2], x -> x > 1) AS b, reduce(ARRAY[1, 2], 0, (s, x) -> s + x, s -> s) AS c
--- any_match
SELECT any_match(split(c_note, ','), x -> x = 'vip') AS vip FROM lake.customer
--- LATERAL
SELECT c.c_id, o.top FROM lake.customer c CROSS JOIN LATERAL (SELECT MAX(o_total) AS top FROM lake.orders WHERE o_customer = c.c_id) o
--- MATCH_RECOGNIZE
SELECT * FROM trades MATCH_RECOGNIZE (
  PARTITION BY symbol ORDER BY at
  MEASURES FIRST(down.price) AS bottom, LAST(up.price) AS top, MATCH_NUMBER() AS n
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (strt down+ up+)
  DEFINE down AS price < PREV(price), up AS price > PREV(price))
--- MATCH_RECOGNIZE with SUBSET, RUNNING and FINAL
SELECT * FROM trades MATCH_RECOGNIZE (
  PARTITION BY symbol ORDER BY at
  MEASURES RUNNING LAST(a.price) AS r, FINAL LAST(u.price) AS f, CLASSIFIER(u) AS c
  ALL ROWS PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (a b*)
  SUBSET u = (a, b)
  DEFINE b AS b.price > PREV(b.price))
--- A window with a pattern: INITIAL
SELECT c_id, label OVER w AS l FROM lake.customer WINDOW w AS (PARTITION BY c_nation ORDER BY c_since
  MEASURES CLASSIFIER() AS label ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
  AFTER MATCH SKIP PAST LAST ROW INITIAL PATTERN (a b+) DEFINE b AS b.c_balance > PREV(b.c_balance))
--- JSON functions
SELECT json_extract_scalar(c_note, '$.a') AS a, json_value(c_note, 'lax $.b') AS b, json_query(c_note, 'lax $.c[*]' WITH ARRAY WRAPPER) AS c,
  json_exists(c_note, 'lax $.d' FALSE ON ERROR) AS d FROM lake.customer
--- JSON_OBJECT and JSON_ARRAY
SELECT json_object('a' VALUE c_id, 'b' : c_name NULL ON NULL) AS o, json_array(c_id, c_name ABSENT ON NULL) AS a FROM lake.customer
--- JSON_TABLE
SELECT t.* FROM lake.customer, JSON_TABLE(c_note, 'lax $[*]' COLUMNS (word VARCHAR(10) PATH 'lax $.w', n FOR ORDINALITY)) AS t
--- Metadata table of snapshots
SELECT snapshot_id, committed_at, operation FROM lake."orders$snapshots"
--- Metadata table of files
SELECT file_path, record_count FROM lake."orders$files"
--- Metadata table of partitions
SELECT record_count FROM lake."orders$partitions"
--- Metadata table of history
SELECT made_current_at, is_current_ancestor FROM lake."orders$history"
--- Time travel by version
SELECT COUNT(*) FROM lake.orders FOR VERSION AS OF 1234567890123
--- Time travel by time
SELECT COUNT(*) FROM lake.orders FOR TIMESTAMP AS OF TIMESTAMP '2026-01-01 00:00:00 UTC'
--- Time travel to a day ago
SELECT o_id FROM lake.orders FOR TIMESTAMP AS OF current_timestamp - INTERVAL '1' DAY WHERE o_status = 'F'
--- Hidden columns of Iceberg
SELECT "$path", "$file_modified_time", o_id FROM lake.orders
--- A compacted topic
SELECT currency, rate FROM rates WHERE rate > 1
--- A compacted topic, read twice
SELECT a.currency, b.rate FROM rates a JOIN rates b ON a.currency = b.currency
--- A compacted topic behind a WITH of its own
WITH eur AS (SELECT rate FROM rates WHERE currency = 'EUR') SELECT t.price * e.rate AS value FROM trades t CROSS JOIN eur e
--- TABLESAMPLE
SELECT COUNT(*) AS n FROM lake.orders TABLESAMPLE BERNOULLI (10)
--- A recursive CTE
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT n FROM r
--- FETCH FIRST WITH TIES
SELECT c_id FROM lake.customer ORDER BY c_balance FETCH FIRST 3 ROWS WITH TIES
--- OFFSET
SELECT c_id FROM lake.customer ORDER BY c_id OFFSET 5 LIMIT 10
--- INTERSECT ALL
SELECT c_id FROM lake.customer INTERSECT ALL SELECT o_customer FROM lake.orders
--- Complex GROUP BY
SELECT c_segment, c_nation, COUNT(*) FROM lake.customer GROUP BY ROLLUP (c_segment), CUBE (c_nation)
--- GROUP BY AUTO
SELECT c_segment, COUNT(*) FROM lake.customer GROUP BY AUTO
--- Frames by GROUPS and RANGE with intervals
SELECT SUM(o_total) OVER (ORDER BY o_date RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW) AS a,
  SUM(o_total) OVER (ORDER BY o_date GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS b FROM lake.orders
--- nth_value IGNORE NULLS
SELECT lag(o_total) IGNORE NULLS OVER (PARTITION BY o_customer ORDER BY o_date) AS a FROM lake.orders
--- LISTAGG
SELECT LISTAGG(c_name, ', ' ON OVERFLOW TRUNCATE '...' WITH COUNT) WITHIN GROUP (ORDER BY c_name) AS names FROM lake.customer GROUP BY c_segment
--- Aggregates with ORDER BY and FILTER
SELECT array_agg(c_name ORDER BY c_id DESC) AS a, approx_percentile(c_balance, 0.5) AS b, map_agg(c_id, c_name) AS c, bool_and(c_balance > 0) AS d FROM lake.customer
--- Times and zones
SELECT at AT TIME ZONE 'Europe/Paris' AS a, from_unixtime(id) AS b, date_diff('day', day, DATE '2020-01-01') AS c, at + INTERVAL '2' HOUR AS d, date_format(at, '%Y') AS e FROM clicks
--- EXTRACT and year
SELECT EXTRACT(DOW FROM at) AS a, year(at) AS b, week(day) AS c, day_of_week(day) AS d FROM clicks
--- TRY and try_cast
SELECT TRY(1 / n) AS a, TRY_CAST(page AS bigint) AS b FROM clicks
--- Regular expressions
SELECT regexp_extract(c_name, '(\d+)', 1) AS a, regexp_like(c_name, '^A') AS b, regexp_replace(c_name, '[aeiou]', x -> upper(x[1])) AS c FROM lake.customer
--- IF, NULLIF, COALESCE
SELECT IF(c_balance > 0, 'a', 'b') AS a FROM lake.customer
--- Row comparison
SELECT c_id FROM lake.customer WHERE (c_id, c_nation) IN (SELECT o_customer, 3 FROM lake.orders)
--- ALL and ANY
SELECT c_id FROM lake.customer WHERE c_balance > ALL (SELECT s_balance FROM lake.supplier) AND c_nation = ANY (SELECT n_id FROM lake.nation)
--- Names in double quotes
SELECT "c_id" AS "the key", "c"."c_name" FROM lake.customer "c"
--- A sequence
SELECT n FROM UNNEST(sequence(1, 10)) AS t (n)
--- A table function
SELECT * FROM TABLE(sequence(start => 1, stop => 5))
--- Hyperloglog, hashes
SELECT approx_distinct(c_id) AS a, to_hex(md5(to_utf8(MAX(c_name)))) AS b, cardinality(approx_set(c_id)) AS c FROM lake.customer
--- An inline function
WITH FUNCTION twice(x bigint) RETURNS bigint RETURN x * 2 SELECT twice(c_id) FROM lake.customer
--- information_schema of the lake
SELECT table_name FROM lake.information_schema.tables
--- The nodes of the system
SELECT node_id, coordinator FROM system.runtime.nodes
--- The queries of the system
SELECT query_id, state FROM system.runtime.queries
--- Decimals and big numbers
SELECT DECIMAL '12345678901234567890.123' AS a, 1e10 AS b, 0xFF AS c, 1_000 AS d
--- VALUES alone
VALUES (1, 'a'), (2, 'b')
