Queries that neither Spark nor Trino takes, with the line where it is broken.

--- A column that is not there | 2
SELECT c_id,
  c_nam
FROM lake.customer
--- A column of the wrong source | 3
SELECT o.o_id
FROM lake.orders o
JOIN lake.customer c ON c.o_customer = o.o_id
--- An alias that is not there | 2
SELECT c.c_id,
  x.c_name
FROM lake.customer c
--- A trailing comma before FROM | 3
SELECT id,
  kind,
FROM clicks
--- A trailing AND | 3
SELECT c_id FROM lake.customer
WHERE c_nation = 1
  AND
--- A trailing comma in GROUP BY | 3
SELECT c_segment, COUNT(*)
FROM lake.customer
GROUP BY c_segment,
--- A trailing comma in FROM | 2
SELECT c_id
FROM lake.customer,
--- WHERE behind ORDER BY | 4
SELECT c_id
FROM lake.customer
ORDER BY c_id
WHERE c_id = 1
--- An empty IN | 3
SELECT c_id
FROM lake.customer
WHERE c_nation IN ()
--- A function misspelt | 2
SELECT c_id,
  LENGHT(c_name)
FROM lake.customer
--- A function misspelt within another | 2
SELECT c_id,
  COALESCE(LENGHT(c_name), 0)
FROM lake.customer
--- Too few arguments | 2
SELECT
  REPLACE()
FROM lake.customer
--- A column that is not grouped | 1
SELECT c_segment, c_name, COUNT(*)
FROM lake.customer
GROUP BY c_segment
--- A column beside an aggregate without GROUP BY | 1
SELECT c_name, COUNT(*)
FROM lake.customer
--- An aggregate in WHERE | 3
SELECT c_id
FROM lake.customer
WHERE COUNT(*) > 1
--- An aggregate in an aggregate | 2
SELECT
  SUM(COUNT(*))
FROM lake.customer
--- A window in WHERE | 3
SELECT c_id
FROM lake.customer
WHERE ROW_NUMBER() OVER (ORDER BY c_id) = 1
--- UNION of another width | 1
SELECT c_id, c_name FROM lake.customer UNION ALL SELECT s_id FROM lake.supplier
--- UNION of types that do not meet | 1
SELECT c_since FROM lake.customer UNION ALL SELECT n_id FROM lake.nation
--- A name that is ambiguous | 2
SELECT
  n_name
FROM lake.nation a JOIN lake.nation b ON a.n_id = b.n_id
--- JOIN without a condition's operand | 3
SELECT o.o_id
FROM lake.orders o
JOIN lake.customer c ON c.c_id =
--- A parenthesis that is not closed | 3
SELECT
  COALESCE(c_name, 'x'
FROM lake.customer
--- A type that does not exist | 2
SELECT
  CAST(c_name AS TEXTT)
FROM lake.customer
--- A number compared with a date | 3
SELECT c_id
FROM lake.customer
WHERE c_since > 3
--- A sum of text and date | 2
SELECT
  c_since + c_balance
FROM lake.customer
--- WHERE that is no truth | 3
SELECT c_id
FROM lake.customer
WHERE c_name
--- ORDER BY what is not there | 3
SELECT c_id
FROM lake.customer
ORDER BY nothing
--- ORDER BY a position that is not there | 3
SELECT c_id
FROM lake.customer
ORDER BY 7
--- HAVING on a column that is not grouped | 1
SELECT c_segment FROM lake.customer GROUP BY c_segment HAVING c_name = 'x'
--- IN with a subquery of two columns | 3
SELECT c_id
FROM lake.customer
WHERE c_id IN (SELECT o_customer, o_id FROM lake.orders)
--- A window function without its window | 1
SELECT c_id, RANK()
FROM lake.customer
--- A CTE that is not there | 3
WITH a AS (SELECT c_id FROM lake.customer)
SELECT c_id
FROM b
--- FROM twice | 3
SELECT c_id
FROM lake.customer
FROM lake.orders
--- SELECT of nothing | 2
SELECT
FROM lake.customer
--- A keyword misspelt | 3
SELECT c_id
FROM lake.customer
GRUOP BY c_id
--- A string that is not closed | 3
SELECT c_id
FROM lake.customer
WHERE c_name = 'x
--- A CTE whose columns do not fit | 1
WITH a (x, y) AS (SELECT c_id FROM lake.customer) SELECT x FROM a
--- A column of a topic that is not there | 2
SELECT id,
  pagee
FROM clicks
--- An operator of types that do not fit on a topic | 3
SELECT id
FROM clicks
WHERE bot > day
