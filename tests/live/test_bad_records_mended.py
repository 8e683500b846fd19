"""What a person mends and sends again is expected beside what the files hold: a proof stays exact, and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from live_platform import Live, teardown, written
from test_bad_records_later import until

pytestmark = pytest.mark.live

ROWS = 20
PLATFORM = """\
platform: mended
topics:
  orders: {columns: {id: int!, shop: string!}, key: id, partitions: 2, on-bad-record: topic}
tables:
  landed: {like: orders}
sources:
  orders: {file: orders.csv, to: orders, follow: true}
jobs:
  land: {engine: spark, sql: land.sql}
"""


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("mended")
    texts = {
        "platform.yaml": PLATFORM,
        "land.sql": "INSERT INTO lake.landed SELECT * FROM orders\n",
        "orders.csv": "id,shop\n" + "".join(f"{number},s{number % 3}\n" for number in range(ROWS)),
    }
    live = written(folder, texts)
    try:
        live.run("up", timeout=600)
        yield live
    finally:
        teardown(live)


def proof(live: Live) -> dict[str, tuple[str, int, int]]:
    found = json.loads(live.run("verify", "--output", "json", code=None).stdout)
    return {flow["target"]: (flow["result"], flow["records_out"], flow["aside"]) for flow in found["flows"]}


def test_mended_records_are_expected(mended: Live) -> None:
    port = mended.status()["processes"]["kafka"]["ports"]["kafka"]
    producer = Producer({"bootstrap.servers": f"127.0.0.1:{port}"})
    producer.produce("orders", b'{"id": "twenty", "shop": "s2"}')
    producer.produce("orders", b"half a {")
    assert producer.flush(20) == 0
    exact = ("exact", ROWS, 2)
    until("both are aside", lambda: proof(mended) == {"orders": exact, "lake.landed": exact}, 100)
    table = mended.run("verify", code=None).stdout
    assert "exact, 2 set aside" in table
    (mended.folder / "mended.jsonl").write_text(
        '{"id": 20, "shop": "s2"}\n{"id": 21, "shop": "s0"}\n', encoding="utf-8"
    )
    mended.run("topic", "replay", "orders", "mended.jsonl", "--yes")
    exact = ("exact", ROWS + 2, 0)
    until("both have landed", lambda: proof(mended) == {"orders": exact, "lake.landed": exact}, 60)
    assert json.loads(mended.run("topic", "unfit", "orders", "-o", "json").stdout) == []
