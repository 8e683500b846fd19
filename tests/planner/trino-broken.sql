What Trino does not take, with the line and some of its words.

--- A no-break space | 2 | mismatched input
SELECT c_id,
  c_name FROM lake.customer
--- A frame the wrong way round | 2 |
SELECT c_id,
  SUM(c_balance) OVER (ORDER BY c_id ROWS BETWEEN CURRENT ROW AND 3 PRECEDING)
FROM lake.customer
--- A function of another engine | 2 | not registered
SELECT c_id,
  nvl(c_name, '') FROM lake.customer
--- Wrong types of arguments | 2 | Unexpected parameters
SELECT c_id,
  length(c_balance) FROM lake.customer
--- A text compared with a number | 3 | Cannot apply operator
SELECT c_id
FROM lake.customer
WHERE c_name = 1
--- A metadata table that does not exist | 2 |
SELECT *
FROM lake."orders$snapshotz"
--- Time travel, and a column that is not there | 2 | cannot be resolved
SELECT o_id,
  nothing FROM lake.orders FOR VERSION AS OF 17179869184000
--- A version that is no bigint | 1 |
SELECT o_id FROM lake.orders FOR VERSION AS OF DATE '2020-01-01'
--- A pattern variable that is not there | 5 |
SELECT * FROM trades MATCH_RECOGNIZE (
  PARTITION BY symbol ORDER BY at
  MEASURES LAST(up.price) AS top
  PATTERN (strt up+ DOWNN)
  DEFINE up AS price > PREV(nothing))
--- UNNEST of what is no array | 1 |
SELECT c_id
FROM lake.customer CROSS JOIN UNNEST(c_name) AS t (w)
--- UNNEST with too many names | 2 |
SELECT c_id
FROM lake.customer CROSS JOIN UNNEST(split(c_note, ',')) AS t (a, b)
--- A lambda of the wrong type | 2 |
SELECT c_id,
  transform(ARRAY[1, 2], x -> x || 'a') FROM lake.customer
--- A lambda where none is taken | 2 |
SELECT
  upper(x -> x) FROM lake.customer
--- QUALIFY, which Trino has not | 1 |
SELECT c_id FROM lake.customer QUALIFY ROW_NUMBER() OVER (ORDER BY c_id) = 1
--- A name in backticks | 1 |
SELECT `c_id` FROM lake.customer
--- Double quotes are no text | 3 | cannot be resolved
SELECT c_id
FROM lake.customer
WHERE c_name = "x"
--- The column of a compacted topic | 2 | cannot be resolved
SELECT currency,
  ratee FROM rates
--- In a topic with decimals taken from text | 3 |
SELECT symbol
FROM trades
WHERE price = 'x'
--- A JSON path that is none | 2 |
SELECT c_id,
  json_value(c_note, 'lax $.[') FROM lake.customer
--- LIMIT of text | 1 |
SELECT c_id FROM lake.customer LIMIT 'a'
--- A field that a row does not have | 1 |
SELECT CAST(ROW(1) AS ROW(a integer)).b
--- A catalog that is not there | 2 |
SELECT 1
FROM postgres.public.customers
--- GROUPING of what is not grouped | 1 |
SELECT c_segment, GROUPING(c_name) FROM lake.customer GROUP BY c_segment
--- A type with too many digits | 1 |
SELECT
  CAST(c_balance AS decimal(50, 2)) FROM lake.customer
--- An ORDER BY of what DISTINCT has not | 1 |
SELECT DISTINCT c_name
FROM lake.customer
ORDER BY c_id
--- CASE without END | 3
SELECT
  CASE WHEN c_nation = 1 THEN 2
FROM lake.customer
--- NATURAL JOIN, which Trino has not | 1 | not supported
SELECT n_name FROM lake.nation NATURAL JOIN (SELECT n_id FROM lake.nation) t
--- A column of USING with its source | 1 | cannot be resolved
SELECT o.k FROM (SELECT o_customer AS k FROM lake.orders) o JOIN (SELECT c_id AS k FROM lake.customer) d USING (k)
--- A digit that is none in its base | 2 |
SELECT c_id,
  0b12 AS n FROM lake.customer
--- Two underscores in a number | 2 |
SELECT c_id,
  1__000 AS n FROM lake.customer
--- A column that an inline function does not help | 2 | cannot be resolved
WITH FUNCTION twice(x bigint) RETURNS bigint RETURN x * 2
SELECT twice(c_idd) FROM lake.customer
--- A misspelt inline function | 2 | not registered
WITH FUNCTION twice(x bigint) RETURNS bigint RETURN x * 2
SELECT twicee(c_id) FROM lake.customer
--- A position in another base | 2 | position 2
SELECT c_id FROM lake.customer
ORDER BY 0x2
