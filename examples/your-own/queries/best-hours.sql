-- The five best hours, with the largest order of each.
SELECT r.shop, r.hour, r.orders, r.amount, MAX(o.amount) AS largest
FROM lake.revenue r
JOIN lake.orders o ON o.shop = r.shop AND date_trunc('hour', o.ordered_at) = r.hour
GROUP BY r.shop, r.hour, r.orders, r.amount
ORDER BY r.amount DESC
LIMIT 5
