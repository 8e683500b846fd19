"""Tables with a key: what may be one, what may write there, and records that two INSERTs write by halves."""

from __future__ import annotations

import pytest
from check_outcome import Examine

PLATFORM = """\
platform: demo
topics:
  orders: {{columns: {{id: int!, shop: string!, amount: bigint!, at: timestamp(3)!, rate: double!, note: string}}}}
  sums: {{columns: {{shop: string!, n: bigint, amount: bigint}}, key: shop, compact: true}}
tables:
  sums: {{columns: {{shop: string!, n: bigint, amount: bigint}}{key}}}
  copies: {{like: orders, {copies}}}
sources:
  orders: {{file: orders.csv, to: orders}}
jobs:
  sums: {{engine: {engine}, sql: sums.sql{when}}}
  copies: {{engine: flink, sql: copies.sql}}
"""
CSV = "id,shop,amount,at,rate,note\n1,Lyon,3,2024-05-01T10:00:00,1.5,\n"
SUMS = "INSERT INTO lake.sums SELECT shop, COUNT(*), SUM(amount) FROM orders GROUP BY shop"


def files(sums: str) -> dict[str, str]:
    return {"orders.csv": CSV, "sums.sql": sums, "copies.sql": "INSERT INTO lake.copies SELECT * FROM orders"}


def platform(key: str = "", copies: str = "key: id", engine: str = "flink", when: str = "") -> str:
    return PLATFORM.format(key=key, copies=copies, engine=engine, when=when)


def test_sums_go_where_there_is_a_key(examined: Examine) -> None:
    assert examined(platform(), files(SUMS)).errors == {"updating-query"}
    assert examined(platform(", key: shop"), files(SUMS)).errors == set()
    assert examined(platform(), files(SUMS.replace("lake.sums", "sums"))).errors == set()


def test_both_ways_out_are_named(examined: Examine) -> None:
    hints = " ".join(examined(platform(), files(SUMS)).one("updating-query").hints)
    assert "a table with a `key: [...]`" in hints
    assert "a compacted topic" in hints


@pytest.mark.parametrize(
    ("copies", "code"),
    [
        ("key: id", ""),
        ("key: [id, shop]", ""),
        ("key: [id, at]", ""),
        ("key: nothing", "unknown-column"),
        ("key: [id, id]", "table-key"),
        ("key: note", "table-key"),
        ("key: rate", "table-key"),
        ("key: id, partition: [shop]", "table-key"),
        ("key: [id, shop], partition: [shop]", ""),
        ("key: [id, at], partition: [day(at)]", "flink-hidden-partition"),
    ],
)
def test_what_may_be_a_key(examined: Examine, copies: str, code: str) -> None:
    assert examined(platform(", key: shop", copies), files(SUMS)).errors == ({code} if code else set())


def test_a_batch_may_insert_again_where_there_is_a_key(examined: Examine) -> None:
    batch = {"engine": "spark", "when": ', schedule: "0 5 * * *"'}
    text = files("INSERT INTO lake.sums SELECT shop, COUNT(*), SUM(amount) FROM lake.copies GROUP BY shop")
    refused = examined(platform(**batch), text)
    assert refused.errors == {"rerun-doubles"}
    assert any("give the table a `key" in hint for hint in refused.one("rerun-doubles").hints)
    assert examined(platform(", key: shop", **batch), text).errors == set()


def test_a_stream_of_spark_only_adds(examined: Examine) -> None:
    text = files("INSERT INTO lake.sums SELECT shop, amount, amount FROM orders")
    assert examined(platform(", key: shop", engine="spark"), text).errors == {"spark-stream-keyed"}


@pytest.mark.parametrize("target", ["sums", "lake.sums"])
@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("(shop, n) SELECT shop, COUNT(*)", "(shop, amount) SELECT shop, SUM(amount)", {"insert-nulls"}),
        ("(shop, n) SELECT shop, COUNT(*)", "SELECT shop, COUNT(*), SUM(amount)", {"insert-nulls"}),
        ("SELECT shop, COUNT(*), CAST(NULL AS BIGINT)", "SELECT shop, COUNT(*), SUM(amount)", {"insert-nulls"}),
        ("(shop, n) SELECT shop, COUNT(*)", "(n, shop) SELECT COUNT(*), shop", set()),
        ("SELECT shop, COUNT(*), SUM(id)", "SELECT shop, COUNT(*), SUM(amount)", set()),
    ],
)
def test_halves_of_records_null_each_other(
    examined: Examine, target: str, one: str, other: str, errors: set[str]
) -> None:
    text = ";\n".join(f"INSERT INTO {target} {half} FROM orders GROUP BY shop" for half in (one, other))
    assert examined(platform(", key: shop"), files(text)).errors == errors


def test_halves_may_be_written_where_every_record_is_kept(examined: Examine) -> None:
    text = "INSERT INTO lake.sums (shop, n) SELECT shop, amount FROM orders;\n"
    text += "INSERT INTO lake.sums (shop, amount) SELECT shop, amount FROM orders"
    assert examined(platform(), files(text)).errors == set()


TWO = PLATFORM.replace(
    "  copies: {{engine: flink, sql: copies.sql}}", "  more: {{engine: flink, sql: more.sql}}"
).replace("  copies: {{like: orders, {copies}}}\n", "")


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("(shop, n) SELECT shop, amount", "(shop, amount) SELECT shop, amount", {"insert-nulls"}),
        ("SELECT shop, amount, amount", "(shop, amount) SELECT shop, amount", {"insert-nulls"}),
        ("SELECT shop, amount, amount", "SELECT note, amount, amount", set()),
        ("(shop, n) SELECT shop, amount", "(n, shop) SELECT amount, note", set()),
    ],
)
def test_so_do_those_of_two_jobs(examined: Examine, one: str, other: str, errors: set[str]) -> None:
    first, second = (f"INSERT INTO lake.sums {half} FROM orders WHERE note <> ''" for half in (one, other))
    given = {"orders.csv": CSV, "sums.sql": first, "more.sql": second}
    found = examined(TWO.format(key=", key: shop", engine="flink", when=""), given)
    assert found.errors == errors
    # Whole rows may come from both, where no key does: that is for the person to know.
    assert "no key may come from both" in found.one("two-writers").hints[0]
    plain = examined(TWO.format(key="", engine="flink", when=""), given)
    assert plain.errors == set()
    assert "in no particular order" in plain.one("two-writers").hints[0]
