What Spark does not take, in batch jobs, with the line and some of its words.

--- Too few columns | 1 | gives 2 columns
INSERT INTO lake.totals SELECT kind, COUNT(*) FROM clicks GROUP BY kind
--- Too many columns | 1 | gives 3 columns
INSERT INTO lake.totals (kind, n) SELECT kind, n, amount FROM clicks
--- Text into a number | 1 | Cannot safely cast
INSERT INTO lake.totals (kind, n) SELECT kind, page FROM clicks
--- A number into a date | 1 | Cannot safely cast
INSERT INTO lake.landed SELECT id, customer, page, kind, at, id, amount, score, bot, n FROM clicks
--- A truth into a number | 1 | Cannot safely cast
INSERT INTO lake.totals (kind, n) SELECT kind, bot FROM clicks
--- Text into a topic's number | 1 | Cannot safely cast
INSERT INTO alerts (kind, n) SELECT kind, page FROM clicks
--- An array into text | 2 |
CREATE TEMPORARY VIEW v AS SELECT kind, array(1) AS a FROM clicks;
INSERT INTO lake.totals (kind, n) SELECT kind, a FROM v
--- A column of the second statement | 3 | cannot be resolved
CREATE TEMPORARY VIEW v AS SELECT kind, n FROM clicks;
INSERT INTO lake.totals (kind, n)
  SELECT kind, m FROM v
--- A function of another engine | 1 | Cannot resolve routine
SELECT date_parse(c_name, '%Y') FROM lake.customer
--- Wrong arguments | 2 | data type mismatch
SELECT
  date_add(c_name, c_since) FROM lake.customer
--- An index of an array that is text | 1 |
SELECT array(1, 2)['x']
--- A field that a struct does not have | 1 | No such struct field
SELECT named_struct('a', 1).b
--- A lambda where none is taken | 1 |
SELECT upper(x -> x) FROM lake.customer
--- PIVOT by a column that is not there | 1 |
SELECT * FROM lake.store_sales PIVOT (SUM(ss_price) FOR nothing IN (1, 2))
--- A metadata table that does not exist | 1 |
SELECT * FROM lake.orders.snapshotz
--- Time travel, and a column that is not there | 2 | cannot be resolved
SELECT o_id,
  nothing FROM lake.orders VERSION AS OF 17
--- explode in WHERE | 1 |
SELECT c_id FROM lake.customer WHERE explode(split(c_note, ',')) = 'a'
--- HAVING over a window | 1 |
SELECT c_segment FROM lake.customer GROUP BY c_segment HAVING RANK() OVER (ORDER BY c_segment) = 1
--- A correlated subquery in a join's type | 1 |
SELECT c_id FROM lake.customer c ORDER BY (SELECT o_id FROM lake.orders o WHERE o.o_customer = c.c_id)
--- QUALIFY, which Spark has not | 1 |
SELECT c_id FROM lake.customer QUALIFY ROW_NUMBER() OVER (ORDER BY c_id) = 1
--- LIMIT by a column | 1 |
SELECT c_id FROM lake.customer LIMIT c_nation
--- A name in double quotes | 2 |
SELECT c_id
FROM lake.customer "c" WHERE c_id = 1
--- CASE without END | 2
SELECT
  CASE WHEN c_nation = 1 THEN 2
FROM lake.customer
--- A scalar subquery of two columns | 2
SELECT c_id,
  (SELECT o_id, o_total FROM lake.orders)
FROM lake.customer
--- A partition's column in the query too | 2 | gives 8 columns
INSERT OVERWRITE lake.store_sales PARTITION (ss_date = 3)
SELECT * FROM lake.store_sales
--- A parameter that there is not | 2 |
SELECT o_id FROM lake.orders
WHERE o_date = :tomorrow
--- A date where a number is needed | 2 |
INSERT INTO lake.orders (o_id, o_customer, o_date)
SELECT o_id + :day, o_customer, o_date FROM lake.orders WHERE o_date = :day
