INSERT INTO lake.landed
SELECT * FROM readings
