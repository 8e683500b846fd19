"""The types that engines give to arithmetic with decimals, and to their sums and averages.

Comes in: types of operands. Goes out: the type of the result, as `precision, scale`. Pure.

Flink 2.1 (LogicalTypeMerging: findAdditionDecimalType and its like, adjustPrecisionScale) and Spark 4.1
(arithmetic.scala: resultDecimalType; DecimalType.adjustPrecisionScale, with
`spark.sql.decimalOperations.allowPrecisionLoss`, which is on unless somebody turns it off) have the same rules, those
of SQL Server. They differ in what a whole number is as a decimal, and in sums and averages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rosace.model.columns import Kind

_LONGEST = 40
"""More digits than any number of an engine has."""


def whole(digits: str) -> int:
    """What digits mean; of more than any engine counts with only that it is more (Python reads 4,300 and no more)."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _LONGEST else 10**_LONGEST


Digits = tuple[int, int]
"""Precision and scale of a decimal."""
Operation = Literal["+", "-", "*", "/"]

MOST, KEPT = 38, 6
"""Digits of a decimal at most; digits behind the point that are kept when all of them do not fit."""


@dataclass(frozen=True, slots=True)
class Decimals:
    """The rules of one engine.

    `whole`: digits of integers as decimals. `written`: a literal has the digits that are written, the zero in front of
    a point among them, and a whole one is an integer; else it has those that its value needs. `sum_digits`: how many
    digits a sum has more than what is summed. `average`: precision and scale that an average has more; None where it is
    a sum divided by a count of 20 digits. `raises`: a number that is too large for its column ends the job, so that
    only digits behind the point are lost without a word.
    """

    whole: Mapping[Kind, int]
    written: bool
    sum_digits: int
    average: Digits | None
    raises: bool
    fractions: bool
    """A quotient and an average of whole numbers alone are doubles; else both are whole themselves."""

    def sum(self, of: Digits) -> Digits:
        """The type of SUM over values of the type `of`."""
        return min(MOST, of[0] + self.sum_digits), of[1]

    def mean(self, of: Digits) -> Digits:
        """The type of AVG over values of the type `of`."""
        if self.average is None:
            return of_division((MOST, of[1]), (20, 0))
        return min(MOST, of[0] + self.average[0]), min(MOST, of[1] + self.average[1])


def of_operation(operation: Operation, left: Digits, right: Digits) -> Digits:
    """The type of a sum, difference, product or quotient."""
    (p, s), (q, t) = left, right
    if operation == "*":
        return _adjusted(p + q + 1, s + t)
    if operation == "/":
        return of_division(left, right)
    return _adjusted(max(p - s, q - t) + max(s, t) + 1, max(s, t))


def of_division(left: Digits, right: Digits) -> Digits:
    """The type of a quotient (Hive's rule, which Flink and Spark took over)."""
    (p, s), (q, t) = left, right
    scale = max(KEPT, s + q + 1)
    return _adjusted(p - s + t + scale, scale)


def _adjusted(precision: int, scale: int) -> Digits:
    """What becomes of more digits than there are: those behind the point go first, down to six."""
    if precision <= MOST:
        return precision, scale
    whole = precision - scale
    return MOST, max(MOST - whole, min(scale, KEPT))
