"""Values that cannot meet: in a comparison, in a column of a UNION, as a condition, in a sum.

Comes in: shapes. Goes out: whether an engine refuses them together. Must not: guess; what is not known may meet.

Measured on Flink 2.1.3, Spark 4.1.1 and Trino 476 for each pair of kinds with `=`, `<` and UNION: numbers, truths and
times meet in none. Text meets none of them in Trino; in Flink it is not made equal to numbers nor united with anything
else; Spark casts it.
"""

from __future__ import annotations

from itertools import product
from typing import Literal

from rosace.check.sql.dialects import Habits
from rosace.check.sql.shapes import Shape

Meeting = Literal["equal", "order", "union"]


def _class(shape: Shape) -> str:
    if shape.numeric:
        return "number"
    if shape in (Shape.DATE, Shape.TIMESTAMP):
        return "time"
    return {Shape.STRING: "text", Shape.BOOLEAN: "truth"}.get(shape, "")


def apart(one: Shape, other: Shape, meeting: Meeting, habits: Habits) -> bool:
    """Whether values of these shapes cannot meet so."""
    classes = {_class(one), _class(other)}
    if "" in classes or len(classes) == 1:
        return False
    if "text" not in classes:
        return True
    if habits.text_apart == "always":
        return True
    return habits.text_apart == "mostly" and (meeting == "union" or (meeting == "equal" and "number" in classes))


def no_condition(shape: Shape) -> bool:
    """Whether a value can surely not decide: no engine takes a number, text or time for a truth."""
    return _class(shape) in ("number", "text", "time")


Operand = Literal["", "number", "int", "text", "truth", "date", "time", "days", "months"]
"""What is added or multiplied; empty where that is not sure. An interval is of days and their parts, or of months."""

_NUMBERS: tuple[Operand, ...] = ("number", "int")
_TIMES: tuple[Operand, ...] = ("date", "time")
_SPANS: tuple[Operand, ...] = ("days", "months")


def _both(one: tuple[Operand, ...], other: tuple[Operand, ...]) -> set[tuple[Operand, Operand]]:
    return {*product(one, other), *product(other, one)}


_PLAIN: dict[str, set[tuple[Operand, Operand]]] = {
    "+": {*product(_NUMBERS, _NUMBERS), *_both(_TIMES, _SPANS), *((span, span) for span in _SPANS)},
    "-": {*product(_NUMBERS, _NUMBERS), *product(_TIMES, _SPANS), *((span, span) for span in _SPANS)},
    "*": {*product(_NUMBERS, _NUMBERS), *_both(_NUMBERS, _SPANS)},
    "/": {*product(_NUMBERS, _NUMBERS), *product(_SPANS, _NUMBERS)},
    "%": set(product(_NUMBERS, _NUMBERS)),
}
_CASTS: dict[str, set[tuple[Operand, Operand]]] = {
    "+": {*_both(("text",), (*_NUMBERS, "days")), *_both(("int",), ("date",))},
    "-": {*_both(("text",), (*_NUMBERS, *_TIMES)), ("text", "days"), ("date", "int")},
    "*": _both(("text",), (*_NUMBERS, *_SPANS)),
    "/": {*_both(("text",), _NUMBERS), *product(_SPANS, ("text",))},
    "%": _both(("text",), _NUMBERS),
}
"""What Spark takes besides, since it casts text, and counts days."""


def no_sum(sign: str, one: Operand, other: Operand, habits: Habits) -> bool:
    """Whether an engine refuses `one sign other`.

    Measured for each pair of kinds (a live test asks again): Flink 2.1.3 takes `_PLAIN` ("plain"), Trino 476 also the
    difference of two times ("times"), Spark 4.1.1 that and `_CASTS` ("casts").
    """
    if not habits.arithmetic or "" in (one, other) or (one, other) in _PLAIN[sign]:
        return False
    if sign == "-" and one in _TIMES and other in _TIMES:
        return habits.arithmetic == "plain"
    return not (habits.arithmetic == "casts" and (one, other) in _CASTS[sign])


def no_negative(one: Operand, habits: Habits) -> bool:
    """Whether an engine refuses `-one`; Spark casts text."""
    return bool(habits.arithmetic) and (one in ("truth", *_TIMES) or (one == "text" and habits.arithmetic != "casts"))
