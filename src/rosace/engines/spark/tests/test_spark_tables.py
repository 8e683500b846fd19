"""What statements do to a table of Iceberg, by the runner inside a real driver: no slice replaces more than itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from spark_driver import Driver, driving

pytestmark = pytest.mark.live

COMMON = """
from types import SimpleNamespace
from rosace_spark_runner import batches, faults

COLUMNS = [
    {{"name": "day", "type": "DATE", "json": "STRING", "required": True, "written": "{{0}}"}},
    {{"name": "k", "type": "STRING", "json": "STRING", "required": True, "written": "{{0}}"}},
    {{"name": "n", "type": "BIGINT", "json": "BIGINT", "required": False, "written": "{{0}}"}},
]

def table(name, partition=(), fields=(), key=()):
    return {{"name": f"alone.n.{{name}}", "columns": COLUMNS, "partition": list(partition), "fields": list(fields),
            "key": list(key), "properties": {{"format-version": "2"}}}}

def insert(name, text, overwrite=True, **partition):
    return {{"kind": "insert", "sql": text, "target": name, "table": f"alone.n.{{name}}", "topic": "", "columns": [],
            "overwrite": overwrite, "partition": partition}}

def begin(spark):
    catalog = {{"": "org.apache.iceberg.spark.SparkCatalog", ".type": "hadoop", ".warehouse": "{0}/lake"}}
    for key, value in catalog.items():
        spark.conf.set(f"spark.sql.catalog.alone{{key}}", value)

def do(spark, tables, *statements, run="", name="mine", moments=None):
    order = {{"tables": tables, "topics": [], "reads": [], "streaming": False, "namespace": "alone.n",
             "statements": list(statements), **({{"moments": moments}} if moments else {{}})}}
    job = SimpleNamespace(name=name, run=run, order=order, state="", detail="", check=lambda: None)
    batches.run(spark, job)

def rows(spark, name):
    return sorted(tuple(map(str, row)) for row in spark.table(f"alone.n.{{name}}").collect())
"""

OVERWRITE = """
def run(spark):
    begin(spark)
    daily = table("daily", ["`day`"], [["identity", "day", None]])
    one = lambda day, n: insert("daily", f"SELECT DATE '{{day}}', 'a', {{n}}")
    do(spark, [daily], one("2024-05-01", 1))
    do(spark, [daily], one("2024-05-02", 2))
    do(spark, [daily], one("2024-05-02", 3))
    assert rows(spark, "daily") == [("2024-05-01", "a", "1"), ("2024-05-02", "a", "3")], rows(spark, "daily")

    named = insert("daily", "SELECT 'b', 4", day="DATE '2024-05-01'")
    do(spark, [daily], named)
    assert rows(spark, "daily") == [("2024-05-01", "b", "4"), ("2024-05-02", "a", "3")], rows(spark, "daily")
    nothing = insert("daily", "SELECT 'b', 4 WHERE false", day="date_sub(DATE '2024-05-02', 1)")
    do(spark, [daily], nothing)
    assert rows(spark, "daily") == [("2024-05-02", "a", "3")], rows(spark, "daily")
    do(spark, [daily], insert("daily", "SELECT DATE '2024-05-02', 'a', 9 WHERE false"))
    assert rows(spark, "daily") == [("2024-05-02", "a", "3")], "a partition without rows was replaced"

    plain = table("plain")
    do(spark, [plain], insert("plain", "SELECT DATE '2024-05-02', 'a', 9"))
    do(spark, [plain], insert("plain", "SELECT DATE '2024-05-02', 'a', 9 WHERE false"))
    assert rows(spark, "plain") == [], "INSERT OVERWRITE by nothing leaves nothing"

    do(spark, [plain], insert("plain", "SELECT DATE '2024-05-02', 'a', 9"))
    try:
        declared = {{**plain, "fields": [["identity", "day", None]]}}
        do(spark, [declared], insert("plain", "SELECT DATE '2024-05-03', 'a', 1"))
    except faults.Refused as refused:
        assert "other partitions (none) than are declared now (day)" in str(refused), refused
    else:
        raise AssertionError("a table without partitions was replaced by one day")
    assert rows(spark, "plain") == [("2024-05-02", "a", "9")]
