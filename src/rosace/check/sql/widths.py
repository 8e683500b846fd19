"""How many columns stand where a number of them is wanted: of a subquery, of rows, of a list of names.

Comes in: nodes with their scopes or relations. Goes out: problems by offset. Must not: know an engine; what is not sure
has the right number.

Measured on Flink 2.1.3, Spark 4.1.1, Trino 476 and DuckDB 2.0.0. A query for a value may give several columns in Trino,
which makes a row of them; DuckDB takes a list of names of any length for a common table expression.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from rosace.check.sql.extent import extent, identifiers
from rosace.check.sql.outputs import shape_in
from rosace.check.sql.relation import Column, Problem, Relation
from rosace.check.sql.scope import Scope
from rosace.check.sql.shapes import Shape

_FOR_A_VALUE = (exp.Binary, exp.Not, exp.Neg, exp.Between, exp.Coalesce, exp.Case, exp.If, exp.Cast, exp.Alias)
"""A query in parentheses right below one of these stands for one value."""


def subquery(node: exp.Expr, given: Relation, scope: Scope) -> Iterator[Problem]:
    """A query behind IN, ANY or ALL, or for a value, that gives another number of columns than is wanted there."""
    if given.columns is None:
        return
    count, wanted, word = len(given.columns), None, ""
    inner, parent = node, node.parent
    while isinstance(parent, exp.Paren):
        inner, parent = parent, parent.parent
    if isinstance(parent, exp.In) and inner.arg_key == "query":
        wanted, word = _width(parent.this, scope), "IN"
    elif isinstance(parent, exp.Any | exp.All) and isinstance(parent.parent, exp.Binary):
        wanted, word = _width(parent.parent.this, scope), parent.key.upper()
    elif scope.habits.one_value and isinstance(inner, exp.Subquery | exp.Paren) and _for_a_value(inner, parent):
        wanted = 1
    if wanted is None or wanted == count or (count == 1 and given.columns[0].shape is Shape.UNKNOWN):
        return
    if (place := extent(node)) is None:
        return
    if word:
        message = f"{word} compares {_many(wanted, 'value')} with {_many(count, 'column')}"
        yield Problem("column-count", message, *place, hints=(f"select {_many(wanted, 'column')} here",))
    else:
        message = f"a query that stands for one value gives {_many(count, 'column')}"
        yield Problem("column-count", message, *place, hints=("select one column here",))


def rows(node: exp.Expr) -> Iterator[Problem]:
    """Rows that are compared, listed behind IN, or put together by VALUES, and differ in length."""
    if isinstance(node, exp.EQ | exp.NEQ):
        told = [node.this, node.expression]
    elif isinstance(node, exp.In):
        told = [node.this, *node.expressions]
    elif isinstance(node, exp.Values):
        told = list(node.expressions)
    else:
        return
    if len(told) < 2 or not all(isinstance(one, exp.Tuple) for one in told):
        return
    first = len(told[0].expressions)
    for one in told[1:]:
        if len(one.expressions) != first and (place := extent(one) or extent(node)):
            message = f"a row of {_many(len(one.expressions), 'value')} meets one of {first}"
            yield Problem("column-count", message, *place, hints=("give all rows as many values",))
            return


def laid_out(node: exp.Expr) -> Relation | None:
    """The columns of VALUES, whose names and kinds are the engine's; None of anything else."""
    first = node.expressions[0] if isinstance(node, exp.Values) and node.expressions else None
    return Relation(tuple(Column(None) for _ in first.expressions)) if isinstance(first, exp.Tuple) else None


def named(given: Relation, alias: exp.Expr | None, scope: Scope) -> Iterator[Problem]:
    """`AS t (a, b)`, `WITH t (a, b) AS`: names for some other number of columns than there are."""
    listed = list(alias.args.get("columns") or ()) if isinstance(alias, exp.TableAlias) else []
    count = len(given.columns) if given.columns is not None else len(listed)
    if not listed or len(listed) == count or not scope.habits.names_all:
        return
    message = f"{_many(len(listed), 'name')} for {_many(count, 'column')}"
    yield Problem("column-count", message, *identifiers(listed), hints=("name all columns, or none",))


def _for_a_value(inner: exp.Expr, parent: exp.Expr | None) -> bool:
    if isinstance(parent, exp.Select):
        return inner.arg_key == "expressions"
    if isinstance(parent, exp.EQ | exp.NEQ | exp.LT | exp.LTE | exp.GT | exp.GTE):
        # What is compared with a row gives one.
        return not any(isinstance(side, exp.Tuple) for side in (parent.this, parent.expression))
    return isinstance(parent, _FOR_A_VALUE) and not isinstance(parent, exp.Dot)


def _width(node: exp.Expr, scope: Scope) -> int | None:
    """How many values an expression is made of; None where it may be a row."""
    if isinstance(node, exp.Paren):
        return _width(node.this, scope)
    if isinstance(node, exp.Tuple):
        return len(node.expressions)
    return None if shape_in(node, scope) in (Shape.UNKNOWN, Shape.NULL) else 1


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
