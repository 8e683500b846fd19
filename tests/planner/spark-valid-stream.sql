What Spark takes, in streaming jobs.

--- A copy
INSERT INTO lake.landed SELECT * FROM clicks
--- A filter with listed columns
INSERT INTO lake.totals (kind, amount) SELECT kind, amount FROM clicks WHERE amount > 0
--- A view between
CREATE TEMPORARY VIEW paid AS SELECT kind, amount, at FROM clicks WHERE amount IS NOT NULL;
INSERT INTO lake.totals (kind, amount, at) SELECT kind, amount, at FROM paid
--- Two sinks
INSERT INTO lake.totals (kind, amount) SELECT kind, amount FROM clicks;
INSERT INTO lake.landed SELECT * FROM clicks WHERE bot
--- Joined with a table
INSERT INTO lake.totals (kind, amount) SELECT c.c_segment, k.amount FROM clicks k JOIN lake.customer c ON k.customer = c.c_id
--- Left joined with a table
INSERT INTO lake.totals (kind, amount) SELECT COALESCE(c.c_segment, ''), k.amount FROM clicks k LEFT JOIN lake.customer c ON k.customer = c.c_id
--- A union of two topics
INSERT INTO lake.totals (kind, amount) SELECT kind, amount FROM clicks UNION ALL SELECT symbol, price FROM trades
--- Exploded
INSERT INTO lake.totals (kind, n) SELECT word, id FROM clicks LATERAL VIEW explode(split(page, '/')) w AS word
--- Into a topic, at least once
INSERT INTO alerts SELECT kind, id, amount, at FROM clicks WHERE kind IS NOT NULL
