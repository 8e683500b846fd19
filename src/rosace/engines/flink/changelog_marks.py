"""What is known of streams and their columns while a query is read: time, windows, ranks, and what updates.

Comes in: sqlglot's nodes. Goes out: `Stream`, `Mark`, `Scope`. Must not: decide what a query gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlglot import exp

WINDOWS = frozenset({"TUMBLE", "HOP", "CUMULATE", "SESSION"})
"""Windowing table functions, and (without CUMULATE) windows in GROUP BY."""


class Cause(NamedTuple):
    """A part of a query by which rows change that were given before; it stands at `[start, end)` of the text.

    `side` tells the two halves of a FULL JOIN apart.
    """

    word: str
    start: int
    end: int
    side: str = ""


class Rank(NamedTuple):
    """`ROW_NUMBER()`: within a window, of the first row in time, or of any other order."""

    cause: Cause
    windowed: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a column.

    `time`: it carries event or processing time. `window`: it is the `start` or `end` of a window so defined. `nulls`:
    the outer joins that may leave it empty. `over`: whoever uses it sees it change. `rank`: it is a row's number.
    """

    time: bool = False
    window: tuple[str, str] | None = None
    nulls: frozenset[Cause] = frozenset()
    over: Cause | None = None
    rank: Rank | None = None


PLAIN = Mark()


@dataclass(frozen=True, slots=True)
class Stream:
    """What a table or query gives over time.

    `columns` is None where they cannot be known. `causes` are what updates it; without any, rows are only added.
    `unique` are columns that together are never given twice. `constant`: it ends before it begins, as VALUES does.
    """

    columns: Mapping[str, Mark] | None
    causes: tuple[Cause, ...] = ()
    unique: frozenset[str] = frozenset()
    constant: bool = False


@dataclass(slots=True)
class Scope:
    """The sources that a SELECT sees, by alias; `asked` is true once a query inside has looked at one of them."""

    parent: Scope | None = None
    sources: dict[str, Stream] = field(default_factory=dict[str, Stream])
    asked: bool = False

    def mark(self, node: exp.Column) -> Mark:
        """What is known of the column that a node names."""
        return next((mark for _, mark in self.find(node.table, node.name)), PLAIN)

    def find(self, table: str, name: str) -> Iterator[tuple[str, Mark]]:
        """The sources, here or around, that have such a column, with what is known of it."""
        named = {table: self.sources[table]} if table in self.sources else {}
        for alias, stream in (named if table else self.sources).items():
            if name in (stream.columns or {}):
                yield alias, (stream.columns or {})[name]
                return
        if self.parent is not None and not (table and table in self.sources):
            for found in self.parent.find(table, name):
                self.parent.asked = True
                yield found

    def columns(self) -> dict[str, Mark] | None:
        """What `*` stands for."""
        out: dict[str, Mark] = {}
        for stream in self.sources.values():
            if stream.columns is None:
                return None
            out = {**stream.columns, **out}
        return out

    def settle(self, rank: Rank) -> None:
        """From here on a row's number is what its bound made of it: who uses it sees no other change."""
        for alias, stream in self.sources.items():
            marks = {n: replace(m, over=None) if m.rank == rank else m for n, m in (stream.columns or {}).items()}
            self.sources[alias] = stream if stream.columns is None else replace(stream, columns=marks)

    def windowed(self) -> bool:
        """True where a source has columns of a window, so that its groups end with the window."""
        return any(mark.window for stream in self.sources.values() for mark in (stream.columns or {}).values())


def conjuncts(node: exp.Expr | None) -> Iterator[exp.Expr]:
    """The parts of a condition that all have to hold."""
    waiting = [node]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, exp.Where | exp.Paren | exp.Having | exp.Qualify):
            waiting.insert(0, one.this)
        elif isinstance(one, exp.And):
            waiting[:0] = [one.this, one.expression]
        elif one is not None:
            yield one


def shallow(node: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of an expression, without those inside of queries in it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if not isinstance(one, exp.Query):
            waiting += list(one.iter_expressions())


def called(node: exp.Expr) -> str:
    """The name of a function unknown to sqlglot, in capitals."""
    return node.name.upper() if isinstance(node, exp.Anonymous) else ""


def is_time(node: exp.Expr, scope: Scope) -> bool:
    """Whether an expression carries time: a column that does, or a function that gives it."""
    if isinstance(node, exp.Alias | exp.Paren):
        return is_time(node.this, scope)
    if isinstance(node, exp.Column):
        return scope.mark(node).time
    name = called(node)
    return name == "PROCTIME" or name.endswith(("_ROWTIME", "_PROCTIME"))


def same_windows(pairs: Iterator[tuple[Mark, Mark]]) -> bool:
    """Whether columns that are made equal are both ends of windows of the same definition."""
    ends = {left.window for left, right in pairs if left.window and left.window == right.window}
    return any({("start", spec), ("end", spec)} <= ends for _, spec in ends)


def both_ends(marks: Iterator[Mark]) -> str | None:
    """The definition of a window whose start and end are both among columns."""
    ends = {mark.window for mark in marks if mark.window}
    return next((spec for _, spec in sorted(ends) if {("start", spec), ("end", spec)} <= ends), None)
