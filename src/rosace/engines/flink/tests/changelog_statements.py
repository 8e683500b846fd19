"""Queries of Flink and what its planner says of them: whether they add rows, or change those they gave before.

`EXPLAIN CHANGELOG_MODE` of Flink 2.1.3, measured for each. `<ev>` stands for `TABLE(TUMBLE(TABLE ev, ...))`.
"""

from __future__ import annotations

import re

from rosace.model.platform import Topic

_COLUMNS = {"id": "int!", "k": "string!", "v": "bigint", "ts": "timestamp(3)!", "s": "string"}


def _topic(**more: object) -> Topic:
    return Topic.model_validate({"columns": _COLUMNS, **more})


TOPICS = {
    "ev": _topic(**{"event-time": "ts"}),
    "ev2": _topic(**{"event-time": "ts"}),
    "plain": _topic(),
    "cmp": _topic(key=["id"], compact=True, **{"event-time": "ts"}),
    "cmpn": _topic(key=["id"], compact=True),
}
"""`cmp` and `cmpn` are compacted; `plain` and `cmpn` have no event time."""

_ADDS = """
SELECT id, k FROM ev WHERE v > 1
SELECT k, window_start, SUM(v) FROM <ev> GROUP BY k, window_start, window_end
SELECT window_start, SUM(v) FROM <ev> GROUP BY window_start, window_end
SELECT DISTINCT k, window_start, window_end FROM <ev>
SELECT k, TUMBLE_START(ts, INTERVAL '1' HOUR), SUM(v) FROM ev GROUP BY k, TUMBLE(ts, INTERVAL '1' HOUR)
SELECT k, SESSION_START(ts, INTERVAL '1' HOUR), SUM(v) FROM ev GROUP BY k, SESSION(ts, INTERVAL '1' HOUR)
SELECT k, SUM(v) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM ev
SELECT k, SUM(v) OVER (PARTITION BY k ORDER BY ts) FROM ev
SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) FROM ev
SELECT e.id, f.v FROM ev e JOIN ev2 f ON e.id = f.id
SELECT e.id, f.v FROM ev e JOIN ev2 f ON e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts
SELECT e.id, f.v FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts
SELECT e.id, f.v FROM ev e FULL JOIN ev2 f ON e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts + INTERVAL '1' HOUR
SELECT e.id, f.v FROM ev e, ev2 f WHERE e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts
SELECT e.id, f.v FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts
SELECT e.id, f.v FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v > 1
SELECT e.id, c.v FROM ev e JOIN cmp FOR SYSTEM_TIME AS OF e.ts AS c ON e.id = c.id
SELECT e.id, c.v FROM ev e LEFT JOIN cmp FOR SYSTEM_TIME AS OF e.ts AS c ON e.id = c.id
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY PROCTIME()) AS rn FROM ev) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY p) AS rn FROM (SELECT *, PROCTIME() AS p FROM ev)) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY p) AS rn FROM (SELECT *, PROCTIME() AS p FROM ev)) WHERE rn <= 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY v DESC) AS rn FROM <ev>) WHERE rn <= 3
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY ts DESC) AS rn FROM <ev>) WHERE rn = 1
SELECT k FROM ev UNION ALL SELECT k FROM ev2
SELECT id FROM ev WHERE id IN (SELECT id FROM ev2)
SELECT id FROM ev WHERE EXISTS (SELECT 1 FROM ev2 WHERE ev2.id = ev.id)
SELECT id FROM ev WHERE id IN (1,2,3)
SELECT id FROM ev ORDER BY ts
SELECT id FROM ev LIMIT 3
SELECT id FROM ev FETCH FIRST 3 ROWS ONLY
SELECT * FROM ev MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.id AS aid, B.id AS bid ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE A AS v = 1, B AS v = 2) AS T
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name)
SELECT e.id, t.x FROM ev e CROSS JOIN UNNEST(ARRAY[1,2]) AS t(x)
SELECT e.id, t.x FROM ev e LEFT JOIN UNNEST(ARRAY[e.v,2]) AS t(x) ON TRUE
SELECT e.id FROM ev e CROSS JOIN ev2 f
SELECT l.k, l.n, r.n FROM (SELECT k, window_start, window_end, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end) l FULL JOIN (SELECT k, window_start, window_end, COUNT(*) n FROM <ev2> GROUP BY k, window_start, window_end) r ON l.k = r.k AND l.window_start = r.window_start AND l.window_end = r.window_end
SELECT a.k FROM (SELECT k, window_start, window_end FROM <ev>) a WHERE a.k IN (SELECT k FROM (SELECT k, window_start, window_end FROM <ev2>) b WHERE b.window_start = a.window_start AND b.window_end = a.window_end)
SELECT k, window_start, n, SUM(n) OVER (PARTITION BY k ORDER BY window_time) FROM (SELECT k, window_start, window_time, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end, window_time)
SELECT window_start, MAX(n) FROM (SELECT k, window_start, window_end, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end) GROUP BY window_start, window_end
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS rn FROM (SELECT k, window_start, window_end, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end)) WHERE rn <= 3
SELECT l.k FROM (SELECT k, window_start AS s, window_end AS e, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end) l LEFT JOIN (SELECT k, window_start AS s, window_end AS e, COUNT(*) n FROM <ev2> GROUP BY k, window_start, window_end) r ON l.k = r.k AND l.s = r.s AND l.e = r.e
SELECT DISTINCT window_start, window_end FROM <ev>
SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE ev PARTITION BY k, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k
SELECT id, COUNT(*) FROM <cmp> GROUP BY id, window_start, window_end
SELECT id, COUNT(*) FROM cmp GROUP BY id, TUMBLE(ts, INTERVAL '1' HOUR)
SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), COUNT(*) FROM ev GROUP BY TUMBLE(ts, INTERVAL '1' HOUR) HAVING COUNT(*) > 2
SELECT s, COUNT(*) FROM (SELECT TUMBLE_ROWTIME(ts, INTERVAL '1' HOUR) AS r, k AS s FROM ev GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), k) GROUP BY s, TUMBLE(r, INTERVAL '1' DAY)
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v IS NOT NULL
SELECT e.id FROM ev e FULL JOIN ev2 f ON e.id = f.id WHERE f.v > 1 AND e.v > 1
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id LEFT JOIN plain p ON p.id = e.id WHERE p.v > 2 AND f.v > 1
SELECT x.id FROM (SELECT e.id, f.v FROM ev e LEFT JOIN ev2 f ON e.id = f.id) x WHERE x.v > 1
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.ts = f.ts
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts = f.ts
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts >= f.ts AND e.ts < f.ts + INTERVAL '1' DAY
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND f.ts BETWEEN e.ts AND TIMESTAMPADD(HOUR, 1, e.ts)
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn < 2
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn = 1 AND v > 2
SELECT id, k, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY ts) AS rn FROM ev) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS rn FROM ev)
SELECT id, LAG(v) OVER (PARTITION BY k ORDER BY ts) FROM ev
SELECT id, COUNT(*) OVER (PARTITION BY k ORDER BY PROCTIME()) FROM ev
SELECT id, COUNT(*) OVER w FROM ev WINDOW w AS (PARTITION BY k ORDER BY ts)
WITH d AS (SELECT k, COUNT(*) n FROM ev GROUP BY k) SELECT id FROM ev
SELECT id FROM ev WHERE v = ANY (SELECT v FROM ev2)
SELECT id FROM ev UNION ALL (SELECT id FROM ev2 LIMIT 3)
SELECT id FROM ev WHERE 1 = 0
SELECT DISTINCT x FROM (VALUES (1), (2)) AS t(x)
SELECT e.id FROM ev e NATURAL LEFT JOIN ev2 f
SELECT k, window_start, COUNT(*) FROM <ev> GROUP BY GROUPING SETS ((k, window_start, window_end), (window_start, window_end))
SELECT k, window_start, COUNT(*) FROM <ev> GROUP BY window_start, window_end, GROUPING SETS ((k), ())
SELECT window_start, MAX(k) FROM TABLE(HOP(TABLE ev, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end
SELECT window_start, MAX(k) FROM TABLE(CUMULATE(TABLE ev, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end
SELECT w.k, COUNT(*) FROM <ev> AS w GROUP BY w.k, w.window_start, w.window_end
SELECT k, COUNT(*) FROM <ev> WHERE v > 2 GROUP BY k, window_start, window_end
SELECT a.id FROM <ev> a JOIN <ev2> b ON a.id = b.id AND a.window_start = b.window_start AND a.window_end = b.window_end
SELECT a.id FROM <ev> a LEFT JOIN <ev2> b ON a.id = b.id AND a.window_start = b.window_start AND a.window_end = b.window_end
SELECT id FROM plain WHERE id NOT IN (1, 2)
SELECT COUNT(*) FROM ev GROUP BY TUMBLE(PROCTIME(), INTERVAL '1' HOUR)
SELECT COUNT(*) FROM (SELECT PROCTIME() AS p FROM plain) GROUP BY TUMBLE(p, INTERVAL '1' HOUR)
SELECT DISTINCT k, TUMBLE_START(ts, INTERVAL '1' HOUR) FROM ev GROUP BY k, TUMBLE(ts, INTERVAL '1' HOUR)
SELECT id, k FROM ev QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) = 1
SELECT a.k FROM (SELECT k, window_start, window_end FROM <ev>) a WHERE a.k NOT IN (SELECT k FROM (SELECT k, window_start, window_end FROM <ev2>) b WHERE b.window_start = a.window_start AND b.window_end = a.window_end)
SELECT a.k FROM <ev> a WHERE NOT EXISTS (SELECT 1 FROM <ev2> b WHERE b.k = a.k AND b.window_start = a.window_start AND b.window_end = a.window_end)
SELECT e.id FROM ev e, LATERAL (SELECT v FROM ev2 WHERE ev2.id = e.id) x
SELECT k, SUM(n) FROM (SELECT k, TUMBLE_START(ts, INTERVAL '1' HOUR) AS b, COUNT(*) AS n FROM ev GROUP BY k, TUMBLE(ts, INTERVAL '1' HOUR)) GROUP BY k, b
SELECT id FROM ev WHERE id IN (SELECT id FROM ev2) AND k IN (SELECT k FROM plain)
SELECT e.id FROM ev e RIGHT JOIN ev2 f ON e.id = f.id WHERE e.v > 1
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.s LIKE 'x%'
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v + 1 > e.v
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE NOT (f.v = 3)
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE CASE WHEN f.v > 1 THEN TRUE ELSE FALSE END
SELECT e.k, COUNT(*) FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts GROUP BY e.k, TUMBLE(e.ts, INTERVAL '1' HOUR)
SELECT k, v, ts FROM ev UNION ALL SELECT k, v, ts FROM ev2 LIMIT 5
SELECT id FROM (SELECT id, ts FROM ev UNION ALL SELECT id, ts FROM ev2) GROUP BY id, TUMBLE(ts, INTERVAL '1' HOUR)
SELECT window_start, window_end, k, COUNT(*) FROM <ev> GROUP BY window_start, window_end, ROLLUP(k)
SELECT 1 AS a
SELECT w.k FROM (SELECT k, window_start ws, window_end we FROM <ev> GROUP BY k, window_start, window_end) w GROUP BY w.k, ws, we
SELECT DISTINCT ws, we FROM (SELECT k, window_start ws, window_end we FROM <ev>)
SELECT l.k FROM <ev> l LEFT JOIN <ev2> r USING (window_start, window_end, k)
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts > f.ts - INTERVAL '1' HOUR AND f.ts > e.ts
SELECT k, COUNT(*) FROM (SELECT k, ts FROM ev WHERE v > 1) GROUP BY k, HOP(ts, INTERVAL '1' HOUR, INTERVAL '2' HOUR)
SELECT CURRENT_WATERMARK(ts), id FROM ev
"""  # noqa: E501

