What Spark does not take, and the quick check tells.

--- A query of two columns for a value | 2 |
SELECT id,
  (SELECT MAX(n), MAX(id) FROM clicks) AS r FROM clicks
--- A query of two columns in a sum | 2 |
SELECT id,
  id + (SELECT MAX(n), MAX(id) FROM clicks) AS r FROM clicks
--- A list of what is no type | 2 |
SELECT id,
  CAST(NULL AS ARRAY<BIGINTT>) AS r FROM clicks
--- A type of another engine behind two colons | 2 |
SELECT id,
  page::HUGEINT AS r FROM clicks
--- A date plus a bigint | 2 |
SELECT id,
  day + id AS r FROM clicks
