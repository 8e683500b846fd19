-- What the hourly delays must be, computed by DuckDB from the file.
SELECT
  carrier,
  date_trunc('hour', time_hour) AS hour,
  count(*) AS departures,
  count(*) FILTER (WHERE dep_delay IS NULL) AS cancelled,
  avg(dep_delay) AS avg_delay,
  max(dep_delay) AS max_delay
FROM flights
GROUP BY ALL
