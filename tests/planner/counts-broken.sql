Numbers of columns, types and sums that neither Flink nor Spark nor Trino takes, and the quick check tells.

--- IN with too many columns | 3 |
SELECT id
FROM clicks
WHERE n IN (SELECT n, id FROM clicks)
--- NOT IN with all columns | 3 |
SELECT id
FROM clicks
WHERE n NOT IN (SELECT * FROM clicks)
--- A row in a query of one column | 3 |
SELECT id
FROM clicks
WHERE (n, id) IN (SELECT n FROM clicks)
--- A row in a query of three columns | 3 |
SELECT id
FROM clicks
WHERE (n, id) IN (SELECT n, id, n FROM clicks)
--- IN with a UNION of two columns | 3 |
SELECT id
FROM clicks
WHERE n + 0 IN (SELECT n FROM clicks) AND n IN (SELECT n, id FROM clicks UNION ALL SELECT n, id FROM clicks)
--- IN with too many columns, in SELECT | 2 |
SELECT id,
  n IN (SELECT n, id FROM clicks) AS r FROM clicks
--- A common table expression with too few names | 1 |
WITH c (a) AS (SELECT n, id FROM clicks)
SELECT a FROM c
--- A common table expression with too many names | 1 |
WITH c (a, b, d) AS (SELECT n, id FROM clicks)
SELECT a FROM c
--- A derived table with too few names | 2 |
SELECT t.a FROM
  (SELECT n, id FROM clicks) AS t (a)
--- A derived table with too many names | 2 |
SELECT t.a FROM
  (SELECT n, id FROM clicks) AS t (a, b, d)
--- A topic with too few names | 2 |
SELECT t.a FROM
  clicks AS t (a)
--- VALUES with too few names | 2 |
SELECT t.a FROM
  (VALUES (1, 2)) AS t (a)
--- Rows of VALUES of two lengths | 2 |
SELECT t.a FROM
  (VALUES (1, 2), (3)) AS t (a, b)
--- A type that is none | 2 |
SELECT id,
  CAST(page AS BIGINTT) AS r FROM clicks
--- A type of another engine | 2 |
SELECT id,
  CAST(page AS INT64) AS r FROM clicks
--- A frame that ends before all rows | 2 |
SELECT id,
  SUM(n) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING) AS r FROM clicks
--- A frame that begins behind all rows | 2 |
SELECT id,
  SUM(n) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED FOLLOWING AND UNBOUNDED FOLLOWING) AS r FROM clicks
--- A truth times a number | 2 |
SELECT id,
  bot * n AS r FROM clicks
--- Text plus an interval of months | 2 |
SELECT id,
  page + INTERVAL '1' MONTH AS r FROM clicks
--- A fraction plus an interval | 2 |
SELECT id,
  score + INTERVAL '1' DAY AS r FROM clicks
--- A truth with a minus | 2 |
SELECT id,
  -(n > 1) AS r FROM clicks
--- Text plus text | 2 |
SELECT id,
  page + kind AS r FROM clicks
