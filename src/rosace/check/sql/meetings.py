"""Where values meet in a query, and what is told of those that cannot.

Comes in: nodes with their scopes or relations. Goes out: problems by offset. Must not: know an engine; `kinds` does.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from rosace.check.sql.dialects import Habits
from rosace.check.sql.extent import extent
from rosace.check.sql.kinds import Meeting, Operand, apart, no_condition, no_negative, no_sum
from rosace.check.sql.outputs import shape_in
from rosace.check.sql.relation import Column, Problem, Relation
from rosace.check.sql.scope import Scope
from rosace.check.sql.shapes import Shape
from rosace.contract.decimals import whole

_EQUAL = (exp.EQ, exp.NEQ)
_ORDER = (exp.LT, exp.LTE, exp.GT, exp.GTE)


def compared(node: exp.Expr, scope: Scope) -> Iterator[Problem]:
    """A comparison of two values that no engine compares, or this one does not."""
    if not isinstance(node, _EQUAL + _ORDER):
        return
    meeting: Meeting = "equal" if isinstance(node, _EQUAL) else "order"
    one, other = shape_in(node.this, scope), shape_in(node.expression, scope)
    if apart(one, other, meeting, scope.habits) and (place := extent(node)):
        yield _unlike(f"{_a(one)} and {_a(other)} are compared", *place)


_SIGNS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}


def computed(node: exp.Expr, scope: Scope) -> Iterator[Problem]:
    """A sum, or the like, of what cannot be added."""
    if isinstance(node, exp.Neg):
        one = _operand(node.this, scope)
        if no_negative(one, scope.habits) and (place := extent(node)):
            yield _unlike(f"a minus stands before {_NAMES[one]}", *place)
    elif (sign := _SIGNS.get(type(node))) and scope.habits.arithmetic:
        one, other = _operand(node.this, scope), _operand(node.expression, scope)
        if no_sum(sign, one, other, scope.habits) and (place := extent(node)):
            yield _unlike(f"`{sign}` stands between {_NAMES[one]} and {_NAMES[other]}", *place)


_NAMES: dict[Operand, str] = {
    "int": "a number", "number": "a number", "text": "text", "truth": "a boolean", "date": "a date",
    "time": "a timestamp", "days": "an interval", "months": "an interval of months",
}  # fmt: skip
_OPERANDS: dict[Shape, Operand] = {
    Shape.INT: "int", Shape.BIGINT: "number", Shape.DOUBLE: "number", Shape.DECIMAL: "number", Shape.STRING: "text",
    Shape.BOOLEAN: "truth", Shape.DATE: "date", Shape.TIMESTAMP: "time",
}  # fmt: skip
_DAYS, _MONTHS = ("DAY", "HOUR", "MINUTE", "SECOND"), ("YEAR", "MONTH")


def _operand(node: exp.Expr, scope: Scope) -> Operand:
    """What is surely added. A number that a function gives may be an interval: SUM of intervals is one."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Interval):
        unit = node.args.get("unit")
        word = unit.name.upper() if isinstance(unit, exp.Var) else ""
        return "days" if word in _DAYS else "months" if word in _MONTHS else ""
    if isinstance(node, exp.Binary) and not isinstance(node, exp.Predicate):
        # A row of a thousand sums is not looked through again for each.
        return ""
    return _OPERANDS.get(shape_in(node, scope), "")


def conditions(node: exp.Select, scope: Scope) -> Iterator[Problem]:
    """WHERE and HAVING that are no truths."""
    for key, clause in (("where", "WHERE"), ("having", "HAVING")):
        part = node.args.get(key)
        if not isinstance(part, exp.Where | exp.Having):
            continue
        shape, place = shape_in(part.this, scope), extent(part)
        if place and no_condition(shape):
            yield Problem("unlike-types", f"{clause} is {_a(shape)}, and no condition", *place, hints=("compare it",))


def positions(node: exp.Select, given: tuple[Column, ...] | None) -> Iterator[Problem]:
    """ORDER BY 7 where there are fewer columns."""
    order = node.args.get("order")
    if given is None or not isinstance(order, exp.Order):
        return
    for one in order.expressions:
        value = one.this if isinstance(one, exp.Ordered) else one
        if not isinstance(value, exp.Literal) or value.is_string or not value.name.isdigit():
            continue
        place = extent(value) or extent(node)
        if place and not 0 < whole(value.name) <= len(given):
            message = f"ORDER BY {value.name} means a column by its position, but there are {len(given)}"
            yield Problem("set-columns", message, *place)


def united(node: exp.SetOperation, left: Relation, right: Relation, habits: Habits) -> Iterator[Problem]:
    """Two queries that do not fit together, in number or kind of columns."""
    if left.columns is None or right.columns is None:
        return
    word, place = node.key.upper(), extent(node.expression)
    if place is None:
        return
    if len(left.columns) != len(right.columns):
        message = f"{word} of {_many(len(left.columns))} and {_many(len(right.columns))}"
        yield Problem("set-columns", message, *place, hints=("both queries give as many columns",))
        return
    for number, (one, other) in enumerate(zip(left.columns, right.columns, strict=True), 1):
        if apart(one.shape, other.shape, "union", habits):
            message = f"column {number} of the {word} is {_a(one.shape)} on one side and {_a(other.shape)} on the other"
            yield _unlike(message, *(other.place or place))


def _unlike(message: str, start: int, end: int) -> Problem:
    return Problem("unlike-types", message, start, end, hints=("make them alike: CAST(... AS ...)",))


def _a(shape: Shape) -> str:
    said = {Shape.NUMBER: "number", Shape.STRING: "text"}.get(shape, str(shape))
    return said if shape is Shape.STRING else f"{'an' if said[0] in 'aeiou' else 'a'} {said}"


def _many(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"
