"""Fields of rows, elements of arrays and maps: known to the quick check by name and type, and never refused in vain."""

from __future__ import annotations

from functools import cache

import pytest

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.check.sql.shapes import shape_of_kind
from rosace.contract.registry import engines
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType

COLUMNS = {
    "id": "bigint!",
    "lines": "array<row<sku string!, n smallint, price decimal(10,2)>>",
    "tags": "map<string, float>",
    "buyer": "row<name string!, home row<city string, zip int!>>!",
    "name": "string",
}
ENGINES = ("flink", "spark", "trino")


@cache
def names() -> Names:
    types = {name: ColumnType.parse(kind) for name, kind in COLUMNS.items()}
    told = (
        Column(name, shape_of_kind(kind.kind), type=kind, nullable=not kind.required) for name, kind in types.items()
    )
    return Names({("baskets",): Relation(tuple(told), Ref("topic", "baskets"))}, "not declared")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("value", "kind", "nullable"),
    [
        ("b.buyer.name", "string!", None),
        ("buyer.name", "string!", None),
        ("b.buyer.home.city", "string", True),
        ("buyer.home.city", "string", True),
        ("buyer.home.zip", "int!", None),
        ("b.buyer.home", "row<city string, zip int!>", True),
        ("lines[1].price", "decimal(10,2)", None),
        ("b.lines[1].n", "smallint", None),
        ("tags['a']", "float", None),
        ("lines[1]", "row<sku string!, n smallint, price decimal(10,2)>", None),
    ],
)
def test_a_field_has_its_declared_type(engine: str, value: str, kind: str, nullable: bool | None) -> None:
    reading = read_query(f"SELECT {value} AS x FROM baskets b", language_of(engines()[engine]), names())
    assert not reading.problems
    assert reading.output.columns is not None
    (column,) = reading.output.columns
    assert (column.type, column.nullable) == (ColumnType.parse(kind), nullable)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("value", "message", "hint"),
    [
        ("b.buyer.nme", "`nme` is no field of `b.buyer`", "did you mean `name`?"),
        ("buyer.home.street", "`street` is no field of `buyer.home`", "it has `city`, `zip`"),
    ],
)
def test_what_a_row_has_not_is_told(engine: str, value: str, message: str, hint: str) -> None:
    text = f"SELECT id FROM baskets b WHERE {value} = 'x'"
    (problem,) = read_query(text, language_of(engines()[engine]), names()).problems
    assert (problem.message, problem.hints) == (message, (hint,))
    assert text[problem.start : problem.end] == value.rpartition(".")[2]


def test_spark_reaches_through_arrays_and_maps() -> None:
    language = language_of(engines()["spark"])
    for value in ("lines.sku", "b.lines.sku", "tags.a", "b.tags.a", "lines[0].sku", "buyer.*"):
        assert not read_query(f"SELECT {value} FROM baskets b", language, names()).problems, value
