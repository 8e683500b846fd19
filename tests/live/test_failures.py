"""What fails says why, once where it cannot change and a few times where it can; rows that do not fit are set aside."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from live_platform import Live, teardown, written

pytestmark = pytest.mark.live

PLATFORM = """\
platform: fails
topics:
  orders: {columns: {id: bigint!, shop: string!, amount: int!, at: timestamp(3)!}, partitions: 2}
  parts: {columns: {id: bigint!, part: int}}
tables:
  landed: {like: orders}
  shops: {columns: {shop: string!, opened: date!}}
  report: {columns: {shop: string!, total: bigint}}
sources:
  orders: {file: orders.csv, to: orders, on-bad-record: skip}
  shops: {file: shops.csv, to: lake.shops, on-bad-record: skip}
jobs:
  divide: {engine: flink, sql: divide.sql}
  land: {engine: spark, sql: land.sql}
  report: {engine: spark, python: report.py, reads: [lake.landed], writes: [lake.report], after: [land], retries: 1}
"""

REPORT = """\
def run(spark):
    print("counting", spark.table("landed").count())
    raise OSError("nobody is at home")
"""

ROWS = 300


def orders() -> str:
    rows = [f"{n},s{n % 5},{n % 50},2024-01-01 00:00:00" for n in range(1, ROWS)]
    return "\n".join(["id,shop,amount,at", *rows, f"{ROWS},s0,many,2024-01-01 00:00:00"]) + "\n"


@pytest.fixture(scope="module")
def fails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("fails")
    texts = {
        "platform.yaml": PLATFORM,
        "orders.csv": orders(),
        "shops.csv": "shop,opened\ns0,2024-01-01\ns1,2024-13-01\n",
        "divide.sql": "INSERT INTO parts SELECT id, CAST(100 / amount AS INT) FROM orders\n",
        "land.sql": "INSERT INTO lake.landed SELECT id, shop, amount, at FROM orders\n",
        "report.py": REPORT,
    }
    live = written(folder, texts)
    try:
        yield live
    finally:
        teardown(live)


def job(status: dict[str, Any], name: str) -> dict[str, Any]:
    return status["jobs"][name]


def test_up_ends_with_the_cause_and_status_keeps_it(fails: Live) -> None:
    done = fails.run("up", code=1)
    assert "divide failed: given up, since this cannot change by itself: ArithmeticException: / by zero" in done.stderr
    divide = job(fails.status(), "divide")
    # Where the machine is busy Flink has started its job once more by itself before anybody asked it.
    assert divide["state"] == "failed" and divide["failures"] in (1, 2)
    assert '"amount":0' in divide["error"]
    log = fails.run("logs", "divide").stdout
    assert "Caused by: java.lang.ArithmeticException: / by zero" in log


def test_rows_that_do_not_fit_are_counted_and_named_and_the_others_are_exact(fails: Live) -> None:
    both = ("land", "shops")
    status = fails.wait("both end", lambda now: all(now["jobs"][n]["state"] == "finished" for n in both), 240)
    assert status["processes"]["source-orders"]["detail"] == "sent 299, total 299, set aside 1"
    said = fails.run("logs", "source-orders").stdout
    assert "set aside: orders.csv, row 300, column `amount`: `many` is not an int" in said
    assert job(status, "shops")["detail"] == "1 set aside, see its log"
    said = fails.run("logs", "shops").stdout
    assert "set aside: shops.csv, row 2, column `opened`: `2024-13-01` is not a date" in said
    fails.wait("Trino answers", lambda now: now["processes"]["trino"]["state"] == "ready", 120)
    proof = fails.run("verify", "--now", "--output", "json", code=None).stdout
    flows = {flow["target"]: flow for flow in json.loads(proof)["flows"]}
    for into, rows in (("orders", ROWS - 1), ("lake.landed", ROWS - 1), ("lake.shops", 1)):
        assert (flows[into]["result"], flows[into]["records_out"]) == ("exact", rows), flows[into]


def test_what_may_change_is_tried_again_until_its_limit(fails: Live) -> None:
    status = fails.wait("report is given up", lambda now: now["jobs"]["report"]["state"] == "failed", 120)
    report = job(status, "report")
    assert report["detail"] == "given up after 2 failures in a row: OSError: nobody is at home"
    log = fails.run("logs", "report").stdout
    assert log.count("counting 299") == 2
    assert 'raise OSError("nobody is at home")' in log


def test_a_poison_record_ends_the_job_and_verify_says_so_at_once(fails: Live) -> None:
    from confluent_kafka import Producer

    port = fails.status()["processes"]["kafka"]["ports"]["kafka"]
    producer = Producer({"bootstrap.servers": f"127.0.0.1:{port}"})
    producer.produce("orders", b'{"id": x')
    assert producer.flush(20) == 0
    fails.run("restart", "land", "--fresh")
    land = job(fails.wait("land is given up", lambda now: now["jobs"]["land"]["state"] == "failed", 120), "land")
    assert (land["failures"], land["next_try"]) == (1, None)
    assert "MALFORMED_RECORD_IN_PARSING" in land["error"]
    (bad,) = json.loads(fails.run("topic", "unfit", "orders", "-o", "json", code=1).stdout)
    assert (bad["value"], bad["reason"][:8]) == ('{"id": x', "not JSON")
    peek = ("topic", "peek", "orders", "--partition", str(bad["partition"]), "--offset", str(bad["offset"]))
    assert json.loads(fails.run(*peek, "-n", "1", "-o", "json").stdout)[0]["value"] == '{"id": x'
    assert "rosace topic unfit orders" in fails.run("status", code=1).stderr
    begun = time.monotonic()
    done = fails.run("verify", code=1)
    assert "failed: given up" in done.stderr
    assert time.monotonic() - begun < 60
