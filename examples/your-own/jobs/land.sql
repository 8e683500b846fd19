-- Every order, as it comes, into the lake.
INSERT INTO lake.orders
SELECT * FROM orders
