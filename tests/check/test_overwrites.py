"""INSERT OVERWRITE and its slices; and every hint about them, followed: none of them leads to a loss."""

from __future__ import annotations

import pytest
from check_outcome import Examine, Outcome

PLATFORM = """\
platform: demo
tables:
  events: {{columns: {{at: timestamp(6)!, day: date!, shop: string!, amount: bigint!}}}}
  daily: {{columns: {{day: date!, shop: string!, amount: bigint!}}{partition}}}
sources:
  events: {{file: events.csv, to: lake.events}}
jobs:
  daily: {{engine: spark, sql: daily.sql, schedule: "0 5 * * *"}}
"""
FILES = {"events.csv": "at,day,shop,amount\n2024-05-01T10:00:00,2024-05-01,Lyon,3\n"}

BY_DAY = "SELECT day, shop, SUM(amount) AS amount FROM lake.events {where} GROUP BY day, shop"
BY_TIME = """
SELECT CAST(at AS DATE) AS day, shop, SUM(amount) AS amount FROM lake.events {where} GROUP BY CAST(at AS DATE), shop
"""
TODAY = "WHERE day = CURRENT_DATE"


def asked(examined: Examine, head: str, query: str, partition: str = "") -> Outcome:
    said = f", partition: [{partition}]" if partition else ""
    files = {**FILES, "daily.sql": f"{head}\n{query}"}
    return examined(PLATFORM.format(partition=said), files)


@pytest.mark.parametrize(
    ("query", "partition", "errors"),
    [
        (BY_DAY.format(where=""), "", set()),
        (BY_DAY.format(where="WHERE shop = 'Lyon'"), "", set()),
        (BY_DAY.format(where=TODAY), "", {"overwrite-slice"}),
        (BY_DAY.format(where=TODAY), "shop", {"overwrite-slice"}),
        (BY_DAY.format(where=TODAY), "month(day)", {"overwrite-slice"}),
        (BY_DAY.format(where=TODAY), "day", set()),
        (BY_DAY.format(where=TODAY), "shop, day", set()),
        (BY_DAY.format(where=TODAY), "day(day)", set()),
        (BY_TIME.format(where="WHERE CAST(at AS DATE) = CURRENT_DATE"), "day", set()),
        (BY_TIME.format(where="WHERE CAST(at AS DATE) = CURRENT_DATE"), "month(day)", {"overwrite-slice"}),
        (BY_TIME.format(where="WHERE at >= CURRENT_DATE AND at < CURRENT_DATE + INTERVAL 1 DAY"), "day", set()),
        (
            BY_TIME.format(where="WHERE at BETWEEN CURRENT_TIMESTAMP - INTERVAL 1 HOUR AND CURRENT_TIMESTAMP"),
            "day",
            {"overwrite-slice"},
        ),
        (f"WITH e AS (SELECT * FROM lake.events {TODAY}) SELECT day, shop, amount FROM e", "", {"overwrite-slice"}),
        (f"SELECT day, shop, amount FROM (SELECT * FROM lake.events {TODAY})", "", {"overwrite-slice"}),
        (f"SELECT day, shop, amount FROM lake.events WHERE shop IN (SELECT shop FROM lake.events {TODAY})", "", set()),
    ],
)
def test_a_slice_replaces_only_itself(examined: Examine, query: str, partition: str, errors: set[str]) -> None:
    assert asked(examined, "INSERT OVERWRITE lake.daily", query, partition).errors == errors


def test_a_view_may_be_the_slice(examined: Examine) -> None:
    view = f"CREATE TEMPORARY VIEW today AS SELECT * FROM lake.events {TODAY};\n"
    query = "SELECT day, shop, amount FROM today"
    assert asked(examined, f"{view}INSERT OVERWRITE lake.daily", query).errors == {"overwrite-slice"}
    assert asked(examined, f"{view}INSERT OVERWRITE lake.daily", query, "day").errors == set()


