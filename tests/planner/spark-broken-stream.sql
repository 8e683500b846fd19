What Spark does not take, in streaming jobs.

--- An aggregate without watermark | 1 | not supported for streaming aggregations
INSERT INTO lake.totals (kind, n) SELECT kind, COUNT(*) FROM clicks GROUP BY kind
--- DISTINCT | 1 |
INSERT INTO lake.totals (kind) SELECT DISTINCT kind FROM clicks
--- A sort | 1 | Sorting
INSERT INTO lake.totals (kind) SELECT kind FROM clicks ORDER BY kind
--- A window function | 1 | Window function is not supported
INSERT INTO lake.totals (kind, n) SELECT kind, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY at) FROM clicks
--- An outer join of two streams without watermark | 1 |
INSERT INTO lake.totals (kind, amount) SELECT k.kind, t.price FROM clicks k LEFT JOIN trades t ON k.page = t.symbol
--- A full outer join of stream and table | 1 |
INSERT INTO lake.totals (kind) SELECT c.c_segment FROM clicks k FULL JOIN lake.customer c ON k.customer = c.c_id
--- A right outer join of stream and table | 1 |
INSERT INTO lake.totals (kind) SELECT c.c_segment FROM clicks k RIGHT JOIN lake.customer c ON k.customer = c.c_id
--- Rows that are no stream | 1 | writeStream
INSERT INTO lake.totals (kind, amount) SELECT c_segment, c_balance FROM lake.customer
--- EXCEPT of two streams | 1 |
INSERT INTO lake.totals (kind) SELECT kind FROM clicks EXCEPT SELECT symbol FROM trades
--- A view that aggregates | 2 |
CREATE TEMPORARY VIEW counted AS SELECT kind, COUNT(*) AS n FROM clicks GROUP BY kind;
INSERT INTO lake.totals (kind, n) SELECT kind, n FROM counted
--- A column that is not there | 2 | cannot be resolved
INSERT INTO lake.landed
SELECT id, customer, page, knd, at, day, amount, score, bot, n FROM clicks
--- Text into a number | 1 | Cannot safely cast
INSERT INTO lake.totals (kind, n) SELECT kind, page FROM clicks
