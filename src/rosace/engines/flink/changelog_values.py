"""Values of a SELECT: row numbers, functions over rows, queries inside of conditions; and the columns that it gives.

Comes in: a SELECT, its scope, and how queries inside are read. Goes out: `Cause`s, and marks of columns.
Must not: resolve tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from rosace.contract.decimals import whole
from rosace.engines.flink.changelog_groups import Grouping
from rosace.engines.flink.changelog_marks import (
    PLAIN,
    Cause,
    Mark,
    Rank,
    Scope,
    Stream,
    both_ends,
    conjuncts,
    is_time,
)
from rosace.engines.flink.changelog_places import Places


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions and values of one SELECT. `read` reads a query inside of them."""

    places: Places
    scope: Scope
    read: Callable[[exp.Expr], Stream]

    def where(self, where: exp.Expr | None) -> tuple[Cause, ...]:
        """What a condition over the sources makes update: queries in it, row numbers that it bounds."""
        found: list[Cause] = []
        for part in conjuncts(where):
            found += self._conjunct(part, self.scope.mark)
        if where is not None:
            # Through a filter the planner does not see that nobody uses them.
            every = (mark for stream in self.scope.sources.values() for mark in (stream.columns or {}).values())
            found += [mark.over for mark in every if mark.over]
        return tuple(found)

    def qualify(self, qualify: exp.Expr | None, given: Mapping[str, Mark] | None) -> tuple[Cause, ...]:
        """The same of QUALIFY, which sees the columns of the SELECT too."""

        def mark(column: exp.Column) -> Mark:
            alias = (given or {}).get(column.name) if not column.table else None
            return alias or self.scope.mark(column)

        found: list[Cause] = []
        for part in conjuncts(qualify):
            found += self._conjunct(part, mark)
        return tuple(found)

    def values(self, node: exp.Select, *, grouped: bool) -> tuple[Cause, ...]:
        """What the items of a SELECT, its groups and HAVING make update."""
        items = [item.this if isinstance(item, exp.Alias) else item for item in node.expressions]
        # A column that is handed on updates only who uses it.
        used = [item for item in items if grouped or not isinstance(item, exp.Column)]
        parts = [*used, node.args.get("group"), node.args.get("having")]
        return tuple(cause for part in parts if part is not None for cause in self._value(part, self.scope.mark))

    def _conjunct(self, part: exp.Expr, mark: Callable[[exp.Column], Mark]) -> Iterator[Cause]:
        turned = isinstance(part, exp.Not)
        inner = part.this if turned else part
        while isinstance(inner, exp.Paren):
            inner = inner.this
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            yield from self._value(inner.this, mark)
            yield from self._member(inner.args["query"], "NOT IN" if turned else "")
        elif isinstance(inner, exp.Exists):
            yield from self._exists(inner, turned=turned)
        elif isinstance(inner, exp.EQ) and isinstance(inner.expression, exp.Any) and not turned:
            yield from self._member(inner.expression.this, "")
        elif (limited := _limited(part, lambda node: self._rank(node, mark))) is not None:
            rank, most = limited
            self.scope.settle(rank)
            if not (rank.windowed or (rank.first and most == 1)):
                yield rank.cause
        else:
            yield from self._value(part, mark)

    def _rank(self, node: exp.Expr, mark: Callable[[exp.Column], Mark]) -> Rank | None:
        if isinstance(node, exp.Column):
            return mark(node).rank
        return over_of(node, self.scope, self.places).rank if isinstance(node, exp.Window) else None

    def _member(self, query: exp.Expr, turned: str) -> Iterator[Cause]:
        stream, correlated = self._inside(query)
        yield from stream.causes
        # Windows on both sides make a join of windows: what it gives is never taken back.
        if turned and not (correlated and self.scope.windowed()):
            yield self.places.keyword(turned, query)

    def _exists(self, node: exp.Exists, *, turned: bool) -> Iterator[Cause]:
        stream, correlated = self._inside(node.this)
        yield from stream.causes
        if turned and not (correlated and self.scope.windowed()):
            yield self.places.keyword("NOT EXISTS", node.this)
        elif not turned and not correlated:
            yield self.places.keyword("EXISTS", node.this)

    def _inside(self, query: exp.Expr) -> tuple[Stream, bool]:
        """A query in a condition, and whether it looks at columns of the one around."""
        before, self.scope.asked = self.scope.asked, False
        stream = self.read(query)
        correlated, self.scope.asked = self.scope.asked, before
        return stream, correlated

    def _value(self, part: exp.Expr, mark: Callable[[exp.Column], Mark]) -> Iterator[Cause]:
        """A value: columns that change, and queries that are joined to every row, now and later."""
        waiting = [part]
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, exp.Column):
                if over := mark(one).over:
                    yield over
            elif isinstance(one, exp.Query):
                yield from self.read(one).causes
                yield self.places.of("a query as a value", one)
            elif isinstance(one, exp.In) and one.args.get("query") is not None:
                waiting.append(one.this)
                yield self.places.keyword("IN", one.args["query"])
            elif isinstance(one, exp.Exists):
                yield self.places.keyword("EXISTS", one.this)
            else:
                waiting += list(one.iter_expressions())


