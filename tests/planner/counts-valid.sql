Numbers of columns, types and sums that Flink, Spark and Trino take.

--- IN with a row
SELECT id FROM clicks WHERE (n, id) IN (SELECT n, id FROM clicks)
--- IN with one column of a table with more
SELECT id FROM clicks WHERE n IN (SELECT n FROM clicks) AND (n) NOT IN (SELECT MAX(n) FROM clicks)
--- IN with a query on its left
SELECT id FROM clicks WHERE (SELECT MAX(n) FROM clicks) IN (SELECT n FROM clicks)
--- EXISTS with two columns
SELECT id FROM clicks WHERE EXISTS (SELECT n, id FROM clicks)
--- A query for a value
SELECT id, (SELECT MAX(n) FROM clicks) AS r, ((SELECT MAX(n) FROM clicks)) + 1 AS s FROM clicks
--- Names for all columns
WITH c (a, b) AS (SELECT n, id FROM clicks) SELECT t.x, t.y FROM c AS t (x, y)
--- Names for VALUES
SELECT t.a FROM (VALUES (1, 2), (3, 4)) AS t (a, b)
--- Names in a UNION
WITH c (a, b) AS (SELECT n, id FROM clicks UNION ALL SELECT n, id FROM clicks) SELECT a, b FROM c
--- Types
SELECT CAST(page AS INT) AS a, CAST(page AS VARCHAR(3)) AS b, CAST(n AS DECIMAL(10, 2)) AS c, CAST(page AS DOUBLE) AS d FROM clicks
--- Frames
SELECT SUM(n) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS a,
  SUM(n) OVER (ORDER BY id ROWS 2 PRECEDING) AS b FROM clicks
--- Sums
SELECT n + id * 2.5 - score / amount AS a, -n AS b, INTERVAL '1' DAY * 2 AS c, n % 3 AS d FROM clicks
--- Sums of what a function gives
SELECT n + ABS(id) AS a, COALESCE(n, 0) + 1 AS b, MAX(n) + COUNT(*) AS c FROM clicks GROUP BY n, id
