"""Which columns hold every value of which types."""

from __future__ import annotations

import pytest

from rosace.check.sql.losses import narrows, swapped
from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts

LOSES = [
    *(("int", "smallint"), ("bigint", "int"), ("bigint", "smallint"), ("decimal(5,0)", "smallint")),
    *(("float", "int"), ("double", "bigint"), ("double", "float"), ("float", "decimal(38,10)")),
    *(("smallint", "decimal(4,0)"), ("int", "decimal(9,0)"), ("decimal(10,2)", "decimal(10,1)")),
    *(("timestamp(6)", "timestamp(3)"), ("timestamptz(6)", "timestamptz(3)"), ("timestamptz(6)", "timestamp(3)")),
    *(("timestamptz(3)", "date"), ("string", "uuid"), ("string", "time(3)"), ("time(6)", "time(3)")),
    *(("time(3)", "time(6)"), ("uuid", "time(6)"), ("array<int>", "array<smallint>"), ("array<int>", "array<int!>")),
    *(
        ("map<string, double>", "map<string, float>"),
        ("row<a int>", "row<a int!>"),
        ("row<a int>", "row<a int, b int>"),
    ),
    *(("row<a array<timestamp(6)>>", "row<a array<timestamp(3)>>"), ("binary", "string"), ("binary", "uuid")),
]
HOLDS = [
    *(("smallint", "int"), ("smallint", "decimal(5,0)"), ("decimal(4,0)", "smallint"), ("int", "double")),
    *(("bigint", "float"), ("float", "double"), ("timestamp(3)", "timestamptz(6)"), ("date", "timestamptz(3)")),
    *(("uuid", "string"), ("time(3)", "string"), ("uuid", "uuid!"), ("time(6)", "time(6)"), ("binary", "binary")),
    *(("array<int!>", "array<bigint>"), ("row<a int!>", "row<b int>"), ("map<string, uuid>", "map<string, string>")),
]


@pytest.mark.parametrize(("given", "wanted"), LOSES)
def test_what_would_be_lost(given: str, wanted: str) -> None:
    assert narrows(ColumnType.parse(given), ColumnType.parse(wanted))


@pytest.mark.parametrize(("given", "wanted"), HOLDS)
def test_what_is_held(given: str, wanted: str) -> None:
    assert not narrows(ColumnType.parse(given), ColumnType.parse(wanted))


@pytest.mark.parametrize(("given", "wanted"), [("bigint", "int"), ("decimal(38,0)", "int")])
def test_an_engine_that_raises_loses_no_large_number(given: str, wanted: str) -> None:
    assert not narrows(ColumnType.parse(given), ColumnType.parse(wanted), raises=True)


@pytest.mark.parametrize("given", ["int", "bigint", "decimal(5,0)"])
def test_nobody_raises_for_a_column_of_16_bits_that_the_lake_keeps_in_32(given: str) -> None:
    """Asked of Spark 4.1.1 with Iceberg (engines/spark/tests/test_spark_claims_live.py)."""
    assert narrows(ColumnType.parse(given), ColumnType.parse("smallint"), raises=True)


@pytest.mark.parametrize("kind", [kind for kind in Kind if facts(kind).family != "nested"])
def test_a_type_holds_itself(kind: Kind) -> None:
    same = ColumnType.parse(kind.value)
    assert not narrows(same, same)
    for of in (f"array<{kind.value}>", f"map<string, {kind.value}>", f"row<a {kind.value}>"):
        assert not narrows(ColumnType.parse(of), ColumnType.parse(of))


@pytest.mark.parametrize(
    ("given", "wanted", "told"),
    [
        ("row<x int, y int>", "row<y int, x int>", ("x", "y")),
        ("row<a int, x int, y int>", "row<A int, Y int, X int>", ("x", "Y")),
        ("array<row<x int, y int>>", "array<row<y int, x int>>", ("x", "y")),
        ("map<string, row<r row<x int, y int>>>", "map<string, row<r row<y int, x int>>>", ("x", "y")),
        ("row<x int, y int>", "row<X bigint, y int>", None),
        ("row<x int, y int>", "row<a int, b int>", None),
        ("row<x int>", "array<int>", None),
        ("int", "bigint", None),
    ],
)
def test_fields_that_would_change_places(given: str, wanted: str, told: tuple[str, str] | None) -> None:
    assert swapped(ColumnType.parse(given), ColumnType.parse(wanted)) == told