_UPDATES = """
SELECT k, SUM(v) FROM ev GROUP BY k
SELECT COUNT(*) FROM ev
SELECT DISTINCT k FROM ev
SELECT k FROM ev GROUP BY k
SELECT k FROM ev GROUP BY k HAVING COUNT(*) > 1
SELECT k, window_start, SUM(v) FROM <ev> GROUP BY k, window_start
SELECT k, window_end, SUM(v) FROM <ev> GROUP BY k, window_end
SELECT k, SUM(v) OVER (PARTITION BY k ORDER BY id) FROM ev
SELECT e.id, f.v FROM ev e LEFT JOIN ev2 f ON e.id = f.id
SELECT e.id, f.v FROM ev e RIGHT JOIN ev2 f ON e.id = f.id
SELECT e.id, f.v FROM ev e FULL JOIN ev2 f ON e.id = f.id
SELECT e.id, f.v FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts >= f.ts
SELECT id, v FROM cmp
SELECT id, v FROM cmpn
SELECT id, v FROM cmpn WHERE v > 1
SELECT k, SUM(v) FROM cmp GROUP BY k
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM ev) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY p DESC) AS rn FROM (SELECT *, PROCTIME() AS p FROM ev)) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS rn FROM ev) WHERE rn <= 3
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn <= 3
SELECT id, k, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn <= 3
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, k ORDER BY v DESC) AS rn FROM <ev>) WHERE rn <= 3
SELECT k FROM ev UNION SELECT k FROM ev2
SELECT k FROM ev INTERSECT SELECT k FROM ev2
SELECT k FROM ev INTERSECT ALL SELECT k FROM ev2
SELECT k FROM ev EXCEPT SELECT k FROM ev2
SELECT k FROM ev UNION ALL SELECT k FROM cmp
SELECT id FROM ev WHERE id NOT IN (SELECT id FROM ev2)
SELECT id FROM ev WHERE NOT EXISTS (SELECT 1 FROM ev2 WHERE ev2.id = ev.id)
SELECT id FROM ev WHERE id IN (SELECT id FROM cmp)
SELECT id FROM ev WHERE v > (SELECT AVG(v) FROM ev2)
SELECT id, (SELECT MAX(v) FROM ev2) FROM ev
SELECT id FROM ev ORDER BY v LIMIT 3
SELECT id FROM ev ORDER BY ts LIMIT 3
SELECT k, COUNT(DISTINCT s) FROM ev GROUP BY GROUPING SETS ((k), ())
SELECT l.k, l.n, r.n FROM (SELECT k, window_start, window_end, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end) l FULL JOIN (SELECT k, window_start, window_end, COUNT(*) n FROM <ev2> GROUP BY k, window_start, window_end) r ON l.k = r.k AND l.window_start = r.window_start
SELECT k, MAX(n) FROM (SELECT k, window_start, window_end, COUNT(*) n FROM <ev> GROUP BY k, window_start, window_end) GROUP BY k
SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE ev PARTITION BY k, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end
SELECT id, window_start FROM <cmp>
SELECT COUNT(*) FROM plain WHERE v > 1
SELECT k, COUNT(*) FROM ev GROUP BY k, FLOOR(ts TO HOUR)
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.id IS NULL
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE e.v > 1
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE COALESCE(f.v, 0) > 1
SELECT e.id FROM ev e FULL JOIN ev2 f ON e.id = f.id WHERE f.v > 1
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id JOIN plain p ON p.id = f.id
SELECT e.id FROM ev e LEFT JOIN ev2 f ON TRUE
SELECT e.id FROM ev e LEFT JOIN plain f ON e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts
SELECT e.id FROM (SELECT id, CAST(ts AS TIMESTAMP(3)) AS ts FROM ev) e LEFT JOIN ev2 f ON e.id = f.id AND e.ts BETWEEN f.ts - INTERVAL '1' HOUR AND f.ts
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn = 2
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS rn FROM ev WHERE v > 2) WHERE rn BETWEEN 1 AND 3
SELECT id, LAG(v) OVER (PARTITION BY k ORDER BY v) FROM ev
SELECT e.id, c.v FROM ev e JOIN cmp c ON e.id = c.id
WITH d AS (SELECT k, COUNT(*) n FROM ev GROUP BY k) SELECT k FROM d WHERE n > 1
SELECT e.id FROM ev e JOIN (SELECT k, COUNT(*) n FROM ev2 GROUP BY k) d ON e.k = d.k
SELECT id FROM ev WHERE k = 'a' OR id IN (SELECT id FROM ev2)
SELECT id, id IN (SELECT id FROM ev2) FROM ev
SELECT id FROM ev WHERE EXISTS (SELECT 1 FROM ev2)
SELECT id FROM ev WHERE (SELECT COUNT(*) FROM ev2) > 3
SELECT k FROM (SELECT DISTINCT k FROM ev) GROUP BY k
SELECT COUNT(*) FROM (VALUES (1), (2)) AS t(x)
SELECT x, COUNT(*) FROM (VALUES (1), (2)) AS t(x) GROUP BY x
SELECT e.id, t.x FROM ev e LEFT JOIN (VALUES (1), (2)) AS t(x) ON e.id = t.x
SELECT e.id FROM ev e LEFT JOIN ev2 f USING (id)
SELECT k, COUNT(*) FROM ev GROUP BY CUBE (k, s)
SELECT FLOOR(window_start TO DAY), MAX(k) FROM TABLE(CUMULATE(TABLE ev, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) GROUP BY FLOOR(window_start TO DAY)
SELECT a.id FROM <ev> a LEFT JOIN TABLE(HOP(TABLE ev2, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '2' HOUR)) b ON a.id = b.id AND a.window_start = b.window_start AND a.window_end = b.window_end
SELECT window_start FROM <ev> WHERE id NOT IN (SELECT id FROM ev2)
SELECT k, v FROM (SELECT k, v FROM ev UNION ALL SELECT k, v FROM plain) GROUP BY k, v
SELECT PROCTIME() AS p, k, COUNT(*) FROM ev GROUP BY k
SELECT k, LISTAGG(s) FROM ev GROUP BY k
SELECT e.id FROM ev e LEFT JOIN cmp c ON e.id = c.id
SELECT e.id FROM ev e LEFT JOIN (SELECT k, COUNT(*) n FROM ev2 GROUP BY k) d ON e.k = d.k
SELECT id FROM ev WHERE id IN (SELECT id FROM ev2 GROUP BY id)
SELECT id FROM ev WHERE id IN (SELECT DISTINCT id FROM ev2)
SELECT id FROM ev WHERE id IN (SELECT id FROM ev2 GROUP BY id HAVING COUNT(*) > 1)
SELECT DISTINCT k FROM (SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM ev) WHERE rn = 1)
SELECT id, (SELECT v FROM ev2 WHERE ev2.id = ev.id) FROM ev
SELECT id FROM ev WHERE v > (SELECT MAX(v) FROM ev2 WHERE ev2.id = ev.id)
SELECT e.id FROM ev e LEFT JOIN LATERAL (SELECT v FROM ev2 WHERE ev2.id = e.id) x ON TRUE
SELECT id, n FROM (SELECT id, COUNT(*) OVER (PARTITION BY k ORDER BY v) AS n FROM ev) WHERE n > 2
SELECT id FROM (SELECT id, COUNT(*) OVER (PARTITION BY k ORDER BY v) AS n FROM ev) WHERE id > 2
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v > 1 OR f.v < 0
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v > 1 OR e.v < 0
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE UPPER(f.s) = 'X'
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v IN (1, 2, 3)
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id WHERE f.v BETWEEN 1 AND 3
SELECT id FROM (SELECT id FROM ev ORDER BY ts LIMIT 3)
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM cmp) WHERE rn = 1
SELECT GROUPING(k), COUNT(*) FROM ev GROUP BY ROLLUP(k)
SELECT f0 FROM (VALUES ROW(1), ROW(2)) AS t(f0) UNION SELECT 3
SELECT 1 AS a UNION SELECT 2
SELECT e.id FROM ev e LEFT JOIN ev2 f ON e.id = f.id AND e.ts > f.ts - INTERVAL '1' HOUR AND e.ts > f.ts
SELECT MAX(v) FILTER (WHERE v > 1) FROM ev
"""  # noqa: E501

_WRONG = """
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS rn FROM plain) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) AS rn FROM plain) WHERE rn = 1
SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts, id) AS rn FROM ev) WHERE rn = 1
"""


def _whole(lines: str) -> list[str]:
    window = r"TABLE(TUMBLE(TABLE \1, DESCRIPTOR(ts), INTERVAL '1' HOUR))"
    return [re.sub(r"<(\w+)>", window, line) for line in lines.strip().splitlines()]


ADDS, UPDATES = _whole(_ADDS), _whole(_UPDATES)

CALLED_ADDING = _whole(_WRONG)
"""What the planner calls adding, and the operator then updates: see `changelog.py`."""
