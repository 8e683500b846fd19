-- What the daily report must be, computed by DuckDB from the files.
SELECT
  CAST(f.time_hour AS DATE) AS day,
  f.origin,
  count(*) AS departures,
  count(*) FILTER (WHERE f.dep_delay IS NULL) AS cancelled,
  avg(f.dep_delay) AS avg_delay,
  min(w.visib) AS worst_visib
FROM flights f
LEFT JOIN weather w USING (origin, time_hour)
GROUP BY ALL
