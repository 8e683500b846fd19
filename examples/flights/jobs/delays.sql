-- How late each carrier leaves, hour by hour, in event time: to a compacted topic and to the lake.
CREATE TEMPORARY VIEW hourly AS
SELECT
  carrier,
  window_start AS `hour`,
  COUNT(*) AS departures,
  COUNT(*) - COUNT(dep_delay) AS cancelled,
  AVG(dep_delay) AS avg_delay,
  MAX(dep_delay) AS max_delay
FROM TABLE(TUMBLE(TABLE departures, DESCRIPTOR(time_hour), INTERVAL '1' HOUR))
GROUP BY carrier, window_start, window_end;

INSERT INTO delays SELECT * FROM hourly;

INSERT INTO lake.delays SELECT * FROM hourly;
