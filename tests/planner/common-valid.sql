Queries that Spark and Trino both take, over the topics and tables of platform.yaml. The shapes are those of TPC-H and
TPC-DS, on schemas of our own.

--- H1: pricing summary
SELECT l_flag, l_status, SUM(l_quantity) AS quantity, SUM(l_price * (1 - l_discount)) AS net,
  SUM(l_price * (1 - l_discount) * (1 + l_tax)) AS charge, AVG(l_quantity) AS average, COUNT(*) AS n
FROM lake.lineitem
WHERE l_ship <= DATE '1998-12-01' - INTERVAL '90' DAY
GROUP BY l_flag, l_status
ORDER BY l_flag, l_status
--- H2: minimum cost supplier
SELECT s.s_balance, s.s_name, n.n_name, p.p_id
FROM lake.part p, lake.supplier s, lake.partsupp ps, lake.nation n, lake.region r
WHERE p.p_id = ps.ps_part AND s.s_id = ps.ps_supplier AND p.p_size = 15 AND p.p_type LIKE '%BRASS'
  AND s.s_nation = n.n_id AND n.n_region = r.r_id AND r.r_name = 'EUROPE'
  AND ps.ps_cost = (SELECT MIN(ps2.ps_cost) FROM lake.partsupp ps2 WHERE ps2.ps_part = p.p_id)
ORDER BY s.s_balance DESC, n.n_name, s.s_name, p.p_id
LIMIT 100
--- H3: shipping priority
SELECT l.l_order, SUM(l.l_price * (1 - l.l_discount)) AS revenue, o.o_date
FROM lake.customer c
JOIN lake.orders o ON c.c_id = o.o_customer
JOIN lake.lineitem l ON l.l_order = o.o_id
WHERE c.c_segment = 'BUILDING' AND o.o_date < DATE '1995-03-15' AND l.l_ship > DATE '1995-03-15'
GROUP BY l.l_order, o.o_date
ORDER BY revenue DESC, o.o_date
LIMIT 10
--- H4: order priority
SELECT o_priority, COUNT(*) AS n
FROM lake.orders o
WHERE o_date >= DATE '1993-07-01'
  AND EXISTS (SELECT * FROM lake.lineitem l WHERE l.l_order = o.o_id AND l.l_commit < l.l_receipt)
