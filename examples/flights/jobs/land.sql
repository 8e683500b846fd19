-- Every departure, as it comes, into the lake.
INSERT INTO lake.departures
SELECT * FROM departures
