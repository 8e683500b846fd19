-- What was paid each day, computed by DuckDB from the file.
SELECT CAST("at" AS DATE) AS day, count(DISTINCT account) AS accounts, count(*) AS payments, sum(amount) AS total
FROM transactions
GROUP BY ALL
