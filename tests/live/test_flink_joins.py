"""What a Flink job joins a topic with, on the real engines: a table of the lake, and a topic with a key as it was at
the time of each record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_platform import Live, teardown

pytestmark = pytest.mark.live

PLATFORM = """\
platform: joins
topics:
  orders:
    columns: {moment: timestamp(3)!, product: int!, currency: string!, amount: int!}
    key: product
    event-time: {column: moment, delay: 1s}
  rates:
    columns: {since: timestamp(3)!, currency: string!, rate: int!}
    key: currency
    compact: true
    event-time: {column: since, delay: 1s}
  priced:
    columns: {moment: timestamp(3)!, product: int!, name: string, amount: int!}
    key: product
  changed:
    columns: {moment: timestamp(3)!, product: int!, total: int}
    key: product
tables:
  products: {columns: {product: int!, name: string!}}
sources:
  products: {file: products.csv, to: lake.products}
  rates: {file: rates.csv, to: rates}
  orders: {file: orders.csv, to: orders}
jobs:
  named: {engine: flink, sql: named.sql, checkpoint: 1s, parallelism: 1}
  changed: {engine: flink, sql: changed.sql, checkpoint: 1s, parallelism: 1}
verify:
  priced: named-oracle.sql
  changed: changed-oracle.sql
"""
FILES = {
    "named.sql": """INSERT INTO priced
SELECT o.moment, o.product, p.name, o.amount FROM orders AS o JOIN lake.products AS p ON o.product = p.product
""",
    "changed.sql": """INSERT INTO changed
SELECT o.moment, o.product, o.amount * r.rate
FROM orders AS o LEFT JOIN rates FOR SYSTEM_TIME AS OF o.moment AS r ON o.currency = r.currency
""",
    "named-oracle.sql": """SELECT o.moment, o.product, p.name, o.amount
FROM orders AS o JOIN products AS p USING (product)
""",
    "changed-oracle.sql": """SELECT o.moment, o.product, o.amount * r.rate AS total
FROM orders AS o ASOF LEFT JOIN rates AS r ON o.currency = r.currency AND o.moment >= r.since
""",
}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    folder = tmp_path / "jointures"
    folder.mkdir()
    (folder / "platform.yaml").write_text(PLATFORM, encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    moment = "2024-05-01T{:02}:{:02}:00.000"
    rows = (f"{moment.format(n // 60, n % 60)},{n % 50},{['EUR', 'USD', 'CHF'][n % 3]},{n}" for n in range(1_000))
    (folder / "orders.csv").write_text("moment,product,currency,amount\n" + "\n".join(rows) + "\n", encoding="utf-8")
    rows = (f"{moment.format(n, 30)},{['EUR', 'USD'][n % 2]},{n + 1}" for n in range(16))
    (folder / "rates.csv").write_text("since,currency,rate\n" + "\n".join(rows) + "\n", encoding="utf-8")
    rows = (f"{n},Stück {n}" for n in range(50))
    (folder / "products.csv").write_text("product,name\n" + "\n".join(rows) + "\n", encoding="utf-8")
    found = Live(folder, tmp_path / "state")
    try:
        yield found
    finally:
        teardown(found)


def test_a_topic_is_joined_with_a_table_and_with_a_topic_as_it_was(live: Live) -> None:
    live.up_verified()
    assert {flow["name"]: flow["result"] for flow in live.proof["flows"]} == dict.fromkeys(
        ("source orders", "source rates", "source products", "flink named", "flink changed"), "exact"
    )
