"""The exact type of an expression, and whether it may be null, as far as both are beyond doubt.

Comes in: an expression of sqlglot's tree and a way to look columns up. Goes out: a `ColumnType`, and True (may be
null), False (never is); None wherever engines differ or nothing is known. Must not: guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from rosace.check.sql.amounts import amount, of_literal
from rosace.check.sql.fields import of_bracket, of_dot
from rosace.check.sql.relation import Column
from rosace.check.sql.shapes import Shape
from rosace.contract.decimals import Decimals, whole
from rosace.model.columns import ColumnType, Kind
from rosace.model.moments import PARAMETERS

_SIMPLE = {
    **dict.fromkeys((exp.DType.TEXT, exp.DType.VARCHAR), Kind.STRING),
    exp.DType.SMALLINT: Kind.SMALLINT,
    exp.DType.INT: Kind.INT,
    exp.DType.BIGINT: Kind.BIGINT,
    exp.DType.FLOAT: Kind.FLOAT,
    exp.DType.DOUBLE: Kind.DOUBLE,
    exp.DType.BOOLEAN: Kind.BOOLEAN,
    exp.DType.DATE: Kind.DATE,
}
_TIMES = (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.DATETIME)
_HANDED_ON = (exp.Min, exp.Max, exp.AnyValue, exp.Paren, exp.Neg, exp.Alias, exp.Filter, exp.Window)
_AGGREGATES = (exp.Min, exp.Max, exp.Sum, exp.Avg)
_STRICT = (exp.Add, exp.Sub, exp.Mul, exp.DPipe, exp.Upper, exp.Lower, exp.Trim, exp.Neg, exp.Paren, exp.Alias, exp.Abs)
"""Null where one of their operands is, in every engine."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds an expression: columns, whether rows are grouped, names whose nulls a condition may drop, and the
    engine's rules for decimals, where they are known."""

    column: Callable[[exp.Column], Column | None]
    grouped: bool = False
    settled: frozenset[str] = frozenset()
    decimals: Decimals | None = None
    inside: bool = False
    """Within arithmetic or a sum: there a literal has the type that the engine gives it, and not its value's digits."""
    value: Callable[[exp.Subquery], Column | None] = lambda _: None
    """The column that a query gives which stands for a value."""


def exact(node: exp.Expr | None, around: Around) -> ColumnType | None:
    """The type that every engine gives the expression; of arithmetic with decimals that of the engine at hand."""
    match node:
        case exp.Column():
            found = around.column(node)
            return _of_type(found, around) if found else None
        case exp.Subquery():
            found = around.value(node)
            return _of_type(found, around) if found else None
        case exp.Literal():
            return of_literal(node, around.decimals if around.inside else None)
        case exp.Cast():
            return of_cast(node.to)
        case exp.Placeholder():
            return of_parameter(node)
        case exp.Dot():
            return of_dot(node, lambda one: exact(one, around))
        case exp.Bracket():
            return of_bracket(node, lambda one: exact(one, around))
        case exp.Count():
            return ColumnType(Kind.BIGINT)
        case exp.Coalesce():
            return common([exact(one, around) for one in (node.this, *node.expressions)])
        case exp.Case():
            return common([exact(one, around) for one in _branches(node) if not isinstance(one, exp.Null)])
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Div() | exp.Sum() | exp.Avg():
            rules = around.decimals
            inside = replace(around, inside=True)
            return amount(node, rules, lambda one: exact(one, inside)) if rules else None
        case _:
            return exact(node.this, around) if isinstance(node, _HANDED_ON) else None


def _of_type(found: Column, around: Around) -> ColumnType | None:
    """A column's type. That of a literal in a query below is its digits: what a sum makes of it is not known."""
    decimal = found.type is not None and found.type.kind is Kind.DECIMAL
    digits = decimal and found.shape is not Shape.DECIMAL and not found.computed
    return None if around.inside and digits else found.type


def of_parameter(node: exp.Placeholder) -> ColumnType | None:
    """The type of a run's own parameter, never null; None where there is none of that name."""
    found = PARAMETERS.get(node.name)
    return replace(found, required=False) if found else None


