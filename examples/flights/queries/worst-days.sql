-- The ten worst days of the year, from the daily report.
SELECT day, origin, departures, cancelled, ROUND(avg_delay, 1) AS avg_delay, worst_visib
FROM lake.daily_report
ORDER BY daily_report.avg_delay DESC
LIMIT 10
