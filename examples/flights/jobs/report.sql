-- One line per day and airport: how it went, and how far one could see.
INSERT OVERWRITE lake.daily_report
SELECT
  CAST(d.time_hour AS DATE) AS day,
  d.origin,
  COUNT(*) AS departures,
  COUNT(*) - COUNT(d.dep_delay) AS cancelled,
  AVG(d.dep_delay) AS avg_delay,
  MIN(w.visib) AS worst_visib
FROM lake.departures d
LEFT JOIN lake.weather w ON w.origin = d.origin AND w.time_hour = d.time_hour
GROUP BY CAST(d.time_hour AS DATE), d.origin
