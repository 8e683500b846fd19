"""Which SQL an engine takes, and the few habits of it that decide what a name means.

Comes in: an engine's room. Goes out: sqlglot's dialect and `Habits`. Must not: parse.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.dialects.dialect import Dialect

    from rosace.engines.contract import Engine


@dataclass(frozen=True, slots=True)
class Habits:
    """How names behave. `group_alias`: GROUP BY and HAVING may name an alias of SELECT; `select_alias`: so may
    later items of SELECT; `where_alias`: so may WHERE. `trailing_comma`: one too many is forgiven."""

    case_sensitive: bool = False
    group_alias: bool = True
    select_alias: bool = True
    where_alias: bool = False
    trailing_comma: bool = False


LENIENT = Habits(where_alias=True, trailing_comma=True)
"""For a dialect not listed: nothing is refused that some engine accepts."""

HABITS = {
    # Calcite, lexical policy JAVA and default conformance: Flink 2.1 docs, "Queries".
    "flink": Habits(case_sensitive=True, group_alias=False, select_alias=False),
    # spark.sql.caseSensitive=false, spark.sql.groupByAliases=true, lateral column aliases since Spark 3.4.
    "spark": Habits(),
    # trino.io/docs/current/sql/select.html: GROUP BY takes output columns by their number only.
    "trino": Habits(group_alias=False, select_alias=False),
    # duckdb.org/docs: aliases are reusable in WHERE, GROUP BY, HAVING and SELECT.
    "duckdb": Habits(where_alias=True, trailing_comma=True),
}


@dataclass(frozen=True, slots=True)
class Language:
    """A dialect to parse with, the habits that go with it, and what to call it."""

    title: str
    dialect: Dialect
    habits: Habits


def language(name: str, title: str) -> Language:
    """A language by the name that sqlglot gives it, or `module:Class`; the standard grammar where there is none."""
    from sqlglot.dialects.dialect import Dialect

    # What it cannot parse is told as a diagnostic, at its place.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    if ":" in name:
        module, _, attribute = name.partition(":")
        known = getattr(import_module(module), attribute)
        return Language(title, known(), HABITS.get(attribute.lower(), LENIENT))
    known = Dialect.get(name)
    return Language(title, known() if known else Dialect(), HABITS.get(name, LENIENT))


def language_of(engine: Engine) -> Language:
    """What an engine takes: `DIALECT` in its room's `sql.py`, or else what sqlglot knows by the engine's name."""
    if find_spec(f"{engine.package}.sql") is None:
        return language(engine.name, engine.title)
    return language(str(getattr(engine.part("sql"), "DIALECT", engine.name)), engine.title)
