INSERT INTO lake.copied
SELECT * FROM readings
