-- What each account paid in each minute.
INSERT INTO spending
SELECT account, window_start AS started, COUNT(*) AS payments, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(paid), INTERVAL '1' MINUTE))
GROUP BY account, window_start, window_end
