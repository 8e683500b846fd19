"""What an engine tells of its SQL, and what failed of it.

A room that takes SQL has `sql.py` with `SPOKEN`, its `Spoken`. One that offers `SqlEndpoint` has there too what a topic
or table is called in a question, and in `live.py` who asks (`parts.py`). Must not: parse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rosace.contract.decimals import Decimals


class Prelude(Protocol):
    """What stands in a text from `start` to `end`, in front of a query: functions of these names, in capitals."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def names(self) -> frozenset[str]: ...


def no_prelude(text: str) -> Prelude | None:
    """Of an engine whose queries have nothing in front."""
    return None


@dataclass(frozen=True, slots=True)
class Spoken:
    """The SQL of an engine. Its functions are listed in `functions.txt` of its folder.

    `dialect` is sqlglot's name of it, or `module:Class`. `reserved` are words in capitals that the engine takes for
    names only in quotes; sqlglot is more patient. `types` are the words that begin a type, none where they are not
    known; `blanks` the white space besides blanks, tabs and ends of lines, None where it is not known. `called` are
    names that are called though no list of functions has them, `instead` says of names of other engines what this one
    calls them. `metadata` are the tables about a table of the lake that it shows, written behind the table's name and
    `metadata_mark`; `catalogs` those that it has on every platform, each with its schemas. `prelude` finds what a text
    defines in front of its query. `decimals` are its rules for arithmetic with decimals, None where unknown.
    """

    dialect: str
    reserved: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    blanks: str | None = None
    called: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict[str, str])
    metadata: frozenset[str] = frozenset()
    metadata_mark: str = ""
    catalogs: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    prelude: Callable[[str], Prelude | None] = no_prelude
    decimals: Decimals | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A statement that shows something and is no query: SHOW, DESCRIBE, EXPLAIN.

    At `query` of its text a query begins that it tells about; at `[start, end)` of `name` stands what it is about.
    `text` is what the engine is asked instead, where that is another text.
    """

    query: int | None = None
    name: tuple[int, int] | None = None
    text: str = ""


class Unreachable(Exception):
    """The engine does not answer at its address, or went away during the query. Says so to people."""


class QueryFailed(Exception):
    """The engine refused a query or gave it up.

    `message` is in its own words; `line` and `column` count from 1 in the text that it was sent, None where it names no
    place.
    """

    message: str
    line: int | None
    column: int | None
