"""Joins that wait, and conditions that outer joins cannot survive.

Comes in: a join's condition and the columns of both sides. Goes out: whether Flink bounds it in time, and which outer
joins a WHERE turns into inner ones. Must not: look at anything but conditions.

Flink waits until a row's partner cannot come any more where the condition bounds the time of both sides (interval
join) or makes both ends of the same windows equal (window join): then nothing is ever taken back (Flink 2.1, "Joins",
"Window JOIN"). What its planner does of all this was measured by `EXPLAIN CHANGELOG_MODE` (tests/test_flink_planner).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from rosace.engines.flink.changelog_marks import Cause, Mark, Scope, Stream, conjuncts, same_windows, shallow


def waits(join: exp.Join, left: Scope, right: Scope) -> bool:
    """Whether a join bounds how long it waits: an interval join, or one of windows."""
    pairs = list(_equal(join, left, right))
    if same_windows(iter(pairs)) or any(one.time and other.time for one, other in pairs):
        return True
    bounds = {bound for part in conjuncts(join.args.get("on")) for bound in _bounds(part, left, right)}
    return {"lower", "upper"} <= bounds


def _equal(join: exp.Join, left: Scope, right: Scope) -> Iterator[tuple[Mark, Mark]]:
    """The columns of both sides that are made equal."""
    shared = [name.name for name in join.args.get("using") or ()]
    if str(join.args.get("method") or "").upper() == "NATURAL":
        shared = [name for name in left.columns() or {} if name in (right.columns() or {})]
    for name in shared:
        yield from zip(_marks(left, name), _marks(right, name), strict=False)
    for part in conjuncts(join.args.get("on")):
        if isinstance(part, exp.EQ) and isinstance(part.this, exp.Column) and isinstance(part.expression, exp.Column):
            for one, other in ((part.this, part.expression), (part.expression, part.this)):
                if _of(one, left) and _of(other, right):
                    yield left.mark(one), right.mark(other)


def _marks(scope: Scope, name: str) -> list[Mark]:
    return [mark for _, mark in scope.find("", name)]


def _of(column: exp.Column, side: Scope) -> bool:
    return any(True for _ in side.find(column.table, column.name))


def _bounds(part: exp.Expr, left: Scope, right: Scope) -> Iterator[str]:
    """Which bounds a condition sets to the time of the left side, by that of the right."""
    if isinstance(part, exp.Between):
        yield from _bound(part.this, part.args["low"], "lower", left, right)
        yield from _bound(part.this, part.args["high"], "upper", left, right)
    elif isinstance(part, exp.EQ):
        for bound in ("lower", "upper"):
            yield from _bound(part.this, part.expression, bound, left, right)
    elif isinstance(part, exp.GT | exp.GTE):
        yield from _bound(part.this, part.expression, "lower", left, right)
    elif isinstance(part, exp.LT | exp.LTE):
        yield from _bound(part.this, part.expression, "upper", left, right)


def _bound(one: exp.Expr, other: exp.Expr, bound: str, left: Scope, right: Scope) -> Iterator[str]:
    if _timely(one, left) and _timely(other, right):
        yield bound
    elif _timely(one, right) and _timely(other, left):
        yield "upper" if bound == "lower" else "lower"


def _timely(node: exp.Expr, side: Scope) -> bool:
    """Whether an expression is made of the time of one side."""
    columns = [one for one in shallow(node) if isinstance(one, exp.Column)]
    return bool(columns) and all(_of(one, side) and side.mark(one).time for one in columns)


_STRICT = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like)
_KEEPS_NULL = (exp.Column, exp.Literal, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Paren, exp.Neg, exp.Cast, exp.Interval)


def refused_nulls(where: exp.Expr | None, scope: Scope) -> frozenset[Cause]:
    """The outer joins whose empty rows a condition leaves out: Flink's planner makes inner joins of them.

    A comparison is never true of NULL; its planner sees that through arithmetic, not through OR, nor
    BETWEEN and IN of literals, which become searches.
    """
    found: frozenset[Cause] = frozenset()
    for part in conjuncts(where):
        found |= _refused(part, scope)
    return found


def _refused(part: exp.Expr, scope: Scope) -> frozenset[Cause]:
    if isinstance(part, exp.Not):
        inner = part.this.this if isinstance(part.this, exp.Paren) else part.this
        if isinstance(inner, exp.Is):
            return _nulls(inner.this, scope)
        return _refused(inner, scope) if isinstance(inner, _STRICT) else frozenset()
    if isinstance(part, exp.Between) and not isinstance(part.args["low"], exp.Literal):
        return _nulls(part.this, scope) | _nulls(part.args["low"], scope)
    if isinstance(part, exp.Case):
        return _nulls(part, scope)
    if not isinstance(part, _STRICT):
        return frozenset()
    sides = (part.this, part.expression)
    plain = [side for side in sides if all(isinstance(node, (*_KEEPS_NULL, exp.Var)) for node in _leaves(side))]
    return frozenset(cause for side in plain for cause in _nulls(side, scope))


def _leaves(node: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of an expression, without what is inside of names and types."""
    yield node
    if not isinstance(node, exp.Column | exp.Literal | exp.Interval):
        for child in node.iter_expressions():
            if not isinstance(child, exp.DataType):
                yield from _leaves(child)


def _nulls(node: exp.Expr, scope: Scope) -> frozenset[Cause]:
    columns = (one for one in shallow(node) if isinstance(one, exp.Column))
    return frozenset(cause for column in columns for cause in scope.mark(column).nulls)


def emptied(stream: Stream, cause: Cause) -> Stream:
    """The side of an outer join that may have no row."""
    if stream.columns is None:
        return stream
    marks = {
        name: Mark(mark.time, mark.window, mark.nulls | {cause}, mark.over, mark.rank)
        for name, mark in stream.columns.items()
    }
    return Stream(marks, stream.causes, constant=stream.constant)
