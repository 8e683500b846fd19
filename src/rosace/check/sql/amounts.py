"""The exact types of arithmetic with decimals and doubles: of `amount * 2`, `SUM(amount)`, `AVG(amount)`.

Comes in: an expression, its engine's rules, a way to the types of what it is made of. Goes out: a `ColumnType`; None
where there are only whole numbers, which each engine adds up in its own way, or anything is unknown. Must not: guess.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from rosace.contract.decimals import Decimals, Digits, Operation, of_operation, whole
from rosace.model.columns import ColumnType, Kind

_OPERATIONS: dict[type[exp.Expr], Operation] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}

_WHOLE = frozenset({Kind.SMALLINT, Kind.INT, Kind.BIGINT})
_NUMBERS = _WHOLE | {Kind.DECIMAL, Kind.DOUBLE}

Typed = Callable[[exp.Expr], ColumnType | None]


def is_amount(node: exp.Expr | None) -> bool:
    """Whether the type of an expression is one that is computed here."""
    return isinstance(node, (*_OPERATIONS, exp.Sum, exp.Avg))


def amount(node: exp.Expr, rules: Decimals, typed: Typed) -> ColumnType | None:
    """The type of arithmetic, a sum or an average."""
    if isinstance(node, exp.Sum | exp.Avg):
        of = _argument(node)
        found = typed(of) if of is not None else None
        if found is None or found.kind is not Kind.DECIMAL:
            return _of_others(node, found, rules)
        digits = found.precision, found.scale
        return _decimal(rules.sum(digits) if isinstance(node, exp.Sum) else rules.mean(digits))
    # A long row of operations leans to the left: it is walked, not descended into.
    chain = [node]
    while is_arithmetic(left := _plain(chain[-1].this)):
        chain.append(left)
    found = _operand(_plain(chain[-1].this), rules, typed)
    for one in reversed(chain):
        found = _of(_OPERATIONS[type(one)], found, _operand(_plain(one.expression), rules, typed), rules)
        if found is None:
            return None
    return found


def _of_others(node: exp.Expr, of: ColumnType | None, rules: Decimals) -> ColumnType | None:
    """The type of a sum or an average of what is no decimal. Where quotients are doubles, sums of whole numbers are
    bigint (Spark 4.1, Sum.scala: `case _: IntegralType => LongType`)."""
    if isinstance(node, exp.Sum) and rules.fractions and of is not None and of.kind in _WHOLE:
        return ColumnType(Kind.BIGINT)
    fraction = isinstance(node, exp.Avg) and rules.fractions and of is not None and of.kind in _WHOLE
    return ColumnType(Kind.DOUBLE) if fraction or (of is not None and of.kind is Kind.DOUBLE) else None


def is_arithmetic(node: exp.Expr) -> bool:
    """True for + - * and /."""
    return type(node) in _OPERATIONS


def _argument(node: exp.Expr) -> exp.Expr | None:
    """What is summed; `DISTINCT x` is as long as `x`."""
    of = node.this
    if isinstance(of, exp.Distinct):
        return of.expressions[0] if len(of.expressions) == 1 else None
    return of if isinstance(of, exp.Expr) else None


def _plain(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _operand(node: exp.Expr, rules: Decimals, typed: Typed) -> ColumnType | None:
    """The type of one side. What a literal is differs between engines."""
    inner = _plain(node.this) if isinstance(node, exp.Neg) else node
    if not isinstance(inner, exp.Literal):
        return typed(node)
    found = of_literal(inner, rules)
    digits = of_literal(inner, None)
    if found and digits and found.kind is not Kind.DECIMAL and not rules.written:
        # Beside a decimal it is one of its own digits; beside an integer it is an integer.
        return replace(found, precision=digits.precision)
    return found


def of_literal(node: exp.Literal, rules: Decimals | None) -> ColumnType | None:
    """The type that an engine gives a literal; without rules a number's own digits, as many as its value needs."""
    integer, point, fraction = node.name.partition(".")
    if node.is_string or not f"{integer}{fraction}".isdigit() or (not integer and not point):
        return None
    if rules and not fraction:
        value = whole(integer)
        return ColumnType(Kind.INT if value < 2**31 else Kind.BIGINT) if value < 2**63 else None
    digits = len((integer + fraction).lstrip("0") or "0")
    precision = max(digits, len(fraction))
    if rules and rules.written:
        # Of `.5`, which becomes `0.5`, sqlglot does not tell the place.
        precision = len(fraction) + (len(integer) if "start" in node.meta else 0)
    return _decimal((precision, len(fraction))) if precision <= 38 else None


def _of(operation: Operation, left: ColumnType | None, right: ColumnType | None, rules: Decimals) -> ColumnType | None:
    if left is None or right is None or not {left.kind, right.kind} <= _NUMBERS:
        return None
    if Kind.DOUBLE in (left.kind, right.kind):
        return ColumnType(Kind.DOUBLE)
    if Kind.DECIMAL not in (left.kind, right.kind):
        # Of whole numbers alone each engine makes something else; Spark the wider of the two (TypeCoercion.scala).
        wide = Kind.BIGINT if Kind.BIGINT in (left.kind, right.kind) else Kind.INT
        return ColumnType(Kind.DOUBLE if operation == "/" else wide) if rules.fractions else None
    sides = _digits(left, rules), _digits(right, rules)
    return _decimal(of_operation(operation, sides[0], sides[1])) if sides[0] and sides[1] else None


def _digits(of: ColumnType, rules: Decimals) -> Digits | None:
    if of.kind is Kind.DECIMAL:
        return of.precision, of.scale
    whole = of.precision or rules.whole.get(of.kind)
    return (whole, 0) if whole else None


def _decimal(digits: Digits) -> ColumnType:
    return ColumnType(Kind.DECIMAL, precision=digits[0], scale=digits[1])
