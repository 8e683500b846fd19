-- The carriers that leave latest on average, from the hourly results of the stream.
SELECT
  c.name AS carrier,
  SUM(h.departures) AS departures,
  SUM(h.cancelled) AS cancelled,
  ROUND(SUM(h.avg_delay * (h.departures - h.cancelled)) / SUM(h.departures - h.cancelled), 2) AS avg_delay,
  MAX(h.max_delay) AS max_delay
FROM lake.delays h
JOIN lake.carriers c ON c.carrier = h.carrier
GROUP BY c.name
ORDER BY avg_delay DESC
