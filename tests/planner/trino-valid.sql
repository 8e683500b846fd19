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
--- Numbers in other bases
SELECT 0XFF AS a, 0xFF_ff AS b, 0x_FF AS c, 0o17 AS d, 0b101 AS e, 0B1_01 AS f, c_id + 0xA AS g FROM lake.customer WHERE c_id = 0xFF
--- Numbers with underscores
SELECT 1_000.5_5 AS a, 1_000. AS b, .5_0 AS c, -1_0 AS d FROM lake.customer TABLESAMPLE BERNOULLI (1_0)
--- Underscores in LIMIT, in a position, in a frame
SELECT c_id, SUM(c_id) OVER (ORDER BY c_id ROWS 1_0 PRECEDING) AS s FROM lake.customer ORDER BY 0x1 LIMIT 1_0
--- FETCH FIRST of a number with underscores
SELECT c_id FROM lake.customer FETCH FIRST 1_0 ROWS ONLY
--- GROUP BY AUTO with HAVING and ORDER BY
SELECT c_segment, c_nation + 1 AS n, COUNT(*) FROM lake.customer GROUP BY AUTO HAVING COUNT(*) > 1 ORDER BY 1
--- GROUP BY AUTO and another column
SELECT a, n FROM (SELECT c_segment AS a, COUNT(*) AS n FROM lake.customer group by auto, c_nation) WHERE n > 1
--- GROUP BY DISTINCT AUTO
SELECT c_segment, COUNT(*) FROM lake.customer GROUP BY DISTINCT AUTO
--- Two inline functions
WITH FUNCTION a1(x bigint) RETURNS bigint RETURN x * 2, FUNCTION b1(y varchar) RETURNS varchar RETURN y || 'a'
SELECT a1(c_id), b1(c_name) FROM lake.customer
--- An inline function before a WITH
WITH FUNCTION a1(x bigint) RETURNS bigint RETURN x * 2 WITH c AS (SELECT 1 AS n) SELECT a1(n) FROM c
--- An inline function with statements
WITH FUNCTION f(n bigint) RETURNS bigint LANGUAGE SQL DETERMINISTIC COMMENT 'SELECT' BEGIN
  DECLARE a, b bigint DEFAULT 1; -- SELECT
  top: WHILE n > 2 DO SET n = n - 1; SET a = a + b; END WHILE;
  IF a > 1 THEN SET b = 2; ELSE SET b = 3; END IF;
  CASE a WHEN 1 THEN RETURN 1; ELSE RETURN b; END CASE;
  RETURN a; END
SELECT f(c_id) FROM lake.customer
--- An inline function over a compacted topic
WITH FUNCTION twice(x double) RETURNS double RETURN x * 2 SELECT currency, twice(rate) AS two FROM rates
--- An inline function over a compacted topic, before a WITH
WITH FUNCTION twice(x double) RETURNS double RETURN x * 2 WITH eur AS (SELECT rate FROM rates) SELECT twice(rate) AS two FROM eur
--- An inline function called like one of Trino's
WITH FUNCTION length(a varchar, b bigint) RETURNS bigint RETURN b SELECT length(c_name, c_id) FROM lake.customer
--- A window with a pattern where it is used
SELECT c_id, label OVER (PARTITION BY c_nation ORDER BY c_since
  MEASURES CLASSIFIER() AS label ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
  PATTERN (a b+) DEFINE b AS b.c_balance > 1) FROM lake.customer
--- A window with a pattern among others: SEEK, SUBSET
SELECT label OVER w, SUM(c_id) OVER v, COUNT(*) OVER (v ROWS 2 PRECEDING) FROM lake.customer WINDOW v AS (ORDER BY c_id), w AS (ORDER BY c_since
  MEASURES CLASSIFIER(u) AS label ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
  AFTER MATCH SKIP PAST LAST ROW SEEK PATTERN (a b+) SUBSET u = (a, b) DEFINE b AS b.c_balance > 1), x AS (v) ORDER BY 1
--- A row from a query for a value
SELECT id, (SELECT MAX(n), MAX(id) FROM clicks) AS r FROM clicks WHERE (n, id) = (SELECT MAX(n), MAX(id) FROM clicks)
--- Differences of times
SELECT at - at AS a, day - at AS b, at + INTERVAL '2' HOUR - INTERVAL '1' MONTH AS c, SUM(at - at) + INTERVAL '1' DAY AS d FROM clicks GROUP BY at, day
--- Types of Trino's own
SELECT CAST(NULL AS tdigest) AS a, CAST(NULL AS color) AS b, CAST(NULL AS jsonpath) AS c, CAST(NULL AS interval day to second) AS d,
  TRY_CAST(page AS uuid) AS e, CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) AS f, CAST(NULL AS map(varchar, array(bigint))) AS g FROM clicks
--- Elements as rows
SELECT b.id, l.sku, l.price FROM lake.boxes b CROSS JOIN UNNEST(b.lines) AS l (sku, n, price)
--- Elements of a topic's arrays as rows
SELECT k.id, l.sku FROM baskets k CROSS JOIN UNNEST(k.lines) AS l (sku, n, price) WHERE l.n > 1
--- Entries of a map as rows
SELECT b.id, t.k, t.v FROM lake.boxes b CROSS JOIN UNNEST(b.tags) AS t (k, v)
--- Elements counted and changed
SELECT id, transform(lines, x -> x.n + 1) AS more, element_at(tags, 'b') AS b, any_match(lines, x -> x.sku = 'a') AS has FROM baskets
--- Bytes and instants
SELECT to_hex(raw) AS hex, bought AT TIME ZONE 'Europe/Paris' AS there, date_trunc('day', bought) AS day FROM baskets