"""

AGAIN = """
def run(spark):
    begin(spark)
    log = table("log")
    for attempt in range(2):
        do(spark, [log], insert("log", "SELECT DATE '2024-05-02', 'a', 9", overwrite=False), run="the same")
    assert rows(spark, "log") == [("2024-05-02", "a", "9")], "a run that is tried again wrote twice"
"""


MERGE = """
def run(spark):
    begin(spark)
    keyed = table("keyed", ["`day`"], [["identity", "day", None]], ["day", "k"])
    keyed["properties"]["write.upsert.enabled"] = "true"
    first = "SELECT * FROM VALUES (DATE '2024-05-01', 'a', 1), (DATE '2024-05-01', 'b', 2) AS t(day, k, n)"
    then = "SELECT * FROM VALUES (DATE '2024-05-01', 'b', 3), (DATE '2024-05-02', 'a', 4) AS t(day, k, n)"
    for attempt in range(2):
        do(spark, [keyed], insert("keyed", first, overwrite=False), insert("keyed", then, overwrite=False), run="one")
    wanted = [("2024-05-01", "a", "1"), ("2024-05-01", "b", "3"), ("2024-05-02", "a", "4")]
    assert rows(spark, "keyed") == wanted, rows(spark, "keyed")
    for attempt in range(2):
        do(spark, [keyed], insert("keyed", then, overwrite=False), run=f"again {{attempt}}")
    assert rows(spark, "keyed") == wanted, rows(spark, "keyed")
    do(spark, [keyed], insert("keyed", "SELECT day, k, n FROM alone.n.keyed", overwrite=False))
    assert rows(spark, "keyed") == wanted, "what comes from a table is merged too"
    util = spark.sparkContext._jvm.org.apache.iceberg.spark.Spark3Util
    schema = util.loadIcebergTable(spark._jsparkSession, "alone.n.keyed").schema()
    assert set(map(str, schema.identifierFieldNames())) == {{"day", "k"}}

    twice = "SELECT * FROM VALUES (DATE '2024-05-03', 'a', 1), (DATE '2024-05-03', 'a', 2) AS t(day, k, n)"
    for overwrite in (False, True):
        try:
            do(spark, [keyed], insert("keyed", twice, overwrite=overwrite))
        except Exception as error:
            assert "two rows have the key day=2024-05-03, k=a" in faults.told(error), faults.told(error)
        else:
            raise AssertionError("a key is there twice")
    assert rows(spark, "keyed") == wanted
"""

DAILY = """
def named(statement, *names):
    return {{**statement, "parameters": list(names)}}

def on(day, before):
    return {{"run_time": f"{{day}}T05:00:00", "previous_run_time": f"{{before}}T05:00:00"}}

def run(spark):
    begin(spark)
    events, daily = table("events"), table("totals", ["`day`"], [["identity", "day", None]])
    given = "(DATE '2024-05-01', 'a', 1), (DATE '2024-05-02', 'b', 2), (DATE '2024-05-03', ':day', 3)"
    do(spark, [events], insert("events", f"SELECT * FROM VALUES {{given}} AS t(day, k, n)"))

    # The words stand in a text and in comments as well: only the marker is one.
    text = "SELECT day, k || ':day' /* :day */, n FROM alone.n.events WHERE day = :day -- :run_time"
    each = named(insert("totals", text), "day")
    days = ["2024-04-30", "2024-05-01", "2024-05-02", "2024-05-03"]
    for before, day in zip(days, days[1:]):
        do(spark, [daily, events], each, moments=on(day, before))
    wanted = [("2024-05-01", "a:day", "1"), ("2024-05-02", "b:day", "2"), ("2024-05-03", ":day:day", "3")]
    assert rows(spark, "totals") == wanted, rows(spark, "totals")
    do(spark, [daily, events], each, moments=on("2024-05-02", "2024-05-01"))
    assert rows(spark, "totals") == wanted, "the same day again changes nothing"

    # A day of which nothing is left: only a partition that is named is replaced by nothing.
    none = "SELECT k, n FROM alone.n.events WHERE false"
    do(spark, [daily, events], named(insert("totals", none, day="date_sub(:day, 1)"), "day"),
       moments=on("2024-05-02", "2024-05-01"))
    assert rows(spark, "totals") == wanted[1:], rows(spark, "totals")

    types = named({{"kind": "view", "view": "`v`", "sql": "SELECT :day AS d, :run_time AS t, :previous_run_time AS p"}},
                  "day", "run_time", "previous_run_time")
    into = insert("events", "SELECT d, CAST(t AS STRING), CAST(unix_timestamp(t) - unix_timestamp(p) AS BIGINT) FROM v")
    do(spark, [events], types, into, moments=on("2024-05-03", "2024-05-02"))
    assert rows(spark, "events") == [("2024-05-03", "2024-05-03 05:00:00", "86400")], rows(spark, "events")
    assert [one.dataType.typeName() for one in spark.sql("SELECT 1").schema] == ["integer"]
    from rosace_spark_runner.moments import text_of
    found = text_of(spark, types, {{"moments": on("2024-05-03", "2024-05-02")}}).schema
    assert [one.dataType.typeName() for one in found] == ["date", "timestamp_ntz", "timestamp_ntz"], found

    for wrong in (named(insert("totals", "SELECT :day, 'x', 1"), "day"), insert("totals", "SELECT :day, 'x', 1")):
        try:
            do(spark, [daily], wrong)
        except Exception as error:
            assert isinstance(error, faults.Refused) or "UNBOUND_SQL_PARAMETER" in str(error), error
        else:
            raise AssertionError("a parameter without a value was taken")
    assert rows(spark, "totals") == wanted[1:]
