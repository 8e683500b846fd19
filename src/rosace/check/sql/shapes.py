"""What kind of value an expression gives, as far as that is beyond doubt.

Comes in: an expression of sqlglot's tree and a way to look columns up. Goes out: a `Shape`.
Must not: guess. `UNKNOWN` is the answer wherever engines differ or a function is not listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import assert_never

from sqlglot import exp

from rosace.contract.decimals import whole
from rosace.model.columns import Kind
from rosace.model.moments import PARAMETERS


class Shape(StrEnum):
    """A kind of value; `NUMBER` is numeric, but which width depends on the engine."""

    STRING = "string"
    SMALLINT = "smallint"
    INT = "int"
    BIGINT = "bigint"
    FLOAT = "float"
    DOUBLE = "double"
    DECIMAL = "decimal"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    NULL = "null"
    UNKNOWN = "unknown"

    @property
    def numeric(self) -> bool:
        """True for numbers of any kind, literals among them."""
        return self in _NUMERIC


_NUMERIC = frozenset({Shape.SMALLINT, Shape.INT, Shape.BIGINT, Shape.FLOAT, Shape.DOUBLE, Shape.DECIMAL, Shape.NUMBER})

_CASTS = {
    **dict.fromkeys((exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.CHAR, exp.DType.NVARCHAR), Shape.STRING),
    exp.DType.INT: Shape.INT,
    exp.DType.BIGINT: Shape.BIGINT,
    exp.DType.DOUBLE: Shape.DOUBLE,
    exp.DType.DECIMAL: Shape.DECIMAL,
    **dict.fromkeys((exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.FLOAT), Shape.NUMBER),
    exp.DType.BOOLEAN: Shape.BOOLEAN,
    exp.DType.DATE: Shape.DATE,
    **dict.fromkeys((exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.DATETIME), Shape.TIMESTAMP),
}

_SAME_AS_ARGUMENT = (exp.Min, exp.Max, exp.AnyValue, exp.FirstValue, exp.LastValue, exp.Lag, exp.Lead, exp.Paren)
_NUMBERS = (exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.Round, exp.Abs, exp.Mod)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)
_TEXTS = (exp.Concat, exp.ConcatWs, exp.DPipe, exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.GroupConcat)
_TRUTHS = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)


def shape_of_kind(kind: Kind) -> Shape:
    """The shape of a declared column, as engines see it: to them a uuid is a text."""
    match kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return Shape.STRING
        case Kind.SMALLINT:
            return Shape.SMALLINT
        case Kind.INT:
            return Shape.INT
        case Kind.BIGINT:
            return Shape.BIGINT
        case Kind.FLOAT:
            return Shape.FLOAT
        case Kind.DOUBLE:
            return Shape.DOUBLE
        case Kind.DECIMAL:
            return Shape.DECIMAL
        case Kind.BOOLEAN:
            return Shape.BOOLEAN
        case Kind.DATE:
            return Shape.DATE
        case Kind.TIMESTAMP:
            return Shape.TIMESTAMP
        case Kind.BINARY | Kind.TIMESTAMPTZ | Kind.ARRAY | Kind.MAP | Kind.ROW:
            # What they may meet is left to the planners.
            return Shape.UNKNOWN
        case _:
            assert_never(kind)


def common(shapes: list[Shape]) -> Shape:
    """What several branches give together: one shape, some number, or unknown."""
    told = {shape for shape in shapes if shape is not Shape.NULL}
    if len(told) == 1:
        return told.pop()
    if told and all(shape.numeric for shape in told):
        return Shape.NUMBER
    return Shape.UNKNOWN


def shape(node: exp.Expr | None, column: Callable[[exp.Column], Shape]) -> Shape:
    """The shape of an expression; `column` tells that of a column it names."""
    match node:
        case exp.Column():
            return column(node)
        case exp.Literal():
            return _literal(node)
        case exp.Null():
            return Shape.NULL
        case exp.Cast():
            return _CASTS.get(node.to.this, Shape.UNKNOWN)
        case exp.Count():
            return Shape.BIGINT
        case exp.Placeholder():
            return shape_of_kind(PARAMETERS[node.name].kind) if node.name in PARAMETERS else Shape.UNKNOWN
        case exp.Alias() | exp.Filter() | exp.Window() | exp.Neg():
            return shape(node.this, column)
        case exp.Case():
            branches = [*(branch.args.get("true") for branch in node.args["ifs"]), node.args.get("default")]
            return common([shape(branch, column) for branch in branches if branch is not None])
        case exp.Coalesce():
            return common([shape(branch, column) for branch in (node.this, *node.expressions)])
        case _:
            return _of_class(node, column)


def _of_class(node: exp.Expr | None, column: Callable[[exp.Column], Shape]) -> Shape:
    if isinstance(node, exp.Any | exp.All):
        # `x = ANY (SELECT ...)` compares with values.
        return Shape.UNKNOWN
    if isinstance(node, _TRUTHS):
        return Shape.BOOLEAN
    if isinstance(node, _TEXTS):
        return Shape.STRING
    if isinstance(node, _SAME_AS_ARGUMENT):
        return shape(node.this, column)
    if isinstance(node, _NUMBERS):
        return Shape.NUMBER
    if isinstance(node, _ARITHMETIC):
        # A timestamp minus an interval is a timestamp: only numbers on all sides are beyond doubt.
        return Shape.NUMBER if all(shape(side, column).numeric for side in _sides(node)) else Shape.UNKNOWN
    return Shape.UNKNOWN


def _sides(node: exp.Expr) -> Iterator[exp.Expr]:
    """What a row of additions and multiplications is made of."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, _ARITHMETIC):
            waiting += [one.expression, one.this]
        else:
            yield one


def _literal(node: exp.Literal) -> Shape:
    if node.is_string:
        return Shape.STRING
    text = node.name
    return Shape.INT if text.isdigit() and whole(text) < 2**31 else Shape.NUMBER
