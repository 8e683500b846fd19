"""The types of arithmetic with decimals: what would lose digits is refused, and the planners make the same of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from check_outcome import Examine
from planner.corpus import bench, platform

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_query
from rosace.check.sql.relation import Column, Names, Relation
from rosace.check.sql.shapes import shape_of_kind
from rosace.contract.registry import engines
from rosace.model.columns import ColumnType

COLUMNS = {
    "a": "decimal(10,2)",
    "b": "decimal(20,6)",
    "c": "decimal(38,10)",
    "d": "decimal(38,0)",
    "e": "decimal(5,5)",
    "i": "int",
    "j": "bigint",
    "x": "double",
}
YAML = """\
platform: demo
topics:
  given: {{columns: {{id: string!, {columns}}}}}
  taken: {{columns: {{{key}out: "{wanted}"}}{compact}}}
tables:
  taken: {{columns: {{out: "{wanted}"}}}}
sources:
  given: {{file: given.csv, to: given}}
jobs:
  work: {{engine: {engine}, sql: work.sql{when}}}
"""
FILES = {"given.csv": "id,a,b,c,d,e,i,j,x\nx,1,1,1,1,0.1,1,1,1\n"}


def losses(examined: Examine, engine: str, given: str, wanted: str) -> set[str]:
    """What is said of losses where a query's column is written to one of a type."""
    columns = ", ".join(f'{name}: "{kind}"' for name, kind in COLUMNS.items())
    spark = engine == "spark"
    words = YAML.format(
        columns=columns,
        wanted=wanted,
        engine=engine,
        when=', schedule: "0 5 * * *"' if spark else "",
        key="id: string!, ",
        compact=", key: id, compact: true",
    )
    said = f"INSERT OVERWRITE lake.taken SELECT {given} AS o FROM given"
    if not spark:
        said = f"INSERT INTO taken SELECT id, {given} AS o FROM given" + (
            " GROUP BY id" if re.search("SUM|AVG", given) else ""
        )
    found = examined(words, {**FILES, "work.sql": said})
    assert not found.errors & {"sql-syntax", "unknown-column", "not-grouped"}, found.diagnostics
    return found.codes & {"insert-narrows"}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("a * b", "decimal(31,6)"),
        ("a * 1.05", "decimal(12,2)"),
        ("a / 3", "decimal(12,2)"),
        ("SUM(b)", "decimal(38,2)"),
        ("AVG(a)", "decimal(10,2)"),
        ("SUM(a * b)", "decimal(38,6)"),
        ("a + e", "decimal(12,2)"),
        ("SUM(a) + 0.125", "decimal(38,2)"),
        ("a * x", "decimal(38,10)"),
        ("SUM(b)", "bigint"),
    ],
)
@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_digits_behind_the_point_are_not_lost(examined: Examine, engine: str, given: str, wanted: str) -> None:
    assert losses(examined, engine, given, wanted) == {"insert-narrows"}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("a * b", "decimal(31,8)"),
        ("a + a", "decimal(11,2)"),
        ("a - 1", "decimal(13,2)"),
        ("SUM(a)", "decimal(38,2)"),
        ("CAST(AVG(a) AS DECIMAL(10, 2))", "decimal(10,2)"),
        ("ROUND(a * b, 2)", "decimal(12,2)"),
        ("i * j", "decimal(38,0)"),
        ("SUM(i)", "bigint"),
        ("SUM(1)", "bigint"),
        ("3000000000 / j", "double"),
        ("SUM(CASE WHEN i > 1 THEN 1 ELSE 0 END)", "bigint"),
        ("SUM(-1)", "int"),
        ("SUM(i + 1)", "bigint"),
        ("SUM(CASE WHEN i > 1 THEN a ELSE 0 END)", "decimal(12,2)"),
        ("SUM(COALESCE(a, 0))", "decimal(12,2)"),
        ("a * b", "double"),
    ],
)
@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_what_fits_and_what_is_not_known_is_let_through(
    examined: Examine, engine: str, given: str, wanted: str
) -> None:
    assert losses(examined, engine, given, wanted) == set()


