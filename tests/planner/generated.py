"""Queries made by chance, from a seed, over the corpora's platform: SELECT, JOIN, GROUP BY, windows, CTEs, UNION.

Most are valid; some are not, by chance, such as a LIMIT within a UNION. Who is right is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from planner.corpus import Case, platform
from rosace.model.columns import ColumnType, Kind

NUMBERS = (Kind.SMALLINT, Kind.INT, Kind.BIGINT, Kind.FLOAT, Kind.DOUBLE, Kind.DECIMAL)
TEXTS = (Kind.STRING, Kind.UUID, Kind.TIME)
TOPICS = ("clicks", "trades", "baskets")
TABLES = ("customer", "orders", "lineitem", "nation", "supplier", "store_sales", "date_dim", "item", "boxes")


@dataclass(frozen=True, slots=True)
class Source:
    """What stands in FROM: its text and the columns that it gives, by their names in the query."""

    text: str
    columns: tuple[tuple[str, Kind], ...]


def _reached(name: str, type: ColumnType) -> Iterator[tuple[str, Kind]]:
    """A column and, of a nested one, what is within it."""
    yield name, type.kind
    match type.kind:
        case Kind.ROW:
            for field in type.fields:
                yield from _reached(f"{name}.{field.name}", field.type)
        case Kind.ARRAY:
            yield from _reached(f"{name}[1]", type.element)
        case Kind.MAP:
            yield from _reached(f"{name}['a']", type.element)
        case _:
            pass


def queries(seed: int, count: int) -> list[Case]:
    """`count` queries; the same for the same seed."""
    return [Case(f"{seed}-{number}", _Maker(Random(f"{seed}-{number}")).query(2)) for number in range(count)]


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.names = 0

    def query(self, depth: int) -> str:
        """A query that gives columns `x` and `y`, and sometimes more."""
        kind = self.random.randrange(8)
        if kind == 0 and depth:
            name = self._name("c")
            return f"WITH {name} AS ({self._select(depth - 1)}) SELECT {name}.x, y FROM {name} ORDER BY 1"
        if kind == 1 and depth:
            word = self.random.choice(["UNION ALL", "UNION", "INTERSECT", "EXCEPT"])
            return f"{self._select(depth - 1)} {word} {self._select(depth - 1)}"
        return self._select(depth) + self._order()

    def _order(self) -> str:
        return self.random.choice(["", "", " ORDER BY x", " ORDER BY 2 DESC", " ORDER BY y, x LIMIT 5", " LIMIT 3"])

    def _select(self, depth: int) -> str:
        source = self._from(depth)
        where = f" WHERE {self._condition(source)}" if self.random.random() < 0.4 else ""
        if self.random.random() < 0.35:
            return self._grouped(source, where)
        first, second = self._value(source), self._windowed(source)
        word = self.random.choice(["", "", "DISTINCT "])
        return f"SELECT {word}{first} AS x, {second} AS y FROM {source.text}{where}"

    def _grouped(self, source: Source, where: str) -> str:
        by, _ = self.random.choice(source.columns)
        having = self.random.choice(["", f" HAVING COUNT(*) > {self.random.randrange(9)}"])
        said = self.random.choice([by, "1", by])
        return f"SELECT {by} AS x, {self._aggregate(source)} AS y FROM {source.text}{where} GROUP BY {said}{having}"

    def _from(self, depth: int) -> Source:
        left = self._source(depth)
        if self.random.random() < 0.5:
            return left
        right = self._source(depth)
        pairs = [(a, b) for a, one in left.columns for b, other in right.columns if self._meet(one, other)]
        if not pairs:
            return Source(f"{left.text} CROSS JOIN {right.text}", left.columns + right.columns)
        a, b = self.random.choice(pairs)
        word = self.random.choice(["JOIN", "LEFT JOIN", "FULL OUTER JOIN", "INNER JOIN"])
        return Source(f"{left.text} {word} {right.text} ON {a} = {b}", left.columns + right.columns)

    def _meet(self, one: Kind, other: Kind) -> bool:
        return one is other or (one in NUMBERS and other in NUMBERS)

    def _source(self, depth: int) -> Source:
        alias = self._name("t")
        if depth and self.random.random() < 0.2:
            columns = ((f"{alias}.x", Kind.STRING), (f"{alias}.y", Kind.STRING))
            return Source(f"({self._select(depth - 1)}) {alias}", columns)
        if self.random.random() < 0.3:
            name = self.random.choice(TOPICS)
            declared = platform().topics[name].columns
        else:
            table = self.random.choice(TABLES)
            name, declared = f"lake.{table}", platform().tables[table].columns
        columns = tuple(one for column, kind in declared.items() for one in _reached(f"{alias}.{column}", kind))
        return Source(f"{name} {self.random.choice(['', 'AS '])}{alias}", columns)

    def _name(self, letter: str) -> str:
        self.names += 1
        return f"{letter}{self.names}"

    def _value(self, source: Source) -> str:
        name, kind = self.random.choice(source.columns)
        if kind in NUMBERS:
            forms = ["{0}", "{0} + 1", "-{0}", "ABS({0})", "CAST({0} AS VARCHAR(30))", "COALESCE({0}, 0)", "{0} * 2.5"]
        elif kind in TEXTS:
            forms = ["{0}", "UPPER({0})", "{0} || '-'", "LENGTH({0})", "COALESCE({0}, '')", "SUBSTRING({0}, 1, 2)"]
        elif kind is Kind.BOOLEAN:
            forms = ["{0}", "NOT {0}", "CASE WHEN {0} THEN 1 ELSE 0 END"]
        elif kind not in (Kind.DATE, Kind.TIMESTAMP):
            forms = ["{0}", "COALESCE({0}, {0})", "CASE WHEN {0} IS NULL THEN 1 ELSE 0 END", "NULLIF({0}, {0})"]
        else:
            forms = ["{0}", "EXTRACT(YEAR FROM {0})", "{0} + INTERVAL '1' DAY", "CAST({0} AS DATE)"]
        return self.random.choice(forms).format(name)

    def _windowed(self, source: Source) -> str:
        if self.random.random() < 0.7:
            return self._value(source)
        by, _ = self.random.choice(source.columns)
        order, _ = self.random.choice(source.columns)
        call = self.random.choice(["ROW_NUMBER()", "RANK()", f"MAX({by})", f"LAG({by})", "COUNT(*)"])
        return f"{call} OVER (PARTITION BY {by} ORDER BY {order})"

    def _aggregate(self, source: Source) -> str:
        numbers = [name for name, kind in source.columns if kind in NUMBERS]
        name = self.random.choice(numbers or [source.columns[0][0]])
        other, _ = self.random.choice(source.columns)
        forms = ["COUNT(*)", f"SUM({name})", f"AVG({name})", f"MIN({other})", f"COUNT(DISTINCT {other})"]
        return self.random.choice([*forms, f"MAX({other})", f"SUM(CASE WHEN {name} > 1 THEN 1 ELSE 0 END)"])

    def _condition(self, source: Source) -> str:
        name, kind = self.random.choice(source.columns)
        other, _ = self.random.choice(source.columns)
        if kind in NUMBERS:
            said = self.random.choice([f"{name} > 3", f"{name} BETWEEN 1 AND 2", f"{name} IN (1, 2)", f"{name} <> 7.5"])
        elif kind in TEXTS:
            said = self.random.choice([f"{name} = 'a'", f"{name} LIKE 'a%'", f"{name} IN ('a', 'b')"])
        elif kind is Kind.BOOLEAN:
            said = name
        elif kind not in (Kind.DATE, Kind.TIMESTAMP):
            said = self.random.choice([f"{name} IS NOT NULL", f"{name} = {name}", f"{name} <> {name}"])
        else:
            said = f"{name} >= DATE '2020-01-01'"
        return self.random.choice(
            [said, f"{said} AND {other} IS NOT NULL", f"NOT ({said})", f"({said} OR {other} IS NULL)"]
        )