def _limited(part: exp.Expr, rank: Callable[[exp.Expr], Rank | None]) -> tuple[Rank, int] | None:
    """A row number that a condition bounds from above, and the most it may be; None where none is bounded."""
    if isinstance(part, exp.Between):
        found = rank(part.this)
        low, high = _number(part.args["low"]), _number(part.args["high"])
        return (found, high if low == 1 else 2) if found and high is not None else None
    if not isinstance(part, exp.Binary):
        return None
    for one, other, less, at_most in (
        (part.this, part.expression, exp.LT, exp.LTE),
        (part.expression, part.this, exp.GT, exp.GTE),
    ):
        found, number = rank(one), _number(other)
        if found is None or number is None:
            continue
        if isinstance(part, exp.EQ):
            return found, 1 if number == 1 else 2
        if isinstance(part, (less, at_most)):
            return found, number - isinstance(part, less)
    return None


def _number(node: exp.Expr) -> int | None:
    return whole(node.name) if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit() else None


def over_of(node: exp.Window, scope: Scope, places: Places) -> Mark:
    """What a function over rows gives: in the order of time it is known once; in any other it changes."""
    window = _named(node)
    order = window.args.get("order")
    orders = order.expressions if order is not None else []
    timed = len(orders) == 1 and is_time(orders[0].this, scope)
    first = timed and not orders[0].args.get("desc")
    said = f"{_function(node)} OVER"
    cause = places.of(f"{said} (... ORDER BY ...)" if orders else said, node)
    over = None if first or not orders else cause
    if not isinstance(node.this, exp.RowNumber):
        return Mark(over=over)
    parts = window.args.get("partition_by") or []
    windowed = both_ends(scope.mark(one) for one in parts if isinstance(one, exp.Column)) is not None
    return Mark(over=over, rank=Rank(cause._replace(word="ROW_NUMBER()"), windowed, first))


def _named(node: exp.Window) -> exp.Expr:
    """The definition of `OVER w`, or the window itself."""
    select = node.find_ancestor(exp.Select)
    name = node.args.get("alias")
    if select is None or name is None:
        return node
    return next((known for known in select.args.get("windows") or () if known.name == name.name), node)


def _function(node: exp.Window) -> str:
    inner = node.this.this if isinstance(node.this, exp.Filter | exp.IgnoreNulls | exp.RespectNulls) else node.this
    if isinstance(inner, exp.Func) and not isinstance(inner, exp.Anonymous):
        return inner.sql_name()
    return inner.name if isinstance(inner, exp.Expr) else ""


def output(node: exp.Select, scope: Scope, places: Places, groups: Grouping | None) -> dict[str, Mark] | None:
    """The columns that a SELECT gives, with what is known of each; None where a `*` cannot be spelled out."""
    given: dict[str, Mark] = {}
    for number, item in enumerate(node.expressions):
        if item.is_star:
            columns = _star(item, scope)
            if columns is None:
                return None
            given |= columns
            continue
        value = item.this if isinstance(item, exp.Alias) else item
        given[item.alias_or_name or f" {number}"] = _mark(value, scope, places, groups)
    return given


def _star(item: exp.Expr, scope: Scope) -> Mapping[str, Mark] | None:
    if isinstance(item, exp.Column):
        stream = scope.sources.get(item.table)
        return stream.columns if stream is not None else None
    return scope.columns()


def _mark(value: exp.Expr, scope: Scope, places: Places, groups: Grouping | None) -> Mark:
    while isinstance(value, exp.Paren):
        value = value.this
    if isinstance(value, exp.Window):
        return over_of(value, scope, places)
    if isinstance(value, exp.Column):
        mark = scope.mark(value)
        if groups is None:
            return mark
        return replace(mark, over=None, rank=None) if groups.windowed else PLAIN
    return Mark(time=is_time(value, scope))