@pytest.mark.parametrize("given", ["x / 2", "2 * x", "x - i", "AVG(x)", "SUM(x)", "SUM(x * i)"])
@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_fractions_of_doubles_are_not_lost(examined: Examine, engine: str, given: str) -> None:
    assert losses(examined, engine, given, "bigint") == {"insert-narrows"}
    assert losses(examined, engine, given, "double") == set()


@pytest.mark.parametrize("given", ["i / 2", "i / j", "AVG(i)", "AVG(j)", "COUNT(*) / 2"])
def test_a_quotient_of_whole_numbers_is_whole_in_flink_and_a_double_in_spark(examined: Examine, given: str) -> None:
    if "COUNT" not in given:
        assert losses(examined, "flink", given, "bigint") == set()
    assert losses(examined, "spark", given, "bigint") == {"insert-narrows"}
    assert losses(examined, "spark", given, "double") == set()
    assert losses(examined, "spark", f"CAST({given} AS BIGINT)", "bigint") == set()


@pytest.mark.parametrize(("given", "wanted"), [("SUM(a)", "decimal(12,2)"), ("a + a", "decimal(10,2)")])
def test_too_large_a_number_is_null_in_flink_and_ends_a_job_of_spark(
    examined: Examine, given: str, wanted: str
) -> None:
    assert losses(examined, "flink", given, wanted) == {"insert-narrows"}
    assert losses(examined, "spark", given, wanted) == set()


def test_what_spark_reads_and_copies_has_to_fit_all_the_same(examined: Examine) -> None:
    assert losses(examined, "spark", "COUNT(*)", "int") == set()
    assert losses(examined, "spark", "j", "int") == {"insert-narrows"}


