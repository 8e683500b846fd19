-- Every click, as it came, into the lake.
INSERT INTO lake.clicks SELECT account, page, clicked FROM clicks
