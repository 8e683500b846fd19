"""What somebody types at `rosace query`: several statements, and those that only show something."""

from __future__ import annotations

from pathlib import Path

import pytest

from rosace.engines.trino.looks import look
from rosace.engines.trino.sql import question
from rosace.local.declared import Declared
from rosace.model.checked import Checked
from rosace.observe.ask import Question, typed
from rosace.source.diagnostic import Refused

EXAMPLE = Path(__file__).parents[2] / "examples" / "flights" / "platform.yaml"


@pytest.fixture(scope="module")
def checked() -> Checked:
    return Declared(EXAMPLE).examined().proven()


def sent(one: Question) -> str:
    return (one.shown or question(one.checked, one.body)).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DESCRIBE lake.departures", 'DESCRIBE "lake"."flights"."departures"'),
        ("show columns from Departures", 'show columns from "kafka"."default"."departures"'),
        ("SHOW CREATE TABLE lake.\"delays\"", 'SHOW CREATE TABLE "lake"."flights"."delays"'),
        ("DESCRIBE system.runtime.nodes", "DESCRIBE system.runtime.nodes"),
        ("SHOW CATALOGS", "SHOW CATALOGS"),
        ("EXPLAIN (TYPE LOGICAL) SELECT 1 FROM lake.carriers",
         'EXPLAIN (TYPE LOGICAL) SELECT 1 FROM "lake"."flights"."carriers"'),
    ],
)  # fmt: skip
def test_what_only_shows_something(checked: Checked, text: str, said: str) -> None:
    (one,) = typed(checked, text, "--sql")
    assert sent(one) == said


def test_show_tables_gives_names_that_queries_use(checked: Checked) -> None:
    (one,) = typed(checked, "show tables;", "--sql")
    assert "'lake.' || table_name" in sent(one) and "kafka.information_schema" in sent(one)


def test_several_statements_with_semicolons_inside(checked: Checked) -> None:
    text = (
        "SELECT ';' FROM lake.carriers; -- one; two\n"
        "WITH FUNCTION f() RETURNS int BEGIN DECLARE x int; SET x = 1; RETURN x; END SELECT f();\n"
        "SHOW CATALOGS;\n;"
    )
    found = typed(checked, text, "--sql")
    assert [sent(one).split()[0] for one in found] == ["SELECT", "WITH", "SHOW"]
    assert sent(found[1]).count(";") == 3


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("SELECT 1;\nSELECT nothere FROM lake.carriers", "--sql:2:8", "nothere"),
        ("SELECT 1; DESCRIBE lake.departurs", "--sql:1:20", "did you mean"),
        ("SELECT 1;\n EXPLAIN SELECT nothere FROM lake.carriers", "--sql:2:17", "nothere"),
        ("SELECT 1; DROP TABLE lake.carriers", "--sql:1:11", "SELECT"),
        ("EXPLAIN DELETE FROM lake.carriers", "--sql:1:9", "SELECT"),
        ("EXPLAIN ANALYZE INSERT INTO lake.carriers SELECT * FROM lake.carriers", "--sql:1:17", "SELECT"),
        ("  ", "--sql:1:1", "no query"),
    ],
)
def test_a_wrong_one_is_told_with_its_place(checked: Checked, text: str, place: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        typed(checked, text, "--sql")
    (first, *_) = refused.value.diagnostics
    assert first.span is not None and first.span.location() == place
    assert said in str(refused.value) + "".join(first.hints)


@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE x",
        "SHOW TABLES; DROP TABLE x",
        "CALL system.rollback()",
        "SET SESSION a = 1",
        "EXPLAINSELECT 1",
        "DELETE FROM x",
    ],
)
def test_nothing_that_changes_anything_counts_as_showing(text: str) -> None:
    assert look(text, "") is None
