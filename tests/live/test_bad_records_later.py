"""A record ends the jobs that read it; then the topic says that such ones are set aside, and they go on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Producer
from live_platform import Live, teardown, written

pytestmark = pytest.mark.live

ENGINES = ("spark", "flink")
PLATFORM = """\
platform: later
topics:
  orders: {columns: {id: int!, at: timestamp(3)!}, event-time: at, key: id, partitions: 1}
tables:
  by-spark: {like: orders}
  by-flink: {like: orders}
jobs:
  spark: {engine: spark, sql: spark.sql}
  flink: {engine: flink, sql: flink.sql, checkpoint: 1s}
""".replace("by-", "by_")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("later")
    texts = {f"{engine}.sql": f"INSERT INTO lake.by_{engine} SELECT * FROM orders\n" for engine in ENGINES}
    live = written(folder, {"platform.yaml": PLATFORM, **texts})
    try:
        live.run("up", timeout=600)
        yield live
    finally:
        teardown(live)


KEYS = (None, b"plain", b'{"id": 7}', b"\xff")
"""Keys as other programs write them: what a record's row is says its value."""


def send(live: Live, *values: bytes) -> None:
    port = live.status()["processes"]["kafka"]["ports"]["kafka"]
    producer = Producer({"bootstrap.servers": f"127.0.0.1:{port}"})
    for key, value in zip(KEYS, values, strict=False):
        producer.produce("orders", value, key, partition=0)
    assert producer.flush(30) == 0


def good(number: int) -> bytes:
    return json.dumps({"id": number, "at": f"2024-01-01T00:00:{number:02}.000"}).encode()


def rows(live: Live, engine: str) -> list[Any]:
    return live.sql(f"SELECT id FROM lake.by_{engine} ORDER BY id")


def until(what: str, test: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < deadline, what
        time.sleep(1)


def test_jobs_that_a_record_ended_go_on_without_it(later: Live) -> None:
    send(later, good(1), good(2), good(5), good(6))
    for engine in ENGINES:
        until(f"{engine} lands all", lambda engine=engine: len(rows(later, engine)) == 4)
    send(later, b'{"id": 3, "at": "yesterday"}', good(4))
    both = later.wait("both end", lambda now: all(now["jobs"][one]["state"] == "failed" for one in ENGINES), 60)
    # Flink may have started its job once more by itself before anybody asked it.
    assert [both["jobs"][one]["failures"] for one in ENGINES] in ([1, 1], [1, 2])
    file = later.folder / "platform.yaml"
    file.write_text(PLATFORM.replace("partitions: 1", "partitions: 1, on-bad-record: topic"), encoding="utf-8")
    later.run("up")
    for engine in ENGINES:
        until(f"{engine} goes on", lambda engine=engine: [row["id"] for row in rows(later, engine)] == [1, 2, 4, 5, 6])
    found = later.verify()
    assert {flow["target"]: (flow["result"], flow["aside"]) for flow in found["flows"]} == {
        "lake.by_spark": ("exact", 1),
        "lake.by_flink": ("exact", 1),
    }
    (row,) = json.loads(later.run("topic", "unfit", "orders", "-o", "json", code=1).stdout)
    assert (row["aside"], row["value"]) == (True, '{"id": 3, "at": "yesterday"}')
