-- What each account paid in each hour, as a stream and as a table.
CREATE TEMPORARY VIEW hourly AS
SELECT account, window_start AS `hour`, COUNT(*) AS payments, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE transactions, DESCRIPTOR(`at`), INTERVAL '1' HOUR))
GROUP BY account, window_start, window_end;

INSERT INTO balances SELECT account, `hour`, payments, total FROM hourly;
INSERT INTO lake.balances SELECT account, `hour`, payments, total FROM hourly;
