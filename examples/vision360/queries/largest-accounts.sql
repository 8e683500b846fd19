SELECT account, SUM(total) AS paid
FROM lake.balances
GROUP BY account
ORDER BY paid DESC
LIMIT 20
