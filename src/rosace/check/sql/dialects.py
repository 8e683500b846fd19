"""Which SQL an engine takes, and the few habits of it that decide what a name means.

Comes in: an engine's room. Goes out: sqlglot's dialect and `Habits`. Must not: parse.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal

from rosace.check.sql.functions import NAME, Functions
from rosace.contract.decimals import Decimals
from rosace.contract.sql import Prelude, no_prelude

if TYPE_CHECKING:
    from sqlglot.dialects.dialect import Dialect

    from rosace.contract.engine import Engine


@dataclass(frozen=True, slots=True)
class Habits:
    """How names and values behave in a dialect.

    `group_alias`: GROUP BY and HAVING may name an alias of SELECT; `select_alias`: so may later items of SELECT;
    `where_alias`: so may WHERE. `target_hints`: what an INSERT writes may have a hint behind it. `friendly`: a
    comma too many is forgiven. `widens_only`: a value is stored in a column of another type only if that is a wider
    number. `limit_first`: LIMIT stands before OFFSET (False: behind it; None: either way). `from_first`: a query
    may begin with FROM. `from_less`: WHERE needs no FROM. `lines_join`: two texts on two lines are one. `bare_lists`:
    `[1, 2]` is a list. `join_condition`: JOIN needs ON or USING. `partitions`: an INSERT
    may name the partition that it writes. `one_value`: a query for a value gives one column; `names_all`: a list of
    names behind an alias has one for each column. `frames_forward`: a window's frame begins before it ends.
    `arithmetic`: what may be added and so on, see `kinds`; empty where that is not known. `decimals` are its rules
    for arithmetic with decimals; None where unknown.
    """

    case_sensitive: bool = False
    group_alias: bool = True
    select_alias: bool = True
    where_alias: bool = False
    target_hints: bool = False
    friendly: bool = False
    widens_only: bool = False
    limit_first: bool | None = None
    from_first: bool = False
    from_less: bool = True
    lines_join: bool = False
    bare_lists: bool = False
    join_condition: bool = False
    text_apart: Literal["never", "mostly", "always"] = "never"
    partitions: bool = False
    one_value: bool = False
    names_all: bool = False
    frames_forward: bool = False
    arithmetic: Literal["", "plain", "times", "casts"] = ""
    decimals: Decimals | None = None


def habits_of(dialect: Dialect) -> Habits:
    """The habits of a dialect: those that it states as `HABITS` (names of `Habits`), or what its family is known for.

    Presto's family takes output columns by their number only (trino.io/docs/current/sql/select, "GROUP BY"), DuckDB
    takes aliases everywhere (duckdb.org/docs, "Friendly SQL"). In any other nothing is refused that some engine
    accepts: Spark, for one, takes aliases in GROUP BY and, since 3.4, in later items of SELECT.
    """
    from sqlglot.dialects.dialect import NormalizationStrategy

    stated: Mapping[str, Any] = getattr(dialect, "HABITS", {})
    exact = dialect.normalization_strategy is NormalizationStrategy.CASE_SENSITIVE
    family = {base.__name__ for base in type(dialect).__mro__}
    if "Presto" in family:
        return Habits(
            exact,
            group_alias=False,
            select_alias=False,
            limit_first=False,
            bare_lists=True,
            join_condition=True,
            text_apart="always",
            names_all=True,
            frames_forward=True,
            arithmetic="times",
        )
    if "DuckDB" in family:
        return Habits(
            exact,
            where_alias=True,
            friendly=True,
            from_first=True,
            bare_lists=True,
            one_value=True,
            frames_forward=True,
        )
    if "Hive" in family:
        return Habits(
            exact,
            limit_first=True,
            from_first=True,
            partitions=True,
            one_value=True,
            names_all=True,
            arithmetic="casts",
        )
    return replace(Habits(exact), **stated)


@dataclass(frozen=True, slots=True)
class Language:
    """A dialect to parse with, the habits that go with it, what to call it, and what its engine knows by itself.

    `reserved` are words in capitals that the engine takes for names only in quotes; sqlglot is more patient. `metadata`
    are the tables about a table of the lake that it shows, written behind the table's name and `metadata_mark`.
    `catalogs` are those that it has on every platform, each with its schemas; `functions` those that it has. `prelude`
    finds what a text defines in front of its query. `outside`, in capitals, are functions that read what is shut off;
    `types` the words that begin a type, none where they are not known; `blanks`
    the white space besides blanks, tabs and ends of lines, None where it is not known.
    """

    title: str
    dialect: Dialect
    habits: Habits
    reserved: frozenset[str] = frozenset()
    metadata: frozenset[str] = frozenset()
    metadata_mark: str = ""
    catalogs: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    functions: Functions = field(default_factory=Functions)
    prelude: Callable[[str], Prelude | None] = no_prelude
    outside: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    blanks: str | None = None

    def knowing(self, own: frozenset[str]) -> Language:
        """This language for a text that brings functions of these names along."""
        return replace(self, functions=replace(self.functions, own=own)) if own else self

    def quoted(self, name: str) -> str:
        """A name that holds no quotes, in those of this language."""
        quote = next(iter(self.dialect.tokenizer_class.IDENTIFIERS), '"')
        opening, closing = (quote, quote) if isinstance(quote, str) else quote
        return f"{opening}{name}{closing}"


def language(name: str, title: str, reserved: frozenset[str] = frozenset()) -> Language:
    """A language by the name that sqlglot gives it, or `module:Class`; the standard grammar where there is none."""
    from sqlglot.dialects.dialect import Dialect

    # What it cannot parse is told as a diagnostic, at its place.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    dialect = resolve_name(name)() if ":" in name else (Dialect.get(name) or Dialect)()
    dialect.ORIGINAL_NAME_META_KEY = NAME
    return Language(title, dialect, habits_of(dialect), reserved)


def language_of(engine: Engine) -> Language:
    """What an engine takes: `SPOKEN` in its room's `sql.py`, or else what sqlglot knows by the engine's name."""
    if (sql := engine.sql) is None:
        return language(engine.name, engine.title)
    spoken = sql.SPOKEN
    found = language(spoken.dialect, engine.title, spoken.reserved)
    return replace(
        found,
        habits=replace(found.habits, decimals=spoken.decimals),
        metadata=spoken.metadata,
        metadata_mark=spoken.metadata_mark,
        catalogs=spoken.catalogs,
        prelude=spoken.prelude,
        types=spoken.types,
        blanks=spoken.blanks,
        functions=_functions(engine, spoken.called, spoken.instead),
    )


def _functions(engine: Engine, called: frozenset[str], instead: Mapping[str, str]) -> Functions:
    path = engine.folder / "functions.txt"
    return Functions(path, called, instead) if path.is_file() else Functions()
