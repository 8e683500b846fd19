"""Platforms of Flink's windows: files whose order is chosen, jobs of each kind of window, and their oracles."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

ROWS = 6_000
STEP = 7
"""Milliseconds of which all times are multiples, so that no two rows are just as far apart as a session's gap: windows
that touch are one for Flink (2.1, TimeWindow.intersects), but only while the first one is still there, so that the
answer would hang on when a watermark comes."""
DELAY = timedelta(seconds=20)
"""How long a topic's event time waits; the file has four rows a second."""

TOPIC = """\
  {name}:
    columns: {{moment: timestamp(3)!, who: string!, n: int!}}
    key: who
    partitions: {partitions}
    event-time: {{column: moment, delay: 20s}}
"""
RESULT = """\
  {name}:
    columns: {{kind: string!, who: string!, since: timestamp(3)!, until: timestamp(3)!, n: bigint!, total: bigint!}}
    key: [kind, who, since, until]
    compact: true
    partitions: 2
"""
GROUPED = """\
SELECT '{kind}', who, window_start, window_end, COUNT(*), SUM(CAST(n AS BIGINT))
FROM TABLE({windows})
GROUP BY {by}"""
WINDOWS = {
    "tumble": "TUMBLE(TABLE `{name}`, DESCRIPTOR(moment), INTERVAL '30' SECOND)",
    "hop": "HOP(TABLE `{name}`, DESCRIPTOR(moment), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)",
    "cumulate": "CUMULATE(TABLE `{name}`, DESCRIPTOR(moment), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)",
    "session": "SESSION(TABLE `{name}` PARTITION BY who, DESCRIPTOR(moment), INTERVAL '15' SECOND)",
}
TIMES = """\
SELECT kind, who, since, until, count(*) AS n, sum(n) AS total FROM (
  SELECT 'tumble' AS kind, who, n, s AS since, s + INTERVAL {seconds} SECOND AS until
  FROM (SELECT *, time_bucket(INTERVAL {seconds} SECOND, moment) AS s FROM "{name}")
) GROUP BY ALL
"""
"""What tumbling windows of so many seconds hold."""
ORACLE = """\
WITH slots AS (
  SELECT 'tumble' AS kind, who, n, s AS since, s + INTERVAL 30 SECOND AS until
    FROM (SELECT *, time_bucket(INTERVAL 30 SECOND, moment) AS s FROM "{name}")
  UNION ALL
  SELECT 'hop', who, n, s - k * INTERVAL 20 SECOND, s - k * INTERVAL 20 SECOND + INTERVAL 1 MINUTE
    FROM (SELECT *, time_bucket(INTERVAL 20 SECOND, moment) AS s FROM "{name}"), range(3) AS _(k)
  UNION ALL
  SELECT 'cumulate', who, n, s, s + k * INTERVAL 20 SECOND
    FROM (SELECT *, time_bucket(INTERVAL 1 MINUTE, moment) AS s FROM "{name}"), range(1, 4) AS _(k)
    WHERE moment < s + k * INTERVAL 20 SECOND
), gaps AS (
  SELECT who, n, moment, coalesce(moment - lag(moment) OVER w >= INTERVAL 15 SECOND, true) AS fresh FROM "{name}"
  WINDOW w AS (PARTITION BY who ORDER BY moment)
), numbered AS (
  SELECT *, sum(CAST(fresh AS INT)) OVER w AS number FROM gaps
  WINDOW w AS (PARTITION BY who ORDER BY moment, fresh DESC ROWS UNBOUNDED PRECEDING)
)
SELECT * FROM (
SELECT kind, who, since, until, count(*) AS n, sum(n) AS total FROM slots GROUP BY ALL
UNION ALL
SELECT 'session', who, min(moment), max(moment) + INTERVAL 15 SECOND, count(*), sum(n) FROM numbered
  GROUP BY who, number
)
"""
"""What windows of each kind hold."""

ONLY = "WHERE list_contains({kinds}, kind)\n"
"""Behind that: of these kinds."""


def query(name: str, kinds: Iterable[str] = WINDOWS) -> str:
    """The windows of these kinds over a topic, together."""
    by = "who, window_start, window_end"
    parts = (GROUPED.format(kind=kind, windows=WINDOWS[kind].format(name=name), by=by) for kind in kinds)
    return "\nUNION ALL\n".join(parts) + "\n"


def write(path: Path, order: str, seed: int) -> None:
    """A file of `ROWS` rows: `sorted` by time; `skewed`, too, where nearly all rows have one key; `near`, shuffled
    within the delay; `shuffled` altogether."""
    chance = random.Random(seed)
    start, rows = datetime(2024, 5, 1), list[tuple[datetime, str, int]]()
    for n in range(ROWS):
        moment = start + timedelta(milliseconds=(250 * n + chance.randrange(250)) // STEP * STEP)
        skewed = order == "skewed"
        keys = 3 if skewed else 300 if order == "shuffled" else 30
        who = "a" if skewed and chance.random() < 0.95 else f"k{chance.randrange(keys)}"
        rows.append((moment, who, n))
    if order == "near":
        rows.sort(key=lambda row: row[0] + timedelta(milliseconds=chance.randrange(20_000)))
    if order == "shuffled":
        chance.shuffle(rows)
    with path.open("w", encoding="utf-8") as out:
        out.write("moment,who,n\n")
        out.writelines(f"{moment.isoformat(timespec='milliseconds')},{who},{n}\n" for moment, who, n in rows)
