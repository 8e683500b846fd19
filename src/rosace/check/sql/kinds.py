"""Values that cannot meet: in a comparison, in a column of a UNION, as a condition.

Comes in: shapes. Goes out: whether an engine refuses them together. Must not: guess; what is not known may meet.

Measured on Flink 2.1.3, Spark 4.1.1 and Trino 476 for each pair of kinds with `=`, `<` and UNION: numbers, truths and
times meet in none. Text meets none of them in Trino; in Flink it is not made equal to numbers nor united with anything
else; Spark casts it.
"""

from __future__ import annotations

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