def _expression(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.2:
        return random.choice([*COLUMNS, *"abcde", "2", "0.05", "1.500", "100000", "(-3)", "3000000000", ".25"])
    kind = random.randrange(10)
    if kind < 7:
        operation = random.choice("+-*/")
        return f"({_expression(random, depth - 1)} {operation} {_expression(random, depth - 1)})"
    if kind == 7:
        return f"(-{_expression(random, depth - 1)})"
    return f"CAST({_expression(random, depth - 1)} AS DECIMAL({random.randint(8, 38)}, {random.randint(0, 8)}))"


def expressions(seed: int, count: int) -> list[str]:
    """The same for the same seed; a third of them sums, averages and extremes."""
    found: list[str] = []
    for number in range(count):
        random = Random(f"{seed}-{number}")
        inner = _expression(random, 3)
        # Of a literal alone what counts is its value.
        inner = inner if re.search(r"\b[a-ejx]\b|\bi\b", inner) else "a"
        word = random.choice(["SUM", "AVG", "MIN", "MAX", "SUM(DISTINCT"])
        found.append(f"{word}({inner}){')' * word.count('(')}" if number % 3 == 0 else f"MAX({inner})")
        if number % 5 == 0:
            found[-1] = f"({found[-1]} / COUNT(*))"
        if number % 7 == 0:
            found[-1] = f"({found[-1]} * 1.1 + SUM(a))"
    return found


def quick(engine: str, given: list[str]) -> list[ColumnType | None]:
    """The types that the quick check gives them."""
    types = {name: ColumnType.parse(kind) for name, kind in COLUMNS.items()}
    columns = tuple(Column(name, shape_of_kind(kind.kind), type=kind) for name, kind in types.items())
    names = Names({("given",): Relation(columns)}, "not declared")
    query = "SELECT " + ", ".join(f"{one} AS c{at}" for at, one in enumerate(given)) + " FROM given"
    output = read_query(query, language_of(engines()[engine]), names).output.columns
    assert output is not None
    return [column.type for column in output]


def flink(given: list[str], home: Path) -> Mapping[str, str]:
    """The types that Flink's planner gives them: it tells them where they do not fit a target."""
    engine = engines()["flink"]
    columns = ", ".join(f"{name} {kind.upper()}" for name, kind in COLUMNS.items())
    found: dict[str, str] = {}
    with bench(engine, platform(), home) as place:
        talk = place.start(import_module(f"{engine.package}.planner")._program(place))
        assert talk.ask("session").taken
        assert talk.ask("run", f"CREATE TEMPORARY TABLE given ({columns}) WITH ('connector' = 'datagen')").taken
        for at in range(0, len(given), 20):
            some = given[at : at + 20]
            wrong = ", ".join(f"w{number} ARRAY<INT>" for number in range(len(some)))
            sink = f"CREATE TEMPORARY TABLE sink{at} ({wrong}) WITH ('connector' = 'blackhole')"
            assert talk.ask("run", sink).taken
            items = ", ".join(f"{one} AS c{at + number}" for number, one in enumerate(some))
            said = " ".join(talk.ask("explain", f"INSERT INTO sink{at} SELECT {items} FROM given").texts)
            assert "Query schema" in said, said
            _, _, schema = said.partition("Query schema")
            found |= dict(re.findall(r"\b(c\d+): (\w+(?:\(\d+, \d+\))?)", schema.partition("Sink schema")[0]))
    return found


def spark(given: list[str], home: Path) -> Mapping[str, str]:
    """The types that Spark's analyzer gives them: it tells them where a structure of them is no number."""
    engine = engines()["spark"]
    columns = ", ".join(f"CAST(NULL AS {kind.upper()}) AS {name}" for name, kind in COLUMNS.items())
    order = {"topics": [], "tables": [], "reads": [], "streaming": False, "catalog": "lake", "namespace": "lake.n"}
    found: dict[str, str] = {}
    with bench(engine, platform(), home) as place:
        talk = place.start(import_module(f"{engine.package}.planner").program(place))
        statements = [{"kind": "view", "view": "given", "sql": f"SELECT {columns}"}]
        for at in range(0, len(given), 10):
            items = ", ".join(f"{one} AS c{at + number}" for number, one in enumerate(given[at : at + 10]))
            statements.append({"kind": "view", "view": "v", "sql": f"SELECT 1 + struct({items}) FROM given"})
        assert talk.ask("job", json.dumps({**order, "statements": statements})).taken
        assert talk.ask("statement", "0").taken
        for number in range(1, len(statements)):
            said = talk.ask("statement", str(number)).texts[0]
            assert "STRUCT" in said, said
            found |= dict(re.findall(r"\b(c\d+): (\w+(?:\(\d+,\d+\))?)", said))
    return found


@pytest.mark.live
@pytest.mark.parametrize("engine", ["flink", "spark"])
def test_the_planners_make_the_same_types(engine: str, tmp_path: Path) -> None:
    given = expressions(7, 200)
    told = (flink if engine == "flink" else spark)(given, tmp_path)
    here = quick(engine, given)
    assert sum(one is not None for one in here) >= 120
    wrong = [
        f"{text}: {said}, and {engine} has {told[f'c{at}']}"
        for at, (text, said) in enumerate(zip(given, here, strict=True))
        if said is not None and str(said).replace(" ", "") != told[f"c{at}"].lower().replace(" ", "")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("inner", ["1", "CASE WHEN i > 1 THEN 1 ELSE 0 END", "MAX(1)"])
def test_what_a_query_below_counts_is_a_whole_number(inner: str) -> None:
    columns = (Column("i", shape_of_kind(ColumnType.parse("int").kind), type=ColumnType.parse("int")),)
    names = Names({("given",): Relation(columns)}, "not declared")
    for engine in ("flink", "spark"):
        query = f"SELECT SUM(n) AS n, SUM(n) * 2 AS m FROM (SELECT {inner} AS n FROM given GROUP BY i) AS t"
        output = read_query(query, language_of(engines()[engine]), names).output.columns
        assert output is not None
        assert [column.type for column in output] == [None, None]
