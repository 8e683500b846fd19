"""Windows over topics of several partitions, on the real engines: each kind is exact, however the partitions are read,
or what was late is counted to the record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

ROWS = 6_000
CASES = {
    "sorted-4": (4, "sorted"),
    "sorted-12": (12, "sorted"),
    "skewed-4": (4, "skewed"),
    "skewed-12": (12, "skewed"),
    "near-1": (1, "near"),
    "near-4": (4, "near"),
}
"""Partitions of the topic, and how its file is ordered: `near` within the delay that is declared."""

HEAD = "platform: late\nengines: {flink: {memory: 640Mi}}\ntopics:\n"
TOPIC = """\
  {name}:
    columns: {{moment: timestamp(3)!, who: string!, n: int!}}
    key: who
    partitions: {partitions}
    event-time: {{column: moment, delay: 20s}}
  of-{name}:
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
SELECT kind, who, since, until, count(*) AS n, sum(n) AS total FROM slots GROUP BY ALL
UNION ALL
SELECT 'session', who, min(moment), max(moment) + INTERVAL 15 SECOND, count(*), sum(n) FROM numbered
  GROUP BY who, number
"""


def write(path: Path, order: str, seed: int) -> None:
    chance = random.Random(seed)
    start, rows = datetime(2024, 5, 1), []
    for n in range(ROWS):
        moment = start + timedelta(milliseconds=250 * n + chance.randrange(250))
        # Of skewed ones nearly all have one key, and the others come now and then.
        who = (
            "a"
            if order == "skewed" and chance.random() < 0.95
            else f"k{chance.randrange(30 if order != 'skewed' else 3)}"
        )
        rows.append((moment, who, n))
    if order == "near":
        rows.sort(key=lambda row: row[0] + timedelta(milliseconds=chance.randrange(20_000)))
    with path.open("w", encoding="utf-8") as out:
        out.write("moment,who,n\n")
        out.writelines(f"{moment.isoformat(timespec='milliseconds')},{who},{n}\n" for moment, who, n in rows)


def made(folder: Path, cases: dict[str, tuple[int, str]] = CASES) -> Live:
    folder.mkdir(parents=True)
    text = HEAD + "".join(TOPIC.format(name=name, partitions=count) for name, (count, _) in cases.items())
    text += "sources:\n" + "".join(f"  {name}: {{file: {name}.csv, to: {name}}}\n" for name in cases)
    text += "jobs:\n" + "".join(f"  j-{name}: {{engine: flink, sql: {name}.sql, checkpoint: 2s}}\n" for name in cases)
    text += "verify:\n" + "".join(f"  of-{name}: {name}-oracle.sql\n" for name in cases)
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    for seed, (name, (_, order)) in enumerate(cases.items()):
        write(folder / f"{name}.csv", order, seed)
        by = "who, window_start, window_end"
        parts = (
            GROUPED.format(kind=kind, windows=windows.format(name=name), by=by) for kind, windows in WINDOWS.items()
        )
        text = f"INSERT INTO `of-{name}`\n" + "\nUNION ALL\n".join(parts) + "\n"
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
        (folder / f"{name}-oracle.sql").write_text(ORACLE.format(name=name), encoding="utf-8")
    return Live(folder, folder.parent / "state")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    found = made(tmp_path / "tard")
    try:
        yield found
    finally:
        teardown(found)


def test_windows_of_each_kind_are_exact_however_partitions_are_read(live: Live) -> None:
    live.run("up", "--verify", code=None, timeout=1500)
    wrong = [flow for flow in live.verify()["flows"] if flow["result"] != "exact"]
    assert not wrong
