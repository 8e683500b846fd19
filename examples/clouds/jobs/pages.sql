-- How often each page was seen.
INSERT OVERWRITE lake.pages SELECT page, COUNT(*) AS clicks FROM lake.clicks GROUP BY page
