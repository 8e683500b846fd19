-- Every transaction, as it came, into the lake.
INSERT INTO lake.transactions SELECT id, account, amount, at FROM transactions;
