What Spark takes, in batch jobs.

--- A no-break space
INSERT INTO lake.landed SELECT * FROM clicks
--- INSERT by position
INSERT INTO lake.landed SELECT * FROM clicks
--- INSERT with listed columns
INSERT INTO lake.totals (kind, n) SELECT kind, COUNT(*) FROM clicks WHERE kind IS NOT NULL GROUP BY kind
--- INSERT OVERWRITE
INSERT OVERWRITE lake.totals SELECT kind, COUNT(*), SUM(amount), MAX(at) FROM clicks GROUP BY kind
--- INSERT OVERWRITE of a partition
INSERT OVERWRITE lake.store_sales PARTITION (ss_date = 3)
SELECT ss_item, ss_customer, ss_store, ss_quantity, ss_price, ss_profit FROM lake.store_sales WHERE ss_date = 2
--- INSERT with TABLE and a CTE behind it
INSERT INTO TABLE lake.totals WITH c AS (SELECT kind, amount FROM clicks) SELECT kind, 1, amount, NULL FROM c
--- A view, and two inserts that read it
CREATE TEMPORARY VIEW busy AS SELECT kind, COUNT(*) AS n FROM clicks GROUP BY kind;
INSERT INTO lake.totals (kind, n) SELECT kind, n FROM busy;
INSERT INTO lake.totals (kind, n) SELECT kind, n + 1 FROM busy
--- A view over a view
CREATE TEMPORARY VIEW a AS SELECT id, amount FROM clicks WHERE NOT bot;
CREATE OR REPLACE TEMP VIEW b AS SELECT id, amount * 2 AS twice FROM a;
INSERT INTO lake.totals (kind, amount) SELECT CAST(id AS STRING), twice FROM b
--- Widened on storing
INSERT INTO lake.totals (kind, n, amount) SELECT symbol, size, price FROM trades
--- A date stored as a timestamp
INSERT INTO lake.totals (kind, at) SELECT kind, day FROM clicks
--- Into a topic
INSERT INTO alerts SELECT kind, COUNT(*), SUM(amount), MAX(at) FROM clicks GROUP BY kind
--- ARRAY, MAP and STRUCT
SELECT array(1, 2, 3) AS a, map('k', 1) AS m, named_struct('x', 1, 'y', 'z') AS s
--- Elements of them
SELECT a[0] AS first, m['k'] AS k, s.x FROM (SELECT array(1, 2) AS a, map('k', 1) AS m, named_struct('x', 1) AS s) t
--- Lambdas
SELECT transform(array(1, 2, 3), x -> x + 1) AS a, filter(array(1, 2), x -> x > 1) AS b, aggregate(array(1, 2), 0, (s, x) -> s + x) AS c
--- exists and forall
SELECT exists(split(c_note, ','), x -> x = 'vip') AS vip, forall(array(1, 2), x -> x > 0) AS all_up FROM lake.customer
--- explode
SELECT c_id, explode(split(c_note, ',')) AS word FROM lake.customer
--- LATERAL VIEW
SELECT c_id, word FROM lake.customer LATERAL VIEW explode(split(c_note, ',')) w AS word
--- LATERAL VIEW OUTER posexplode
SELECT c_id, place, word FROM lake.customer LATERAL VIEW OUTER posexplode(split(c_note, ',')) w AS place, word
--- A lateral subquery
SELECT c.c_id, o.top FROM lake.customer c, LATERAL (SELECT MAX(o_total) AS top FROM lake.orders WHERE o_customer = c.c_id) o
--- A table function
SELECT id FROM range(0, 10, 2)
--- PIVOT
SELECT * FROM (SELECT st_state, d_quarter, ss_price FROM lake.store_sales JOIN lake.store ON ss_store = st_sk JOIN lake.date_dim ON ss_date = d_sk)
PIVOT (SUM(ss_price) AS total FOR d_quarter IN ('Q1' AS q1, 'Q2' AS q2))
--- UNPIVOT
SELECT * FROM lake.store_sales UNPIVOT (value FOR name IN (ss_price, ss_profit))
--- JSON functions
SELECT get_json_object(c_note, '$.a.b') AS a, from_json(c_note, 'x INT, y STRING').x AS x, to_json(named_struct('id', c_id)) AS j FROM lake.customer
--- JSON tuple
SELECT c_id, j.a, j.b FROM lake.customer LATERAL VIEW json_tuple(c_note, 'a', 'b') j AS a, b
--- schema_of_json
SELECT schema_of_json('{"a": 1}') AS s
--- QUALIFY-like by a subquery with DISTRIBUTE BY
SELECT c_id FROM lake.customer DISTRIBUTE BY c_nation SORT BY c_id
--- LEFT SEMI and LEFT ANTI
SELECT c_id FROM lake.customer LEFT SEMI JOIN lake.orders ON c_id = o_customer
--- LEFT ANTI
SELECT c_id FROM lake.customer LEFT ANTI JOIN lake.orders ON c_id = o_customer
--- GROUP BY ALL
SELECT c_segment, c_nation, COUNT(*) FROM lake.customer GROUP BY ALL
--- ORDER BY ALL
SELECT c_segment, c_nation FROM lake.customer ORDER BY ALL
--- SELECT * EXCEPT
SELECT * EXCEPT (c_note) FROM lake.customer
--- A lateral column alias
SELECT c_balance * 2 AS twice, twice + 1 AS more FROM lake.customer
--- Metadata table of snapshots
SELECT snapshot_id, committed_at, operation FROM lake.orders.snapshots
--- Metadata table of files
SELECT file_path, record_count FROM lake.orders.files
--- Metadata table of partitions
SELECT partition, record_count FROM lake.orders.partitions
--- Time travel by version
SELECT COUNT(*) FROM lake.orders VERSION AS OF 1234567890
--- Time travel by time
SELECT COUNT(*) FROM lake.orders TIMESTAMP AS OF '2026-01-01 00:00:00'
--- Time travel in words of the standard
SELECT o.o_id FROM lake.orders FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01' o WHERE o.o_status = 'F'
--- Time travel to a branch
SELECT o_id FROM lake.orders VERSION AS OF 'audit'
--- Hidden columns of Iceberg
SELECT _file, _pos, o_id FROM lake.orders
--- try_ functions
SELECT try_cast(c_name AS INT) AS a, try_divide(c_balance, c_nation) AS b, try_add(c_nation, 1) AS c FROM lake.customer
--- The cast by colons
SELECT c_id::string AS a, '3'::int AS b FROM lake.customer
--- Intervals
SELECT at + INTERVAL '1' DAY AS a, at - INTERVAL 3 HOURS AS b, INTERVAL '1-2' YEAR TO MONTH AS c FROM clicks
--- Dates
SELECT date_add(day, 3) AS a, datediff(day, DATE'2020-01-01') AS b, date_format(at, 'yyyy-MM') AS c, trunc(day, 'MM') AS d, months_between(day, DATE'2020-01-01') AS e FROM clicks
--- A window over time in a batch
SELECT window.start, COUNT(*) AS n FROM clicks GROUP BY window(at, '1 hour')
--- A session window
SELECT session_window.start, customer, COUNT(*) AS n FROM clicks GROUP BY session_window(at, '5 minutes'), customer
--- Aggregates of Spark's own
SELECT collect_list(c_name) AS a, collect_set(c_segment) AS b, approx_count_distinct(c_id) AS c, percentile_approx(c_balance, 0.5) AS d, any_value(c_name) AS e, count_if(c_balance > 0) AS f FROM lake.customer
--- listagg
SELECT listagg(c_name, ', ') WITHIN GROUP (ORDER BY c_name) AS names FROM lake.customer GROUP BY c_segment
--- percentile_cont
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY c_balance) AS median FROM lake.customer
--- Regular expressions
SELECT regexp_extract(c_name, '(\\d+)', 1) AS a, c_name RLIKE '^A' AS b, regexp_replace(c_name, '[aeiou]', '') AS c FROM lake.customer
--- A raw string
SELECT regexp_extract(c_name, r'(\d+)', 1) AS a FROM lake.customer
--- Hints
SELECT /*+ BROADCAST(n) */ c_id FROM lake.customer c JOIN lake.nation n ON c.c_nation = n.n_id
--- A recursive CTE
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT n FROM r
--- Pipes
FROM lake.customer |> WHERE c_balance > 0 |> AGGREGATE COUNT(*) AS n GROUP BY c_segment
--- FROM first
FROM lake.customer SELECT c_id
--- INTERSECT ALL and MINUS
SELECT c_id FROM lake.customer INTERSECT ALL SELECT o_customer FROM lake.orders MINUS SELECT s_id FROM lake.supplier
--- Names in backticks
SELECT `c_id` AS `the key`, `c`.`c_name` FROM lake.customer `c`
--- Double quotes are text
SELECT "text" AS t, c_name = "x" AS same FROM lake.customer
--- A cast that narrows
SELECT CAST(o_total AS INT) AS a, CAST(o_at AS DATE) AS b, CAST(o_date AS STRING) AS c FROM lake.orders
--- stack and inline
SELECT stack(2, 1, 'a', 2, 'b') AS (n, s)
--- Conditional functions
SELECT if(c_balance > 0, 'a', 'b') AS a, nvl(c_name, '') AS b, decode(c_nation, 1, 'x', 'y') AS c, ifnull(c_nation, 0) AS d FROM lake.customer
--- hash and uuid
SELECT sha2(c_name, 256) AS a, md5(c_name) AS b, xxhash64(c_id) AS c, uuid() AS d FROM lake.customer
--- OFFSET
SELECT c_id FROM lake.customer ORDER BY c_id LIMIT 10 OFFSET 5
--- NATURAL JOIN
SELECT n_name FROM lake.nation NATURAL JOIN (SELECT n_id FROM lake.nation) t
--- ANY and SOME
SELECT c_id FROM lake.customer WHERE c_name LIKE ANY ('a%', 'b%')
--- variant
SELECT parse_json(c_note):a.b::string AS b FROM lake.customer
--- TABLESAMPLE
SELECT COUNT(*) AS n FROM lake.orders TABLESAMPLE (10 PERCENT)
--- A frame that holds nothing, and two generators
SELECT c_id, SUM(c_balance) OVER (ORDER BY c_id ROWS BETWEEN CURRENT ROW AND 3 PRECEDING) AS s, explode(array(1)) AS a, explode(array(2)) AS b FROM lake.customer
--- Paths into a variant
SELECT v:a[0].b AS a, v:['x y'].b AS b, t.v:a.b::string || 'x' AS c, v:`x y` AS d, v:select AS e, (v):a:b AS f, v:a.order.b[1][2] AS g
FROM (SELECT parse_json(c_note) AS v FROM lake.customer) t WHERE t.v:a IS NOT NULL
--- Text that is cast in a sum, and days
SELECT page + n AS a, page * 2 AS b, '7' / n AS c, -page AS d, day + 1 AS e, day - n AS f, at - page AS g, page + INTERVAL '1' DAY AS h, at - day AS i FROM clicks
--- A frame whose order is not looked at
SELECT SUM(n) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 2 PRECEDING) AS r FROM clicks
--- Types of Spark's own
SELECT CAST(NULL AS VOID) AS a, CAST(n AS LONG) AS b, n::byte AS c, CAST(NULL AS INTERVAL DAY TO SECOND) AS d, CAST(NULL AS STRUCT<a: BIGINT>) AS e, 1L + 2BD AS f FROM clicks
--- A run's own parameters
INSERT INTO lake.orders (o_id, o_customer, o_date, o_at)
SELECT DISTINCT o_id, o_customer, :day, :run_time FROM lake.orders
WHERE o_date = date_sub(:day, 1) AND o_at >= :previous_run_time AND o_at < :run_time AND ':day' <> 'x' -- :day
--- A view of a day
CREATE TEMPORARY VIEW today AS SELECT * FROM lake.orders WHERE o_date = :day
--- Nested columns copied from a topic
INSERT INTO lake.boxes SELECT * FROM baskets
--- Elements as rows
SELECT id, line.sku, line.price FROM baskets LATERAL VIEW explode(lines) l AS line
--- Elements as rows of columns
SELECT id, sku, n FROM baskets LATERAL VIEW inline(lines) l AS sku, n, price
--- Entries of a map as rows
SELECT id, k, v FROM baskets LATERAL VIEW explode(tags) t AS k, v
--- Elements counted and changed
SELECT id, transform(lines, x -> x.n + 1) AS more, size(tags) AS n, exists(lines, x -> x.sku = 'a') AS has FROM lake.boxes
--- A field into a table
INSERT INTO lake.totals (kind, n) SELECT buyer.home.city, buyer.home.zip FROM baskets
