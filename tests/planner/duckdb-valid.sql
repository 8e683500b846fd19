Oracles that DuckDB takes, for the table `totals`, over sources named like tables.

--- Counted by kind
SELECT kind, COUNT(*) AS n, SUM(amount) AS amount, MAX("at") AS "at" FROM clicks GROUP BY kind
--- Columns in another order, and one more
SELECT 1 AS more, "at", amount, n, kind FROM clicks
--- In another case of letters
SELECT kind AS KIND, n AS "N", amount AS Amount, "at" AS "AT" FROM clicks
--- A CTE
WITH c AS (SELECT kind, COUNT(*) AS n FROM clicks GROUP BY kind) SELECT kind, n, 0 AS amount, NULL AS "at" FROM c
--- FROM first
FROM clicks SELECT kind, n, amount, "at"
--- GROUP BY ALL
SELECT kind, COUNT(*) AS n, SUM(amount) AS amount, MAX("at") AS "at" FROM clicks GROUP BY ALL
--- QUALIFY
SELECT kind, n, amount, "at" FROM clicks QUALIFY row_number() OVER (PARTITION BY kind ORDER BY "at" DESC) = 1
--- time_bucket
SELECT kind, COUNT(*) AS n, SUM(amount) AS amount, time_bucket(INTERVAL '1 hour', "at") AS "at" FROM clicks GROUP BY kind, 4
--- A trailing comma
SELECT kind, n, amount, "at", FROM clicks
--- A comment behind it
SELECT kind, n, amount, "at" FROM clicks -- the end
--- A semicolon and a comment
SELECT kind, n, amount, "at" FROM clicks; -- the end
--- Lists and lambdas
SELECT kind, len(list_filter([1, 2, 3], lambda x: x > 1)) AS n, amount, "at" FROM clicks
--- Structs
SELECT s.k AS kind, 1 AS n, s.a AS amount, "at" FROM (SELECT {'k': kind, 'a': amount} AS s, "at" FROM clicks)
--- unnest
SELECT unnest(string_split(page, '/')) AS kind, 1 AS n, amount, "at" FROM clicks
--- ASOF
SELECT t.symbol AS kind, t.size AS n, t.price AS amount, t."at" FROM trades t ASOF JOIN clicks c ON t.symbol = c.kind AND t."at" >= c."at"
--- arg_max
SELECT kind, arg_max(n, "at") AS n, arg_max(amount, "at") AS amount, MAX("at") AS "at" FROM clicks GROUP BY kind
--- ROLLUP
SELECT COALESCE(kind, 'all') AS kind, COUNT(*) AS n, SUM(amount) AS amount, MAX("at") AS "at" FROM clicks GROUP BY ROLLUP (kind)
--- UNION BY NAME
SELECT kind, n, amount, "at" FROM clicks UNION ALL BY NAME SELECT "at", symbol AS kind, size AS n, price AS amount FROM trades
--- PIVOT as a query
SELECT 'x' AS kind, n, amount, "at" FROM (PIVOT clicks ON kind IN ('a', 'b') USING SUM(amount) AS total GROUP BY n, amount, "at")
--- Windows
SELECT kind, SUM(n) OVER (PARTITION BY kind ORDER BY "at") AS n, amount, "at" FROM clicks
--- EXCLUDE and REPLACE
SELECT * EXCLUDE (id, customer, page, day, score, bot) FROM clicks
--- REPLACE
SELECT * REPLACE (upper(kind) AS kind) FROM clicks
--- Correlated
SELECT kind, (SELECT COUNT(*) FROM trades t WHERE t."at" < c."at") AS n, amount, "at" FROM clicks c
--- FILTER
SELECT kind, COUNT(*) FILTER (WHERE bot) AS n, SUM(amount) AS amount, MAX("at") AS "at" FROM clicks GROUP BY kind
--- VALUES
SELECT * FROM (VALUES ('a', 1, 2.50, TIMESTAMP '2020-01-01 00:00:00')) AS v (kind, n, amount, "at")
--- generate_series
SELECT 'a' AS kind, g AS n, 1.0 AS amount, now()::TIMESTAMP AS "at" FROM generate_series(1, 3) AS s (g)
--- Text cast to what is wanted
SELECT kind, '17' AS n, '2.50' AS amount, '2020-01-01 00:00:00' AS "at" FROM clicks
--- A lateral join
SELECT c.kind, l.n, c.amount, c."at" FROM clicks c, LATERAL (SELECT c.n + 1 AS n) l
--- Two sources
SELECT kind, size AS n, price AS amount, t."at" FROM trades t JOIN clicks c ON t.symbol = c.kind
--- Regular expressions
SELECT regexp_extract(page, '^/([a-z]+)', 1) AS kind, n, amount, "at" FROM clicks
--- Fewer names than columns, and more
WITH c (a) AS (SELECT n, id FROM clicks), d (x, y, z) AS (SELECT n, id FROM clicks)
SELECT kind, n, amount, "at" FROM clicks WHERE n IN (SELECT a FROM c) AND n IN (SELECT x FROM d)
--- A row in a query of rows
SELECT kind, n, amount, "at" FROM clicks WHERE (n, id) IN (SELECT (n, id) FROM clicks) AND (n, id) IN (SELECT n, id FROM clicks)
--- Numbers with underscores
SELECT kind, 1_000 AS n, amount, "at" FROM clicks
