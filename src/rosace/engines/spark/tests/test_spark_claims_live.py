"""What this code says of Spark, asked of Spark itself: numbers that have no room, and white space."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spark_driver import driving

from rosace.engines.spark.sql import BLANKS

pytestmark = pytest.mark.live

NARROW = {
    ("BIGINT", "INT"): "CAST(3000000000 AS BIGINT)",
    ("BIGINT", "DECIMAL(9,2)"): "CAST(123456789 AS BIGINT)",
    ("BIGINT", "DECIMAL(5,0)"): "CAST(123456 AS BIGINT)",
    ("DECIMAL(12,0)", "INT"): "CAST(3000000000 AS DECIMAL(12,0))",
    ("DECIMAL(10,2)", "DECIMAL(5,2)"): "CAST(12345.67 AS DECIMAL(10,2))",
}
"""A type and a narrower one, with a value of the first that the second has no room for."""

ROOM = {("INT", "SMALLINT"): "40000"}
"""Iceberg has no numbers of 16 bits: the column is one of 32."""

SIGNS = [
    *map(chr, (*range(0x0B, 0x0D), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, 0x180E)),
    *map(chr, range(0x2000, 0x2010)),
]
SIGNS += map(chr, (0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF))

ASK = """
import json

def named(error):
    name = getattr(error, "getCondition", None) or getattr(error, "getErrorClass", None)
    return (name and name()) or str(error)

def run(spark):
    catalog = {{"": "org.apache.iceberg.spark.SparkCatalog", ".type": "hadoop", ".warehouse": {lake!r}}}
    for key, value in catalog.items():
        spark.conf.set("spark.sql.catalog.alone" + key, value)
    found = {{"narrow": [], "blanks": [], "names": []}}
    for number, (wanted, value) in enumerate({narrow!r}):
        spark.sql(f"CREATE TABLE alone.n.t{{number}} (a {{wanted}}) USING iceberg")
        spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW given AS SELECT {{value}} AS a")
        try:
            spark.sql(f"INSERT INTO alone.n.t{{number}} SELECT a FROM given")
            found["narrow"].append("taken")
        except Exception as error:
            found["narrow"].append(named(error))
    for sign in {signs!r}:
        try:
            spark.sql(f"SELECT{{sign}}id{{sign}}AS{{sign}}n{{sign}}FROM range(1)")
            found["blanks"].append(sign)
        except Exception:
            pass
    spark.sql("USE alone.n")
    for name in ("t0", "alone.n.t0", "alone.t0"):
        try:
            spark.table(name)
            found["names"].append("found")
        except Exception as error:
            found["names"].append(named(error))
    with open({told!r}, "w", encoding="utf-8") as file:
        json.dump(found, file)
"""


def test_a_number_without_room_is_refused_and_white_space_is_what_is_listed(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    narrow = [(wanted, value) for (_, wanted), value in (NARROW | ROOM).items()]
    text = ASK.format(lake=str(tmp_path / "lake"), narrow=narrow, signs=SIGNS, told=str(told))
    with driving(tmp_path, {"ask": text}) as driver:
        driver.start("ask")
        report = driver.outcome("ask")
        assert report.state == "finished", report
    found = json.loads(told.read_text(encoding="utf-8"))
    expected = dict.fromkeys(NARROW, "CAST_OVERFLOW_IN_TABLE_INSERT") | dict.fromkeys(ROOM, "taken")
    assert dict(zip(NARROW | ROOM, found["narrow"], strict=True)) == expected
    assert found["names"] == ["found", "found", "TABLE_OR_VIEW_NOT_FOUND"], "see engines/spark/names.py"
    assert set(found["blanks"]) == {sign for sign in SIGNS if sign in BLANKS or sign == " "}
