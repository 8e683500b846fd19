-- What each account paid in each hour, computed by DuckDB from the file.
SELECT account, date_trunc('hour', "at") AS hour, count(*) AS payments, sum(amount) AS total
FROM transactions
GROUP BY ALL
