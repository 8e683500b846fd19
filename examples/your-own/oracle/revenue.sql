-- What the hourly revenue must be, computed by DuckDB from the file.
SELECT
  shop,
  date_trunc('hour', ordered_at) AS hour,
  count(*) AS orders,
  sum(items) AS items,
  sum(amount) AS amount
FROM orders
GROUP BY ALL