"""

CHANGED = """
def run(spark):
    begin(spark)
    days = ["`day`"], [["identity", "day", None]]
    whole, parted = table("whole"), table("parted", *days)
    given = "SELECT * FROM VALUES (DATE '2024-05-01', 'a', 1), (DATE '2024-05-02', 'b', 2) AS t(day, k, n)"
    do(spark, [whole, parted], insert("whole", given), insert("parted", given))
    # UPDATE ... SET n = n + 10 WHERE k = 'b'
    for name in ("whole", "parted"):
        text = f"SELECT day, k, CASE WHEN k = 'b' THEN n + 10 ELSE n END FROM alone.n.{{name}}"
        do(spark, [whole, parted], insert(name, text))
        wanted = [("2024-05-01", "a", "1"), ("2024-05-02", "b", "12")]
        assert rows(spark, name) == wanted, rows(spark, name)
    # DELETE ... WHERE k = 'b': of a table without partitions; of one with some, the partition that holds it is named.
    do(spark, [whole, parted], insert("whole", "SELECT * FROM alone.n.whole WHERE k <> 'b'"))
    assert rows(spark, "whole") == wanted[:1], rows(spark, "whole")
    text = "SELECT k, n FROM alone.n.parted WHERE day = DATE '2024-05-02' AND k <> 'b'"
    do(spark, [whole, parted], insert("parted", text, day="DATE '2024-05-02'"))
    assert rows(spark, "parted") == wanted[:1], rows(spark, "parted")
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    folder = tmp_path_factory.mktemp("tables")
    with driving(folder, scripts(folder)) as found:
        yield found


def scripts(folder: Path) -> dict[str, str]:
    texts = {"overwrite": OVERWRITE, "again": AGAIN, "merge": MERGE, "daily": DAILY, "changed": CHANGED}
    common = COMMON.format(f"file://{folder}")
    return {name: common + text.replace("{{", "{").replace("}}", "}") for name, text in texts.items()}


def carried_out(driver: Driver, name: str) -> Any:
    driver.start(name)
    report = driver.outcome(name)
    return report.state, report.detail


def test_an_overwrite_replaces_partitions_that_get_rows_and_a_named_one_whole(driver: Driver) -> None:
    assert carried_out(driver, "overwrite") == ("finished", "")


def test_a_run_that_is_tried_again_writes_once(driver: Driver) -> None:
    assert carried_out(driver, "again") == ("finished", "")


def test_rows_take_the_place_of_those_of_the_same_key(driver: Driver) -> None:
    assert carried_out(driver, "merge") == ("finished", "")


def test_a_daily_job_keeps_the_other_days(driver: Driver) -> None:
    state, detail = carried_out(driver, "daily")
    assert state == "finished", detail


def test_rows_are_changed_by_overwriting_them_with_themselves(driver: Driver) -> None:
    state, detail = carried_out(driver, "changed")
    assert state == "finished", detail
