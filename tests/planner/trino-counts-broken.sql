What Trino does not take, and the quick check tells.

--- Text where a number is | 2 | Cannot apply operator
SELECT id,
  page * n AS r FROM clicks
--- A date plus a number | 2 | Cannot apply operator
SELECT id,
  day + 1 AS r FROM clicks
--- A text with a minus | 2 | negate
SELECT id,
  -page AS r FROM clicks
--- ANY of two columns | 3 |
SELECT id
FROM clicks
WHERE n = ANY (SELECT n, id FROM clicks)
--- A frame the wrong way round | 2 |
SELECT id,
  SUM(n) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 3 PRECEDING) AS r FROM clicks
--- A frame that follows itself | 2 |
SELECT id,
  SUM(n) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW) AS r FROM clicks
--- A list of what is no type | 2 |
SELECT id,
  CAST(NULL AS ARRAY(BIGINTT)) AS r FROM clicks
--- Rows of two lengths behind IN | 3 |
SELECT id
FROM clicks
WHERE (n, id) IN ((1, 2), (3, 4, 5))
--- Rows of two lengths compared | 3 |
SELECT id
FROM clicks
WHERE (n, id) = (1, 2, 3)