def of_cast(to: exp.DataType) -> ColumnType | None:
    """The type that a CAST names. Without digits DECIMAL has ten and TIMESTAMP six behind the second, in Flink 2.1
    (docs: SQL, Data Types) and in Spark 4.1 (docs: SQL, Data Types)."""
    said = [whole(one.name) for one in to.expressions if one.name.isdigit()]
    if to.this in _SIMPLE:
        return ColumnType(_SIMPLE[to.this])
    if to.this is exp.DType.DECIMAL:
        precision, scale = [*said, 0][:2] if said else (10, 0)
        return ColumnType(Kind.DECIMAL, precision=precision, scale=scale)
    if to.this in _TIMES:
        return ColumnType(Kind.TIMESTAMP, precision=said[0] if said else 6)
    return None


def common(types: Iterable[ColumnType | None]) -> ColumnType | None:
    """The one type that all have, whether null or not."""
    told = {replace(one, required=False) if one else None for one in types}
    return told.pop() if len(told) == 1 else None


def nullable(node: exp.Expr | None, around: Around) -> bool | None:
    """Whether the expression may be null."""
    match node:
        case exp.Column():
            return _of_column(node, around)
        case exp.Null() | exp.Nullif():
            return True
        case exp.Literal() | exp.Boolean() | exp.Count() | exp.Placeholder():
            return False
        case exp.Cast():
            # To sqlglot every CAST of Spark's is one that may fail (`STRICT_CAST` of its Hive dialect).
            held = nullable(node.this, around)
            return held or (None if isinstance(node, exp.TryCast) else held)
        case exp.Coalesce():
            parts = [nullable(one, around) for one in (node.this, *node.expressions)]
            return False if False in parts else (True if all(parts) else None)
        case exp.Case():
            return _of_case(node, around)
        case _:
            return _of_class(node, around)


def asked(select: exp.Select) -> frozenset[str]:
    """The names of columns in what decides which rows stay: their nulls may be gone."""
    conditions = [select.args.get(word) for word in ("where", "having", "qualify")]
    # An outer join drops no row.
    conditions += [join.args.get("on") for join in select.args.get("joins") or () if not join.args.get("side")]
    rolled = select.args.get("group")
    if isinstance(rolled, exp.Group) and any(rolled.args.get(word) for word in ("grouping_sets", "rollup", "cube")):
        conditions.append(rolled)
    found = [one for one in conditions if isinstance(one, exp.Expr)]
    return frozenset(column.name.casefold() for one in found for column in one.find_all(exp.Column))


def _of_column(node: exp.Column, around: Around) -> bool | None:
    found = around.column(node)
    if found is None or (found.nullable and node.name.casefold() in around.settled):
        return None
    return found.nullable


def _of_case(node: exp.Case, around: Around) -> bool | None:
    if node.args.get("default") is None:
        return True
    # A branch is taken only where its condition holds, which may be that a column is not null.
    asked = {one.name.casefold() for branch in node.args["ifs"] for one in branch.this.find_all(exp.Column)}
    asked |= {one.name.casefold() for one in node.this.find_all(exp.Column)} if node.this else set()
    within = replace(around, settled=around.settled | asked)
    parts = [nullable(one, within) for one in _branches(node)]
    return True if True in parts else (None if None in parts else False)


def _of_class(node: exp.Expr | None, around: Around) -> bool | None:
    if isinstance(node, _AGGREGATES):
        # Of no rows there is no largest; a group has a row.
        return nullable(node.this, around) if around.grouped else True
    if isinstance(node, _STRICT):
        return True if any(nullable(one, around) for one in _operands(node)) else None
    return None


def _operands(node: exp.Expr) -> Iterator[exp.Expr]:
    """What a row of strict operations is made of: a long one leans to the left, and is not descended into."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, _STRICT):
            waiting += one.iter_expressions()
        else:
            yield one


def _branches(node: exp.Case) -> list[exp.Expr]:
    found = [*(branch.args.get("true") for branch in node.args["ifs"]), node.args.get("default")]
    return [one for one in found if one is not None]
