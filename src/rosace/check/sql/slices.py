"""Conditions by which a query gives one slice of time and not everything: `WHERE day = :day`.

Comes in: a query's tree and those of the views before it. Goes out: `Slice`s. Must not: judge them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from rosace.check.sql.extent import extent
from rosace.kit.set_operations import added_to, first_of

_NOW = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentDatetime)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T].*")
_TIMES = (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.TIMESTAMPLTZ, exp.DType.DATETIME)


@dataclass(frozen=True, slots=True)
class Slice:
    """A column of time that is held against moments, where the query says so, and how.

    `side` is what is compared, in SQL: the column, or a function of it. `run`: a moment is a parameter of the run, or
    now. `equal`: it has to be one moment. `bounded`: it is that, or lies between two. `daily`: all moments are days.
    """

    column: str
    side: str
    start: int
    end: int
    run: bool
    equal: bool
    bounded: bool
    daily: bool


def slices_of(tree: exp.Expr | None, views: Mapping[str, exp.Expr] | None = None) -> tuple[Slice, ...]:
    """The slices of the rows that a query gives, each column once: its own, and those of what it selects from.

    What is only joined or looked up may be a slice without the query being one.
    """
    found: dict[str, Slice] = {}
    for one in _of(tree, {name.casefold(): view for name, view in (views or {}).items()}):
        other = found.setdefault(one.column, one)
        if other is not one:
            # Bounded twice, it lies between two moments.
            run, daily = other.run or one.run, other.daily and one.daily
            found[one.column] = replace(other, run=run, daily=daily, bounded=True)
    return tuple(found.values())


def _of(tree: exp.Expr | None, named: Mapping[str, exp.Expr]) -> Iterator[Slice]:
    if tree is None:
        return
    listed = tree.args.get("with_")
    if isinstance(listed, exp.With):
        named = {**named, **{cte.alias.casefold(): cte.this for cte in listed.expressions}}
    if isinstance(tree, exp.SetOperation):
        yield from _of(first_of(tree), named)
        for _, query in added_to(tree):
            yield from _of(query, named)
    elif isinstance(tree, exp.Subquery):
        yield from _of(tree.this, named)
    elif isinstance(tree, exp.Select):
        where, from_ = tree.args.get("where"), tree.args.get("from_")
        for part in _parts(where.this) if isinstance(where, exp.Where) else ():
            yield from _slices(part)
        if isinstance(from_, exp.From):
            yield from _source(from_.this, named)


def _source(node: exp.Expr, named: Mapping[str, exp.Expr]) -> Iterator[Slice]:
    if isinstance(node, exp.Subquery):
        yield from _of(node, named)
    elif isinstance(node, exp.Table) and not node.db and node.name.casefold() in named:
        inner = {name: view for name, view in named.items() if name != node.name.casefold()}
        yield from _of(named[node.name.casefold()], inner)


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    waiting = [node]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, exp.And):
            waiting[:0] = [one.this, one.expression]
        elif isinstance(one, exp.Paren):
            waiting.insert(0, one.this)
        else:
            yield one


def _slices(part: exp.Expr) -> Iterator[Slice]:
    start, end = extent(part) or (0, 0)
    if isinstance(part, exp.Between):
        sides = [(part.this, part.args["low"])]
    elif isinstance(part, exp.EQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.NullSafeEQ):
        sides = [(part.this, part.expression), (part.expression, part.this)]
    else:
        return
    equal = isinstance(part, exp.EQ | exp.NullSafeEQ)
    for side, moment in sides:
        column, run = _column(side), _moment(moment)
        if column and run is not None:
            bounded = equal or isinstance(part, exp.Between)
            yield Slice(column, side.sql(), start, end, run, equal, bounded, _daily(moment))


def _column(node: exp.Expr) -> str:
    """The one column that an expression is made of: `day`, `CAST(at AS DATE)`."""
    names = {column.name for column in node.find_all(exp.Column)}
    return names.pop() if len(names) == 1 and node.find(exp.Query) is None else ""


def _moment(node: exp.Expr) -> bool | None:
    """Whether a value without columns is a moment of the run (a parameter, now), or a fixed one; None if it is none."""
    if node.find(exp.Column, exp.Query) is not None:
        return None
    if node.find(exp.Placeholder, *_NOW) is not None:
        return True
    casts = any(one.to.this in (*_TIMES, exp.DType.DATE) for one in node.find_all(exp.Cast))
    return False if casts or any(_DATE.match(text) for text in _texts(node)) else None


def _daily(node: exp.Expr) -> bool:
    """Whether a moment is the beginning of a day."""
    names = (str(one.this) for one in node.find_all(exp.Placeholder))
    times = any(one.to.this in _TIMES for one in node.find_all(exp.Cast)) and node.find(exp.Placeholder) is not None
    now = node.find(exp.CurrentTimestamp, exp.CurrentDatetime) is not None
    return not times and not now and all(name == "day" for name in names) and not any(map(_TIME.match, _texts(node)))


def _texts(node: exp.Expr) -> list[str]:
    return [one.name for one in node.find_all(exp.Literal) if one.is_string]
