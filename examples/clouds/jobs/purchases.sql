-- What was paid within the hour after a page was seen.
INSERT INTO purchases
SELECT clicks.account, clicks.page, payments.amount
FROM clicks JOIN payments
  ON clicks.account = payments.account
 AND payments.paid BETWEEN clicks.clicked AND clicks.clicked + INTERVAL '1' HOUR