@pytest.mark.parametrize("where", ["WHERE day = DATE '2024-05-01'", "WHERE day >= CURRENT_DATE - INTERVAL 30 DAYS"])
def test_what_may_be_meant_is_warned_of(examined: Examine, where: str) -> None:
    found = asked(examined, "INSERT OVERWRITE lake.daily", BY_DAY.format(where=where))
    assert found.errors == set()
    assert "overwrite-slice" in found.codes


@pytest.mark.parametrize("partition", ["", "day", "month(day)", "shop"])
@pytest.mark.parametrize("where", ["", TODAY, "WHERE day = DATE '2024-05-01'", "WHERE shop = 'Lyon'"])
@pytest.mark.parametrize("query", [BY_DAY, "SELECT day, shop, amount FROM lake.events {where}"])
def test_a_hint_that_is_followed_loses_nothing(examined: Examine, query: str, where: str, partition: str) -> None:
    """Where a hint says "write INSERT OVERWRITE" to a slice, that slice is made of whole partitions."""
    text = query.format(where=where)
    found = asked(examined, "INSERT INTO lake.daily", text, partition)
    assert found.errors == {"rerun-doubles"}
    hints = found.one("rerun-doubles").hints
    if any(hint.startswith("write INSERT OVERWRITE lake.daily") for hint in hints):
        assert partition == "day"
        assert "overwrite-slice" not in asked(examined, "INSERT OVERWRITE lake.daily", text, partition).codes
    elif "day =" in where:
        assert any("partitioned by `day` from its beginning" in hint for hint in hints)
        assert "overwrite-slice" not in asked(examined, "INSERT OVERWRITE lake.daily", text, "day").codes
    else:
        assert any("gives all that" in hint and "gone" in hint for hint in hints)


@pytest.mark.parametrize(
    ("clause", "codes"),
    [
        ("(day = DATE '2024-05-01')", set()),
        ("(day = date_sub(CURRENT_DATE, 1))", set()),
        ("(shop = 'Lyon')", {"insert-partition"}),
        ("(dya = DATE '2024-05-01')", {"insert-partition"}),
        ("(day)", {"insert-partition"}),
        ("(day = shop)", {"insert-partition"}),
        ("(day = (SELECT MAX(day) FROM lake.events))", {"insert-partition"}),
        ("(day = )", {"sql-syntax"}),
    ],
)
def test_a_partition_is_named_by_its_values(examined: Examine, clause: str, codes: set[str]) -> None:
    query = "SELECT shop, SUM(amount) AS amount FROM lake.events GROUP BY shop"
    query = query if "shop =" not in clause else "SELECT day, amount FROM lake.events"
    query = query if "dya" not in clause else "SELECT day, shop, amount FROM lake.events"
    assert asked(examined, f"INSERT OVERWRITE lake.daily PARTITION {clause}", query, "day").codes == codes


def test_a_named_partition_of_a_table_without_any_is_told_how_to_have_it(examined: Examine) -> None:
    head, query = (
        "INSERT OVERWRITE lake.daily PARTITION (day = DATE '2024-05-01')",
        "SELECT shop, amount FROM lake.events",
    )
    found = asked(examined, head, query)
    assert "`partition: [day]`" in found.one("insert-partition").hints[0]
    assert asked(examined, head, query, "day").codes == set()
    assert "the query then gives `day` too" in found.one("insert-partition").hints[1]
    assert asked(examined, "INSERT OVERWRITE lake.daily", "SELECT day, shop, amount FROM lake.events").errors == set()


def test_the_named_column_is_not_in_the_query(examined: Examine) -> None:
    head = "INSERT OVERWRITE lake.daily PARTITION (day = DATE '2024-05-01')"
    found = asked(examined, head, "SELECT day, shop, amount FROM lake.events", "day")
    assert found.errors == {"insert-columns"}
