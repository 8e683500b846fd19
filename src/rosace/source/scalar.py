"""YAML 1.2 core schema: what an unquoted word means.

In: the text of a plain scalar. Out: null, a boolean, a number or the text.
Must not: follow YAML 1.1 (`on`, `no`, `22:22` and `1_000` are text here).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TypeAlias

Scalar: TypeAlias = bool | int | float | str | None

# Half a character: no encoding can write it.
SURROGATE = re.compile("[\ud800-\udfff]")

# Python itself refuses decimal integers over 4300 digits.
_MAX_DIGITS = 4000

NAMED: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""The words that are no texts (YAML 1.2.2, 10.3.2), and what they mean."""

_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_INFINITY = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})


class NumberTooLarge(ValueError):
    """The text is written as a number no machine type can hold."""


def resolve(text: str) -> Scalar:
    """Return the value of the unquoted scalar `text`.

    Raises `NumberTooLarge` for a number that would become infinite or needs
    thousands of digits.
    """
    if text in NAMED:
        return NAMED[text]
    # Every number starts with one of these: most words are dismissed here.
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _INTEGER.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > _MAX_DIGITS:
            raise NumberTooLarge(text)
        based = text[:2] in ("0o", "0x")
        return int(text, 0) if based else int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise NumberTooLarge(text)
        return number
    if infinite := _INFINITY.fullmatch(text):
        return -math.inf if infinite[1] == "-" else math.inf
    return math.nan if text in _NOT_A_NUMBER else text
