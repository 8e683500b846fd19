-- What each shop took, hour by hour, in event time.
INSERT INTO lake.revenue
SELECT
  shop,
  window_start AS `hour`,
  COUNT(*) AS orders,
  SUM(items) AS items,
  SUM(amount) AS amount
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ordered_at), INTERVAL '1' HOUR))
GROUP BY shop, window_start, window_end
