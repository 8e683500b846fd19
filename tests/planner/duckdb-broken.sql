Oracles that DuckDB does not take, for the table `totals`, with the line.

--- A source that is not there | 2 | does not exist
SELECT kind, n, amount, "at"
FROM click
--- A column that is not there | 2 | not found in FROM clause
SELECT kind, n, amount,
  nott AS "at" FROM clicks
--- A function misspelt | 2 | does not exist
SELECT kind,
  lenght(kind) AS n, amount, "at" FROM clicks
--- A column that is not grouped | 1 | GROUP BY
SELECT kind, n, amount, "at" FROM clicks GROUP BY kind
--- A trailing AND | 3 | syntax error
SELECT kind, n, amount, "at"
FROM clicks
WHERE n = 1 AND
--- An accent before a column that is not there | 2 | not found
SELECT 'été' AS kind,
  'é☃' || nothing AS n, amount, "at" FROM clicks
--- Another width | 1 | same number
SELECT kind, n, amount, "at" FROM clicks UNION ALL SELECT symbol, size FROM trades
--- A column of the target that is not given | 1 | not found
SELECT kind, n, amount FROM clicks
--- A file | 1 |
SELECT * FROM read_csv('/etc/passwd')
--- A file by its name | 1 |
SELECT * FROM '/etc/passwd'
--- Two queries | 1 | one query
SELECT kind, n, amount, "at" FROM clicks; SELECT 1
--- No query | 1 | one query
DROP TABLE clicks
--- COPY to a file | 1 | one query
COPY clicks TO '/tmp/x.csv'
--- A setting | 1 | one query
SET enable_external_access = true
--- An aggregate in WHERE | 2 |
SELECT kind, n, amount, "at" FROM clicks
WHERE COUNT(*) > 1
--- A name that is ambiguous | 1 | mbiguous
SELECT kind, n, amount, "at" FROM clicks, trades
--- IN with too many columns | 2 | returns 2 columns
SELECT kind, n, amount, "at" FROM clicks
WHERE n IN (SELECT n, id FROM clicks)
--- A row in a query of one column | 2 | returns 1 columns
SELECT kind, n, amount, "at" FROM clicks
WHERE (n, id) IN (SELECT n FROM clicks)
--- A query of two columns for a value | 2 | returns 2 columns
SELECT kind, n, amount, "at" FROM clicks
WHERE n = (SELECT MAX(n), MAX(id) FROM clicks)
--- A frame the wrong way round | 1 |
SELECT kind, amount, "at", SUM(n) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 2 PRECEDING) AS n FROM clicks
