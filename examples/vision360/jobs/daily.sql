-- One row a day over all accounts.
INSERT OVERWRITE lake.daily_totals
SELECT CAST(at AS DATE) AS day, COUNT(DISTINCT account) AS accounts, COUNT(*) AS payments, SUM(amount) AS total
FROM lake.transactions
GROUP BY CAST(at AS DATE);
