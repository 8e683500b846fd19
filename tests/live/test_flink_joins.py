"""What Flink joins streams with: versions of a compacted topic, of a view of newest rows, tables of the lake.

All is compared with what DuckDB computes from the files. Then a table is another one: the jobs that read it once say
so, and `rosace rebuild` makes them anew.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

ORDERS, RATES = 3_000, 300

PLATFORM = """\
platform: joined
topics:
  orders:
    columns: {id: int!, currency: string!, amount: bigint!, at: timestamp(3)!}
    key: id
    partitions: 4
    event-time: {column: at, delay: 5s}
  rates:
    columns: {currency: string!, rate: bigint!, since: timestamp(3)!}
    key: currency
    compact: true
    partitions: 2
    event-time: since
  changes:
    columns: {currency: string!, rate: bigint!, since: timestamp(3)!}
    key: currency
    partitions: 2
    event-time: since
  by-key: {columns: {id: int!, total: bigint}, key: id, partitions: 2}
  by-view: {columns: {id: int!, total: bigint}, key: id, partitions: 2}
  by-left: {columns: {id: int!, total: bigint}, key: id, partitions: 2}
  named: {columns: {id: int!, country: string}, key: id, partitions: 2}
  copied: {columns: {currency: string!, country: string!}, key: currency, partitions: 2}
tables:
  countries: {columns: {currency: string!, country: string!}}
  counted: {columns: {country: string!, n: bigint!}, key: country}
sources:
  orders: {file: orders.csv, to: orders}
  rates: {file: rates.csv, to: rates}
  changes: {file: rates.csv, to: changes}
  countries: {file: countries.csv, to: lake.countries}
jobs:
  by-key: {engine: flink, sql: by-key.sql, checkpoint: 1s}
  by-view: {engine: flink, sql: by-view.sql, checkpoint: 1s}
  by-left: {engine: flink, sql: by-left.sql, checkpoint: 1s}
  named: {engine: flink, sql: named.sql, checkpoint: 1s}
  copied: {engine: flink, sql: copied.sql, checkpoint: 1s}
  counted: {engine: flink, sql: counted.sql, checkpoint: 1s}
verify:
  by-key: by-key-oracle.sql
  by-view: by-key-oracle.sql
  by-left: by-left-oracle.sql
  named: named-oracle.sql
  copied: copied-oracle.sql
  lake.counted: counted-oracle.sql
"""
JOIN = """\
INSERT INTO `{target}` SELECT o.id, o.amount * r.rate FROM orders AS o
  {kind}JOIN {versions} FOR SYSTEM_TIME AS OF o.`at` AS r ON o.currency = r.currency;
"""
VIEW = """\
CREATE TEMPORARY VIEW versions AS
  SELECT currency, rate, since FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY since DESC) AS n FROM changes)
  WHERE n = 1;
"""
ORACLE = """\
SELECT o.id, o.amount * r.rate AS total
FROM orders o ASOF {kind}JOIN rates r ON o.currency = r.currency AND o.at >= r.since
"""
FILES = {
    "platform.yaml": PLATFORM,
    "by-key.sql": JOIN.format(target="by-key", kind="", versions="rates"),
    "by-left.sql": JOIN.format(target="by-left", kind="LEFT ", versions="rates"),
    "by-view.sql": VIEW + JOIN.format(target="by-view", kind="", versions="versions"),
    "named.sql": "INSERT INTO named SELECT o.id, c.country FROM orders o\n"
    "JOIN lake.countries c ON o.currency = c.currency\n",
    "copied.sql": "INSERT INTO copied SELECT currency, country FROM lake.countries\n",
    "counted.sql": "INSERT INTO lake.counted SELECT c.country, COUNT(*) FROM orders o\n"
    "JOIN lake.countries c ON o.currency = c.currency GROUP BY c.country\n",
    "by-key-oracle.sql": ORACLE.format(kind=""),
    "by-left-oracle.sql": ORACLE.format(kind="LEFT "),
    "named-oracle.sql": "SELECT o.id, c.country FROM orders o JOIN countries c USING (currency)\n",
    "copied-oracle.sql": "SELECT currency, country FROM countries\n",
    "counted-oracle.sql": "SELECT country, count(*) AS n FROM orders JOIN countries USING (currency) GROUP BY ALL\n",
}


def write(folder: Path, name: str, head: str, rows: list[tuple[object, ...]]) -> None:
    lines = [",".join(map(str, row)) for row in rows]
    (folder / name).write_text("\n".join([head, *lines, ""]), encoding="utf-8")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder, chance, start = tmp_path / "joined", random.Random(3), datetime(2024, 5, 1)
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")

    def at(seconds: int) -> str:
        return (start + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")

    orders = [(n, f"c{chance.randrange(8)}", chance.randrange(1, 99), at(n)) for n in range(ORDERS)]
    write(folder, "orders.csv", "id,currency,amount,at", [*orders])
    rates = [(f"c{chance.randrange(7)}", chance.randrange(1, 99), at(30 + 10 * n)) for n in range(RATES)]
    write(folder, "rates.csv", "currency,rate,since", [*rates])
    write(folder, "countries.csv", "currency,country", [(f"c{n}", f"land {n % 4}") for n in range(8) if n != 3])
    found = Live(folder, tmp_path / "state")
    try:
        yield found
    finally:
        teardown(found)


def test_joins_with_versions_and_with_tables_are_exact_also_when_a_table_is_another(live: Live) -> None:
    live.up_verified()
    assert [flow for flow in live.proof["flows"] if flow["result"] != "exact"] == []
    with (live.folder / "countries.csv").open("a", encoding="utf-8") as out:
        out.write("c3,land 3\n")
    live.run("up", "--timeout", "60", code=None)
    live.wait("jobs say it", lambda status: status["jobs"]["copied"]["state"] == "failed", 60)
    assert "`rosace rebuild copied` makes it anew" in live.run("status", code=None).stderr
    # Those that read topics alone have nothing to do with it.
    failed = {name for name, job in live.status()["jobs"].items() if job["state"] == "failed"}
    assert failed == {"named", "copied", "counted"}
    live.run("rebuild", "countries", "--yes", code=None)
    live.up_verified()
    assert [flow for flow in live.proof["flows"] if flow["result"] != "exact"] == []