GROUP BY o_priority
ORDER BY o_priority
--- H5: local supplier volume
SELECT n.n_name, SUM(l.l_price * (1 - l.l_discount)) AS revenue
FROM lake.customer c
JOIN lake.orders o ON c.c_id = o.o_customer
JOIN lake.lineitem l ON l.l_order = o.o_id
JOIN lake.supplier s ON l.l_supplier = s.s_id AND c.c_nation = s.s_nation
JOIN lake.nation n ON s.s_nation = n.n_id
GROUP BY n.n_name
HAVING SUM(l.l_price) > 1000
ORDER BY 2 DESC
--- H6: revenue change
SELECT SUM(l_price * l_discount) AS revenue FROM lake.lineitem
WHERE l_ship >= DATE '1994-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24
--- H7: volume shipping
SELECT supp, cust, y, SUM(volume) AS revenue
FROM (
  SELECT n1.n_name AS supp, n2.n_name AS cust, EXTRACT(YEAR FROM l.l_ship) AS y, l.l_price * (1 - l.l_discount) AS volume
  FROM lake.supplier s
  JOIN lake.lineitem l ON s.s_id = l.l_supplier
  JOIN lake.orders o ON o.o_id = l.l_order
  JOIN lake.customer c ON c.c_id = o.o_customer
  JOIN lake.nation n1 ON s.s_nation = n1.n_id
  JOIN lake.nation n2 ON c.c_nation = n2.n_id
  WHERE (n1.n_name = 'FRANCE' AND n2.n_name = 'GERMANY') OR (n1.n_name = 'GERMANY' AND n2.n_name = 'FRANCE')
) shipping
GROUP BY supp, cust, y
ORDER BY supp, cust, y
--- H8: market share
SELECT y, SUM(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / SUM(volume) AS share
FROM (SELECT EXTRACT(YEAR FROM o_date) AS y, l_price * (1 - l_discount) AS volume, n_name AS nation
      FROM lake.lineitem, lake.orders, lake.nation WHERE l_order = o_id AND n_id = 3) AS nations
GROUP BY y
--- H11: important stock
SELECT ps_part, SUM(ps_cost * ps_available) AS worth
FROM lake.partsupp
GROUP BY ps_part
HAVING SUM(ps_cost * ps_available) > (SELECT SUM(ps_cost * ps_available) * 0.0001 FROM lake.partsupp)
ORDER BY worth DESC
--- H12: shipping modes
SELECT l_mode, SUM(CASE WHEN o_priority IN ('1-URGENT', '2-HIGH') THEN 1 ELSE 0 END) AS high,
  SUM(CASE WHEN o_priority <> '1-URGENT' AND o_priority <> '2-HIGH' THEN 1 ELSE 0 END) AS low
FROM lake.orders JOIN lake.lineitem ON o_id = l_order
WHERE l_mode IN ('MAIL', 'SHIP') AND l_commit < l_receipt
GROUP BY l_mode
--- H13: customer distribution
SELECT n, COUNT(*) AS customers
FROM (SELECT c.c_id, COUNT(o.o_id) AS n FROM lake.customer c
      LEFT OUTER JOIN lake.orders o ON c.c_id = o.o_customer AND o.o_status NOT LIKE '%special%' GROUP BY c.c_id) AS counted
GROUP BY n
ORDER BY customers DESC, n DESC
--- H15: top supplier by a CTE
WITH revenue AS (
  SELECT l_supplier AS supplier, SUM(l_price * (1 - l_discount)) AS total
  FROM lake.lineitem GROUP BY l_supplier
)
SELECT s_id, s_name, total
FROM lake.supplier JOIN revenue ON s_id = supplier
WHERE total = (SELECT MAX(total) FROM revenue)
--- H16: parts and suppliers
SELECT p_brand, p_type, p_size, COUNT(DISTINCT ps_supplier) AS suppliers
FROM lake.partsupp, lake.part
WHERE p_id = ps_part AND p_brand <> 'Brand#45' AND p_size IN (49, 14, 23)
  AND ps_supplier NOT IN (SELECT s_id FROM lake.supplier WHERE s_note LIKE '%Complaints%')
GROUP BY p_brand, p_type, p_size
--- H17: small quantities
SELECT SUM(l.l_price) / 7.0 AS yearly FROM lake.lineitem l JOIN lake.part p ON p.p_id = l.l_part
WHERE l.l_quantity < (SELECT 0.2 * AVG(l2.l_quantity) FROM lake.lineitem l2 WHERE l2.l_part = p.p_id)
--- H18: large orders
SELECT c_name, o_id, SUM(l_quantity) AS quantity
FROM lake.customer JOIN lake.orders ON c_id = o_customer JOIN lake.lineitem ON o_id = l_order
WHERE o_id IN (SELECT l_order FROM lake.lineitem GROUP BY l_order HAVING SUM(l_quantity) > 300)
GROUP BY c_name, o_id
--- H20: promotion with nested IN
SELECT s_name FROM lake.supplier
WHERE s_id IN (SELECT ps_supplier FROM lake.partsupp WHERE ps_part IN (SELECT p_id FROM lake.part WHERE p_name LIKE 'forest%'))
--- H21: waiting, with EXISTS and NOT EXISTS
SELECT s.s_name, COUNT(*) AS n FROM lake.supplier s JOIN lake.lineitem l1 ON s.s_id = l1.l_supplier
WHERE EXISTS (SELECT 1 FROM lake.lineitem l2 WHERE l2.l_order = l1.l_order AND l2.l_supplier <> l1.l_supplier)
  AND NOT EXISTS (SELECT 1 FROM lake.lineitem l3 WHERE l3.l_order = l1.l_order AND l3.l_receipt > l3.l_commit)
GROUP BY s.s_name
--- H22: sales opportunity
SELECT code, COUNT(*) AS n, SUM(c_balance) AS balance
FROM (SELECT SUBSTRING(c_name, 1, 2) AS code, c_balance FROM lake.customer
      WHERE c_balance > (SELECT AVG(c_balance) FROM lake.customer WHERE c_balance > 0.00)) AS held
GROUP BY code
--- DS3: brands of a month
SELECT d.d_year, i.i_brand, SUM(ss.ss_price) AS total
FROM lake.date_dim d, lake.store_sales ss, lake.item i
WHERE d.d_sk = ss.ss_date AND ss.ss_item = i.i_sk AND d.d_month = 11
GROUP BY d.d_year, i.i_brand
ORDER BY d.d_year, total DESC, i.i_brand
LIMIT 100
--- DS7: averages
SELECT i_brand, AVG(ss_quantity) AS a, AVG(ss_price) AS b FROM lake.store_sales JOIN lake.item ON ss_item = i_sk
GROUP BY i_brand ORDER BY i_brand
--- DS27: rollup
SELECT i_brand, st_state, GROUPING(st_state) AS g, AVG(ss_quantity) AS a
FROM lake.store_sales JOIN lake.item ON ss_item = i_sk JOIN lake.store ON ss_store = st_sk
GROUP BY ROLLUP (i_brand, st_state)
ORDER BY i_brand, st_state
--- DS36: rank within parent
SELECT SUM(ss_profit) / SUM(ss_price) AS margin, i_category, i_class, GROUPING(i_category) + GROUPING(i_class) AS depth,
  RANK() OVER (PARTITION BY GROUPING(i_category) + GROUPING(i_class) ORDER BY SUM(ss_profit) / SUM(ss_price)) AS place
FROM lake.store_sales JOIN lake.item ON i_sk = ss_item
GROUP BY ROLLUP (i_category, i_class)
--- DS47: a year's monthly averages by windows
WITH monthly AS (
  SELECT i_brand, d_year, d_month, SUM(ss_price) AS total,
    AVG(SUM(ss_price)) OVER (PARTITION BY i_brand, d_year) AS average,
    RANK() OVER (PARTITION BY i_brand ORDER BY d_year, d_month) AS rn
  FROM lake.item JOIN lake.store_sales ON ss_item = i_sk JOIN lake.date_dim ON ss_date = d_sk
  GROUP BY i_brand, d_year, d_month
), neighbours AS (
  SELECT m.i_brand, m.d_year, m.d_month, m.total, m.average, b.total AS before, a.total AS after
  FROM monthly m JOIN monthly b ON m.i_brand = b.i_brand AND m.rn = b.rn + 1
  JOIN monthly a ON m.i_brand = a.i_brand AND m.rn = a.rn - 1
)
SELECT * FROM neighbours WHERE average > 0 AND ABS(total - average) / average > 0.1 ORDER BY total - average
--- DS51: cumulative
SELECT ss_item, d_date, SUM(SUM(ss_price)) OVER (PARTITION BY ss_item ORDER BY d_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM lake.store_sales JOIN lake.date_dim ON ss_date = d_sk
GROUP BY ss_item, d_date
--- DS67: cube
SELECT i_category, i_class, i_brand, SUM(ss_price) AS total
FROM lake.store_sales JOIN lake.item ON ss_item = i_sk
GROUP BY CUBE (i_category, i_class, i_brand)
--- DS70: grouping sets
SELECT st_state, d_year, SUM(ss_profit) AS profit
FROM lake.store_sales JOIN lake.store ON ss_store = st_sk JOIN lake.date_dim ON ss_date = d_sk
GROUP BY GROUPING SETS ((st_state, d_year), (st_state), ())
--- DS97: full outer join of two sums
WITH a AS (SELECT ss_customer, ss_item FROM lake.store_sales GROUP BY ss_customer, ss_item),
     b AS (SELECT ss_customer, ss_item FROM lake.store_sales WHERE ss_store = 1 GROUP BY ss_customer, ss_item)
SELECT SUM(CASE WHEN a.ss_customer IS NOT NULL AND b.ss_customer IS NULL THEN 1 ELSE 0 END) AS only_a
FROM a FULL OUTER JOIN b ON a.ss_customer = b.ss_customer AND a.ss_item = b.ss_item
--- DS98: share of a class
SELECT i_class, SUM(ss_price) AS revenue, SUM(ss_price) * 100 / SUM(SUM(ss_price)) OVER (PARTITION BY i_class) AS share
FROM lake.store_sales, lake.item WHERE ss_item = i_sk GROUP BY i_class
--- INTERSECT
SELECT c_id FROM lake.customer INTERSECT SELECT o_customer FROM lake.orders
--- EXCEPT
SELECT c_id FROM lake.customer EXCEPT SELECT o_customer FROM lake.orders
--- UNION of literals and columns
SELECT c_id AS id, c_name AS name FROM lake.customer UNION ALL SELECT s_id, s_name FROM lake.supplier
UNION ALL SELECT 0, NULL
--- A union widened from int to bigint to decimal
SELECT n_id AS x FROM lake.nation UNION SELECT c_id FROM lake.customer UNION SELECT c_balance FROM lake.customer
--- VALUES as a relation
SELECT v.a + 1 AS b, v.c FROM (VALUES (1, 'x'), (2, 'y')) AS v (a, c)
--- VALUES joined
SELECT c.c_name, v.label FROM lake.customer c JOIN (VALUES (1, 'one'), (2, 'two')) AS v (k, label) ON c.c_nation = v.k
--- Cross join
SELECT n.n_name, r.r_name FROM lake.nation n CROSS JOIN lake.region r
--- USING
SELECT o_id, k FROM (SELECT o_id, o_customer AS k FROM lake.orders) o JOIN (SELECT c_id AS k FROM lake.customer) d USING (k)
--- ORDER BY an output column that several sources have
SELECT a.n_name AS n_name, b.n_region AS region FROM lake.nation a JOIN lake.nation b ON a.n_region = b.n_region ORDER BY n_name, region
--- ORDER BY position and expression
SELECT c_name, c_balance FROM lake.customer ORDER BY 2 DESC NULLS LAST, LOWER(c_name)
--- ORDER BY a column that is not given
SELECT c_name FROM lake.customer ORDER BY c_balance
--- GROUP BY position
SELECT c_segment, COUNT(*) FROM lake.customer GROUP BY 1
--- GROUP BY expression
SELECT UPPER(c_segment) AS s, COUNT(*) AS n FROM lake.customer GROUP BY UPPER(c_segment)
--- HAVING without GROUP BY
SELECT COUNT(*) AS n FROM lake.customer HAVING COUNT(*) > 0
--- DISTINCT
SELECT DISTINCT c_segment, c_nation FROM lake.customer
--- COUNT of distinct with FILTER
SELECT COUNT(DISTINCT o_customer) FILTER (WHERE o_status = 'F') AS n FROM lake.orders
--- Window frames
SELECT o_id, AVG(o_total) OVER (PARTITION BY o_customer ORDER BY o_date ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) AS a,
  SUM(o_total) OVER (ORDER BY o_id RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS b FROM lake.orders
--- Named window
SELECT o_id, SUM(o_total) OVER w AS s, RANK() OVER w AS r FROM lake.orders WINDOW w AS (PARTITION BY o_customer ORDER BY o_date)
--- LAG, LEAD, FIRST_VALUE, NTILE
SELECT o_id, LAG(o_total, 1) OVER (PARTITION BY o_customer ORDER BY o_date) AS a,
  LEAD(o_total) OVER (PARTITION BY o_customer ORDER BY o_date) AS b,
  FIRST_VALUE(o_total) OVER (PARTITION BY o_customer ORDER BY o_date) AS c,
  NTILE(4) OVER (ORDER BY o_total) AS d FROM lake.orders
--- The last of each key by ROW_NUMBER
SELECT o_id, o_customer FROM (
  SELECT o_id, o_customer, ROW_NUMBER() OVER (PARTITION BY o_customer ORDER BY o_at DESC) AS rn FROM lake.orders
) ranked WHERE rn = 1
--- CASE in both forms
SELECT CASE c_segment WHEN 'A' THEN 1 WHEN 'B' THEN 2 END AS a, CASE WHEN c_balance < 0 THEN 'debt' ELSE 'credit' END AS b FROM lake.customer
--- COALESCE, NULLIF, GREATEST
SELECT COALESCE(c_name, 'none') AS a, NULLIF(c_nation, 0) AS b, GREATEST(c_nation, 3) AS c FROM lake.customer
--- CAST between types
SELECT CAST(c_id AS VARCHAR(20)) AS a, CAST(c_balance AS DOUBLE) AS b, CAST(c_since AS TIMESTAMP) AS c, CAST('3.50' AS DECIMAL(5,2)) AS d FROM lake.customer
--- Numbers in their forms
SELECT 1 AS a, 1.50 AS b, 1.5E3 AS c, -7 AS d, 12345678901 AS e
--- Strings with quotes and accents
SELECT 'l''été «日本» ☃' AS a, '--not a comment' AS b, '/*nor this*/' AS c
--- Comments everywhere
SELECT /* a */ c_id -- the key
  , c_name /* b
  c */ FROM lake.customer -- end
--- IN with a row of values and NOT BETWEEN
SELECT c_id FROM lake.customer WHERE c_nation IN (1, 2, 3) AND c_balance NOT BETWEEN 1 AND 2
--- LIKE with ESCAPE
SELECT c_id FROM lake.customer WHERE c_name LIKE '50!%%' ESCAPE '!'
--- IS DISTINCT FROM
SELECT c_id FROM lake.customer WHERE c_nation IS DISTINCT FROM 3
--- Scalar subquery in SELECT
SELECT c_name, (SELECT COUNT(*) FROM lake.orders o WHERE o.o_customer = c.c_id) AS n FROM lake.customer c
--- Nested CTEs that read each other
WITH a AS (SELECT c_id, c_nation FROM lake.customer), b AS (SELECT c_nation, COUNT(*) AS n FROM a GROUP BY c_nation)
SELECT a.c_id, b.n FROM a JOIN b ON a.c_nation = b.c_nation
--- A CTE with column names
WITH a (x, y) AS (SELECT c_id, c_name FROM lake.customer) SELECT x, y FROM a
--- A CTE named like a table
WITH customer AS (SELECT 1 AS one) SELECT one FROM customer
--- Star of one source, and an alias with quotes around nothing
SELECT c.*, n.n_name FROM lake.customer c LEFT JOIN lake.nation n ON n.n_id = c.c_nation
--- A topic
SELECT id, page, at FROM clicks WHERE kind = 'buy' AND amount > 10 AND NOT bot
--- Topic joined with table
SELECT c.c_name, SUM(k.amount) AS total FROM clicks k JOIN lake.customer c ON k.customer = c.c_id GROUP BY c.c_name
--- A topic with exact decimals and six digits
SELECT symbol, price * size AS value, exact FROM trades WHERE price > 1.5
--- Times compared and cut
SELECT symbol, date_trunc('hour', at) AS hour, MAX(price) AS top FROM trades GROUP BY symbol, date_trunc('hour', at)
--- TABLE alone
TABLE lake.nation
--- Parenthesised queries with LIMIT
(SELECT c_id FROM lake.customer ORDER BY c_id LIMIT 3) UNION ALL (SELECT s_id FROM lake.supplier ORDER BY s_id LIMIT 3)
--- Boolean expressions
SELECT c_id, c_balance > 0 AND c_nation IS NOT NULL AS ok, NOT (c_balance > 0 OR c_nation = 1) AS bad FROM lake.customer
--- Statistics
SELECT STDDEV(o_total) AS a, VARIANCE(o_total) AS b, CORR(o_total, o_id) AS c, MIN(o_date) AS d, MAX_BY(o_id, o_total) AS e FROM lake.orders
--- String functions
SELECT TRIM(c_name) AS a, UPPER(c_name) AS b, LENGTH(c_name) AS c, REPLACE(c_name, 'a', 'b') AS d, CONCAT(c_name, '-', c_segment) AS e,
  c_name || '!' AS f, REVERSE(c_name) AS g, LPAD(c_name, 10, ' ') AS h, SPLIT(c_note, ',') AS i FROM lake.customer
--- Mathematics
SELECT ROUND(c_balance, 1) AS a, FLOOR(c_balance) AS b, CEIL(c_balance) AS c, POWER(c_nation, 2) AS d, SQRT(c_nation) AS e, MOD(c_nation, 3) AS f, SIGN(c_balance) AS g FROM lake.customer
--- An unused alias with a keyword's name
SELECT c_id AS year, c_name AS month FROM lake.customer AS day
--- Fields of rows, and of rows within rows
SELECT buyer.name, b.buyer.home.city AS city, buyer.home FROM lake.boxes b WHERE b.buyer.home.zip > 3 AND buyer.name IS NOT NULL
--- Fields in GROUP BY and ORDER BY
SELECT b.buyer.home.city AS city, COUNT(*) AS n, SUM(b.buyer.home.zip) AS z FROM lake.boxes b GROUP BY b.buyer.home.city ORDER BY b.buyer.home.city
--- Elements of arrays and maps
SELECT lines[1].sku AS sku, lines[1].price * 2 AS twice, tags['a'] AS a, cardinality(lines) AS n FROM lake.boxes
--- Fields of a topic's rows
SELECT k.buyer.name AS name, k.lines[1].n + 1 AS n FROM baskets k WHERE k.buyer.home.city = 'Paris'
--- Floats and small numbers
SELECT ratio * 2 AS a, small + 1 AS b, ratio > small AS c, AVG(ratio) AS d, SUM(small) AS e FROM lake.boxes GROUP BY ratio, small
--- What is a text to every engine
SELECT UPPER(code) AS a, SUBSTRING(opens, 1, 2) AS hour, code || opens AS c FROM lake.boxes WHERE opens > '12:00:00.000'
--- Instants compared with each other
SELECT a.id FROM lake.boxes a JOIN lake.boxes b ON a.bought = b.bought WHERE a.bought > b.bought
--- Whole nested columns compared and counted
SELECT a.id, a.buyer = b.buyer AS same FROM lake.boxes a JOIN lake.boxes b ON a.lines = b.lines
